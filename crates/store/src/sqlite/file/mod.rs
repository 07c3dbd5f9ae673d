//! The parts specific to `SQLite`: the file, and those beside it. Other databases need none of this.
//!
//! - `names`: the names of the file and of those beside it
//! - `lock`: the locks that ensure a single writer
//! - `connection`: opening the file
//! - `reserve`: disk space reserved for the next start
//! - `checkpoint`: when to checkpoint the write-ahead log
//! - `quick_check`: the check of the whole file
//! - `copy`: the copy that is kept before an upgrade
//! - `edits`: edits of the log by other programs

pub(crate) mod checkpoint;
pub(crate) mod connection;
pub(crate) mod copy;
pub(crate) mod edits;
pub(crate) mod lock;
pub(crate) mod names;
pub(crate) mod quick_check;
pub(crate) mod reserve;
