//! Reading: the one of a store's two interfaces that any number of threads may have.
//!
//! - `open`: [`Reader`] itself, and the end of the log
//! - `records`: the records as they stand
//! - `history`: the history of a record, and what changed since a revision
//! - `uploads`: uploads as they were received, and their reports
//! - `review`: what waits for a manager
//! - `access`: tokens and sessions
//! - `reference`: regions, places and reported figures
//! - `file`: what is `SQLite`'s own: edits by other programs, the check of the file

mod access;
mod file;
mod history;
mod open;
mod records;
mod reference;
mod review;
mod uploads;

pub use open::Reader;
