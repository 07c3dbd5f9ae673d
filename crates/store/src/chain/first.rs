//! Encoding 1 of the chain, which hashes revisions up to version 8 of the tables. It is frozen: nothing here
//! may change.
//!
//! The hash is BLAKE3 in its key derivation mode, with the context [`CONTEXT`]. Its input is a row for the
//! revision, with the previous hash, `revision`, `first_change`, `at`, `by` and `by_operator`, and a row for
//! each of its changes in the order of `fid`, with the columns of [`CHANGE_COLUMNS`]. A row is its values
//! followed by a byte 255. A value is
//!
//! - a byte with the position of its column in the list, from 0,
//! - a byte with its type: 1 integer, 2 real number, 3 text, 4 bytes,
//! - a number as 8 bytes, or the length of the text (UTF-8) or of the bytes as 8 bytes and then these. All
//!   numbers are big-endian; a real number is IEEE 754, and zero is never negative.
//!
//! NULL adds nothing.

use super::{RevisionHash, Rows};
use crate::value::Value;

/// The number of this encoding.
pub(crate) const ENCODING: i64 = 1;

/// The key derivation context.
const CONTEXT: &str = "Clearline 2026-11-23 hash of a revision, encoding 1";

/// The columns of a change, which the view `change_log` still has.
pub(crate) const CHANGE_COLUMNS: [&str; 29] = [
    "fid",
    "revision",
    "number",
    "previous",
    "action",
    "id",
    "reason",
    "geom",
    "kind",
    "model",
    "made_in_year",
    "quantity",
    "depth_cm",
    "detected_on",
    "status",
    "neutralised_on",
    "disposal",
    "operator",
    "team",
    "hazard_area",
    "accuracy_m",
    "fix",
    "source_reliability",
    "note",
    "photos",
    "extra",
    "location_as_given",
    "crs_as_given",
    "review",
];

/// Terminates a row.
const END_OF_ROW: u8 = 255;

/// The hash of a revision, while it is computed.
#[derive(Debug)]
pub(crate) struct Link {
    rows: Rows,
    /// The position of the next value's column.
    column: u8,
}

impl Link {
    /// Begins the revision that follows the one with this hash.
    pub(crate) fn after(hash: RevisionHash) -> Self {
        let mut link = Self { rows: Rows::begin(CONTEXT), column: 0 };
        link.add(Value::Bytes(&hash.0));
        link
    }

    /// Adds the next value of a row.
    pub(crate) fn add(&mut self, value: Value<'_>) {
        let (kind, number, bytes) = match value {
            Value::Null => {
                self.column += 1;
                return;
            }
            Value::Whole(number) => (1, number.to_be_bytes(), &[][..]),
            // SQLite stores a negative zero as a positive one.
            Value::Real(number) => (2, (number + 0.0).to_be_bytes(), &[][..]),
            Value::Text(bytes) => (3, (bytes.len() as u64).to_be_bytes(), bytes),
            Value::Bytes(bytes) => (4, (bytes.len() as u64).to_be_bytes(), bytes),
        };
        let mut head = [self.column, kind, 0, 0, 0, 0, 0, 0, 0, 0];
        head[2..].copy_from_slice(&number);
        self.rows.push(&head);
        self.rows.push(bytes);
        self.column += 1;
    }

    /// Ends the row.
    pub(crate) fn end_row(&mut self) {
        self.rows.end_row(&[END_OF_ROW]);
        self.column = 0;
    }

    pub(crate) fn finish(self) -> RevisionHash {
        self.rows.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_bytes_that_are_described() {
        let mut link = Link::after(RevisionHash([7; 32]));
        link.add(Value::Whole(-2));
        link.end_row();
        for value in [Some(1.5).into(), None::<f64>.into(), (-0.0).into(), "ə".into(), Value::Bytes(&[9, 8])]
        {
            link.add(value);
        }
        link.end_row();
        let mut bytes = vec![0, 4, 0, 0, 0, 0, 0, 0, 0, 32];
        bytes.extend([7; 32]);
        bytes.extend([1, 1, 255, 255, 255, 255, 255, 255, 255, 254, 255]);
        bytes.extend([0, 2, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
        bytes.extend([2, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([3, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0xc9, 0x99]);
        bytes.extend([4, 4, 0, 0, 0, 0, 0, 0, 0, 2, 9, 8, 255]);
        assert_eq!(link.finish().0, blake3::derive_key(CONTEXT, &bytes));
    }
}
