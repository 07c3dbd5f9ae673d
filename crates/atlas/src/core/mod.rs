//! The state at one revision, and how to derive the next one.
//!
//! The files, lowest first:
//! - `ids` finds the number of a record by its id.
//! - `tile_versions` knows when something last changed under a tile.
//! - `delta` is where something changed.
//! - `scope` decides what a reader may see.
//! - `snapshot` holds everything derived from the records at one revision.
//! - `moves` describes the changes of single records.
//! - `sparse` hides cells with few records if the policy requires it.
//! - `fold` folds changes into the next snapshots.
//! - `saved` writes a snapshot as bytes and reads it.
//! - `load` builds snapshots from all records of a store, or from saved blocks.

pub mod delta;
pub mod fold;
pub mod ids;
pub mod load;
pub mod moves;
pub mod saved;
pub mod scope;
pub mod snapshot;
pub mod sparse;
pub mod tile_versions;
