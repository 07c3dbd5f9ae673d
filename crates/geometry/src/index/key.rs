//! The order of entries.

use super::Entry;

/// The position on the curve, then the number.
pub(super) type Key = (u64, u32);

pub(super) fn key_of<E: Entry>(entry: &E) -> Key {
    (entry.place().key(), entry.number())
}
