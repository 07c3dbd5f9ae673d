//! Black-box tests of the real program; see `tests/`.
