//! What is `SQLite`'s own: the file, and what lies beside it. Another database has none of this.
//!
//! - `names`: the names of the file and of those beside it
//! - `lock`: the locks that make a writer the only one
//! - `connection`: how the file is opened
//! - `reserve`: room that is kept for the next start on a full disk
//! - `checkpoint`: when the write-ahead log is folded into the file
//! - `quick_check`: the check of the whole file
//! - `copy`: the copy that is kept before the tables are brought up to date
//! - `edits`: edits of the log by other programs

pub(crate) mod checkpoint;
pub(crate) mod connection;
pub(crate) mod copy;
pub(crate) mod edits;
pub(crate) mod lock;
pub(crate) mod names;
pub(crate) mod quick_check;
pub(crate) mod reserve;
