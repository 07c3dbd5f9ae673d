//! FlatGeobuf 3, read from front to back. The index is passed over.

mod frames;
mod properties;
mod read;

pub(crate) use read::read_flatgeobuf;

/// What a file begins with; the fourth byte is the version, the last one that of a patch.
pub(crate) const MAGIC: [u8; 8] = [b'f', b'g', b'b', 3, b'f', b'g', b'b', 0];
