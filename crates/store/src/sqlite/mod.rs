//! The store as a `GeoPackage`, a file of `SQLite`.
//!
//! The interface that every database provides to other crates:
//!
//! - `store`: [`Store`], the one writer
//! - `reader`: [`Reader`], any number of them
//! - `access`: creates and revokes tokens, begins and ends sessions, beside a running server
//! - `check`: checks a whole store
//!
//! Its implementation in `SQLite`'s SQL:
//!
//! - `commit`: turns uploads into changes, in one transaction
//! - `tables`: reads and writes each table
//! - `log`: the head of the log, its hashes, a walk through it
//! - `redact`: removes a text from the log
//! - `schema`: the tables, and the migrations between their versions
//! - `row`: reads and writes columns
//! - `layer`: the names and columns of each collection's tables
//! - `error`: maps the errors of the database
//!
//! The parts specific to `SQLite`:
//!
//! - `open`: opens a store: recognises the file, locks it, checks it, migrates it
//! - `file`: the file and those beside it: locks, reserve, connections, checkpoints, quick check, edits by
//!   others
//! - `gpkg`: the table of contents of a `GeoPackage`

mod access;
mod check;
mod commit;
mod error;
mod file;
mod gpkg;
mod layer;
mod log;
mod open;
mod reader;
mod redact;
mod row;
mod schema;
mod store;
mod tables;

pub use access::{begin_session, create_token, end_session, revoke_token};
pub use check::check;
pub use reader::Reader;
pub use store::Store;
