//! The slot table: packed records by number. It is persistent, so a clone is a snapshot.
//!
//! The files, lowest first:
//! - `bytes` writes and reads numbers and texts.
//! - `ends` holds the positions of the slots of a chunk.
//! - `shared` holds what many records of a chunk have in common: texts and commits.
//! - `packed` packs a record into about 50 bytes, and unpacks it.
//! - `chunk` holds the records of 256 numbers.
//! - `shelf` holds 64 chunks, the unit of loading and saving.
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
