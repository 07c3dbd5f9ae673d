//! What is `SQLite`'s own: the file, and what lies beside it.

pub(crate) mod checkpoint;
pub(crate) mod connection;
pub(crate) mod edits;
pub(crate) mod lock;
pub(crate) mod reserve;
