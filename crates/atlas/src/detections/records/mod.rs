//! The slot table: records by their number, packed, persistent, so that a clone is a snapshot.
//!
//! The files, lowest first:
//! - `bytes` writes and reads numbers and texts.
//! - `ends` tells where each slot of a chunk lies.
//! - `shared` holds what many records of a chunk have in common: texts and commits.
//! - `packed` makes about 50 bytes of a record, and a record of these.
//! - `chunk` holds the records of 256 numbers.
//! - `shelf` holds 64 chunks: what a load and a saved file handle at once.
//! - `saved` writes shelves as bytes that outlive the program, and reads them.
//! - `table` holds all shelves.

mod bytes;
mod chunk;
mod ends;
mod packed;
mod saved;
mod shared;
mod shelf;
mod table;
mod values;

pub use bytes::{In, Out};
pub use packed::{Packed, Rest};
pub use shared::Texts;
pub use shelf::Shelf;
pub use table::{RECORDS_OF_SHELF, Records};
pub use values::{N_FIELDS, slot};
