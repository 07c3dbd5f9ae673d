//! The store as a `GeoPackage`, a file of `SQLite`.
//!
//! What every database provides, and what other crates call:
//!
//! - `store`: [`Store`], the one writer
//! - `reader`: [`Reader`], any number of them
//! - `access`: makes and revokes tokens, begins and ends sessions, beside a running server
//! - `check`: checks a whole store
//!
//! How it does that, in its own SQL:
//!
//! - `commit`: uploads become changes, in one transaction
//! - `tables`: what is read and written of each table
//! - `log`: the head of the log, its hashes, a walk through it
//! - `redact`: removes a text from the log
//! - `schema`: the tables, and the steps from one version of them to the next
//! - `row`: how columns are read and written
//! - `error`: what the errors of the database mean
//!
//! What is `SQLite`'s own:
//!
//! - `open`: the way to an open store: recognise the file, lock it, check it, migrate it
//! - `file`: the file and those beside it: locks, reserve, connections, checkpoints, quick check, edits by others
//! - `gpkg`: the table of contents of a `GeoPackage`

mod access;
mod check;
mod commit;
mod error;
mod file;
mod gpkg;
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
