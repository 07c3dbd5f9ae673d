//! FlatGeobuf 3, read from front to back. The index is skipped.

mod frames;
mod properties;
mod read;

pub(crate) use read::read_flatgeobuf;

/// The magic bytes of a file; the fourth byte is the version, the last one the patch version.
pub(crate) const MAGIC: [u8; 8] = [b'f', b'g', b'b', 3, b'f', b'g', b'b', 0];
