//! The state at one revision, and how the next one follows from it.
//!
//! The files, lowest first:
//! - `ids` finds the number of a record by its id.
//! - `tile_versions` tells when something last changed under a tile.
//! - `scope` decides what a reader may see.
//! - `snapshot` holds all that is derived from the records at one revision.
//! - `moves` tells what became of single records.
//! - `sparse` hides where few records are left, as the policy wants it.
//! - `fold` folds changes into the next snapshots.
//! - `saved` writes a snapshot as bytes, and reads it.
//! - `load` makes snapshots of all records of a store, or of what was saved.

pub mod fold;
pub mod ids;
pub mod load;
pub mod moves;
pub mod saved;
pub mod scope;
pub mod snapshot;
pub mod sparse;
pub mod tile_versions;
