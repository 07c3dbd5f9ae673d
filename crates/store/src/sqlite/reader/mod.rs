//! Reading: any number of threads may have a reader.
//!
//! - `open`: [`Reader`] itself, and the end of the log
//! - `records`: the current records
//! - `history`: the history of a record, and the changes since a revision
//! - `uploads`: received uploads and their reports
//! - `review`: what waits for a manager
//! - `reference`: regions, places and reported figures
//! - `file`: specific to `SQLite`: edits by other programs, the check of the file

mod access;
mod file;
mod history;
mod open;
mod records;
mod reference;
mod review;
mod uploads;

pub use open::Reader;
