//! Black-box tests of the real program, in `tests/`.
