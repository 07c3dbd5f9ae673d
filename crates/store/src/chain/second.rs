//! Encoding 2 of the chain: numbered fields with typed values. It is independent of tables, columns and their
//! order, so that every database computes the same hashes for the same log.
//!
//! The hash of a revision is BLAKE3 in its key derivation mode, with the context [`CONTEXT`]. Its input is a
//! row for the revision, then a row for each of its changes, in order. All numbers are big-endian.
//!
//! ```text
//! row   = value* 0xFFFF
//! value = number of the field (2 bytes), type (1 byte), and by type
//!         1 integer   8 bytes, two's complement
//!         2 float     8 bytes, IEEE 754 binary64; zero is never negative
//!         3 text      its length in bytes (8 bytes), UTF-8
//!         4 bytes     their length (8 bytes), the bytes
//!         5 instant   8 bytes: milliseconds since 1970-01-01T00:00:00Z, an integer
//!         6 position  16 bytes: longitude, then latitude, WGS 84, degrees, as two floats
//!         7 uuid      16 bytes
//!         8 digest    32 bytes, of a free text: see `text`
//! ```
//!
//! A field without a value adds nothing, so adding a field later does not change existing hashes. A number is
//! never reused for another field.
//!
//! The row of a **revision** has these fields in this order, with the columns of `revisions` in a
//! `GeoPackage`:
//!
//! | number | field | column | type |
//! |---|---|---|---|
//! | 1000 | hash of the previous revision; 32 zero bytes for the first | | bytes |
//! | 1001 | revision: 1, 2, 3, ... | `revision` | integer |
//! | 1002 | its first change | `first_change` | integer |
//! | 1003 | when | `at` | instant |
//! | 1004 | name of the author | `by` | text |
//! | 1005 | operator of the author | `by_operator` | text |
//!
//! The row of a **change** begins with the content of the record after it, by ascending number; a deletion
//! has no content. A number means the same in every collection. For the collection `detections` the columns
//! are those of `detections_content`:
//!
//! | number | column | type |
//! |---|---|---|
//! | 1, 2 | `kind`, `model` | text |
//! | 3, 4 | `made_in_year`, `quantity` | integer |
//! | 5 | `depth_cm` | float |
//! | 6 | `detected_on`, a day as `YYYY-MM-DD` | text |
//! | 7 | `status` | text |
//! | 8 | `neutralised_on`, a day as `YYYY-MM-DD` | text |
//! | 9 to 13 | `disposal`, `operator`, `team`, `hazard_area`, `source_reliability` | text |
//! | 14 | `accuracy_m` | float |
//! | 15 to 17 | `fix`, `location_as_given`, `location_as_given_crs` | text |
//! | 18 | `note`, with its seal | digest |
//! | 19 | `photos`, a JSON array of texts as it is stored: without spaces, only what must be escaped | text |
//! | 20 | `extra`, a JSON object as it is stored, with its seal | digest |
//! | 21 | `geom` | position |
//! | 23 | `information_reliability` | text |
//!
//! For the collection `accidents` they are those of `accidents_content`: 2, 10 to 18, 20, 21 and 23 as above,
//! and
//!
//! | number | column | type |
//! |---|---|---|
//! | 24 | `class` | text |
//! | 25 | `occurred_on`, a day as `YYYY-MM-DD` | text |
//! | 26 | `time`, a time of the day as `HH:MM` | text |
//! | 27 to 29 | `device`, `area_marked`, `set_off` | text |
//! | 30, 31 | `killed`, `injured` | integer |
//! | 32 | `victims`, a JSON array of objects as it is stored | text |
//! | 33 | `certified_on`, a day as `YYYY-MM-DD` | text |
//!
//! Then follow the fields that every change has, with the columns of `changes`:
//!
//! | number | field | column | type |
//! |---|---|---|---|
//! | 22 | id of the record | `id` | uuid |
//! | 1001 | revision | `revision` | integer |
//! | 1006 | change: 1, 2, 3, ... through the whole log | `fid` | integer |
//! | 1007 | collection: `detections` or `accidents` | `collection` | text |
//! | 1008 | number of the record | `number` | integer |
//! | 1009 | the previous change of this record; nothing for its first | `previous` | integer |
//! | 1010 | `created`, `updated` or `deleted` | `action` | text |
//! | 1011 | review state; nothing for a deletion | `review` | text |
//! | 1012 | reason, with its seal | `reason` | digest |

use uuid::Uuid;

use super::{RevisionHash, Rows, text::Digest};
use crate::value::Value;

/// The number of this encoding.
pub(crate) const ENCODING: i64 = 2;

/// The key derivation context.
const CONTEXT: &str = "Clearline 2026-11-30 hash of a revision, encoding 2";

/// The field before a revision's first value: the previous hash.
const HASH_BEFORE: u16 = 1000;

/// The fields of a revision after the previous hash: revision, first change, at, by, operator.
const OF_REVISION: [u16; 5] = [1001, 1002, 1003, 1004, 1005];

/// The fields of every change: id, revision, change, collection, number, previous, action, review, reason.
const OF_CHANGE: [u16; 9] = [22, 1001, 1006, 1007, 1008, 1009, 1010, 1011, REASON];

/// The reason of a change.
pub(crate) const REASON: u16 = 1012;

/// Terminates a row: no field has this number.
const END_OF_ROW: [u8; 2] = [0xff, 0xff];

/// A value to be hashed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Item<'a> {
    None,
    Integer(i64),
    Float(f64),
    Text(&'a [u8]),
    Bytes(&'a [u8]),
    /// Milliseconds since 1970.
    Instant(i64),
    Position {
        lon: f64,
        lat: f64,
    },
    Uuid(Uuid),
    Digest(&'a Digest),
}

/// Returns the bytes of a float; zero is never negative.
fn float_bytes(float: f64) -> [u8; 8] {
    (float + 0.0).to_be_bytes()
}

impl<'a> From<Value<'a>> for Item<'a> {
    fn from(value: Value<'a>) -> Self {
        match value {
            Value::Null => Self::None,
            Value::Whole(number) => Self::Integer(number),
            Value::Real(number) => Self::Float(number),
            Value::Text(bytes) => Self::Text(bytes),
            Value::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

/// The hash of a revision, while it is computed.
#[derive(Debug)]
pub(crate) struct Link {
    rows: Rows,
}

impl Link {
    /// Begins a revision after the one with this hash: its number, its first change, its instant, its author
    /// and the author's operator.
    pub(crate) fn begin(before: RevisionHash, revision: [Item<'_>; OF_REVISION.len()]) -> Self {
        let mut link = Self { rows: Rows::begin(CONTEXT) };
        link.add(HASH_BEFORE, Item::Bytes(&before.0));
        link.end_row(OF_REVISION, revision);
        link
    }

    /// Adds a field of the record's content after the next change; numbers must ascend.
    pub(crate) fn add(&mut self, number: u16, item: Item<'_>) {
        match item {
            Item::None => {}
            Item::Integer(integer) => self.add_head(number, 1, integer.to_be_bytes()),
            Item::Float(float) => self.add_head(number, 2, float_bytes(float)),
            Item::Text(text) => {
                self.add_head(number, 3, (text.len() as u64).to_be_bytes());
                self.rows.push(text);
            }
            Item::Bytes(bytes) => {
                self.add_head(number, 4, (bytes.len() as u64).to_be_bytes());
                self.rows.push(bytes);
            }
            Item::Instant(millis) => self.add_head(number, 5, millis.to_be_bytes()),
            Item::Position { lon, lat } => {
                self.add_head(number, 6, float_bytes(lon));
                self.rows.push(&float_bytes(lat));
            }
            Item::Uuid(id) => {
                let id = id.as_u128();
                self.add_head(number, 7, ((id >> 64) as u64).to_be_bytes());
                self.rows.push(&(id as u64).to_be_bytes());
            }
            Item::Digest(digest) => {
                let (first, rest) = digest.split_at(8);
                self.add_head(number, 8, first.try_into().unwrap_or_default());
                self.rows.push(rest);
            }
        }
    }

    /// Adds the number, the type and the first 8 bytes, which every value has: in one call, because this runs
    /// for every value.
    fn add_head(&mut self, number: u16, kind: u8, first: [u8; 8]) {
        let [n0, n1] = number.to_be_bytes();
        let [a, b, c, d, e, f, g, h] = first;
        self.rows.push(&[n0, n1, kind, a, b, c, d, e, f, g, h]);
    }

    /// Ends a change with the fields that every change has: id, revision, change, collection, number,
    /// previous, action, review, reason.
    pub(crate) fn end_change(&mut self, items: [Item<'_>; OF_CHANGE.len()]) {
        self.end_row(OF_CHANGE, items);
    }

    fn end_row<const N: usize>(&mut self, numbers: [u16; N], items: [Item<'_>; N]) {
        for (number, item) in numbers.into_iter().zip(items) {
            self.add(number, item);
        }
        self.rows.end_row(&END_OF_ROW);
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
        let id = Uuid::from_bytes([0xab; 16]);
        let at = Item::Instant(1_700_000_000_120);
        let mut link = Link::begin(
            RevisionHash([7; 32]),
            [Item::Integer(258), Item::Integer(-2), at, Item::Text("ə".as_bytes()), Item::None],
        );
        link.add(5, Item::Float(-0.0));
        link.add(18, Item::Digest(&[9; 32]));
        link.add(21, Item::Position { lon: 1.5, lat: -2.0 });
        link.end_change([
            Item::Uuid(id),
            Item::Integer(258),
            Item::None,
            Item::Text(b"x"),
            Item::None,
            Item::None,
            Item::Bytes(&[6]),
            Item::None,
            Item::None,
        ]);
        let mut bytes = vec![0x03, 0xe8, 4, 0, 0, 0, 0, 0, 0, 0, 32];
        bytes.extend([7; 32]);
        bytes.extend([0x03, 0xe9, 1, 0, 0, 0, 0, 0, 0, 1, 2]);
        bytes.extend([0x03, 0xea, 1, 255, 255, 255, 255, 255, 255, 255, 254]);
        bytes.extend([0x03, 0xeb, 5, 0, 0, 0x01, 0x8b, 0xcf, 0xe5, 0x68, 0x78]);
        bytes.extend([0x03, 0xec, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0xc9, 0x99]);
        bytes.extend([0xff, 0xff]);
        bytes.extend([0, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([0, 18, 8]);
        bytes.extend([9; 32]);
        bytes.extend([0, 21, 6, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([0, 22, 7]);
        bytes.extend([0xab; 16]);
        bytes.extend([0x03, 0xe9, 1, 0, 0, 0, 0, 0, 0, 1, 2]);
        bytes.extend([0x03, 0xef, 3, 0, 0, 0, 0, 0, 0, 0, 1, b'x']);
        bytes.extend([0x03, 0xf2, 4, 0, 0, 0, 0, 0, 0, 0, 1, 6]);
        bytes.extend([0xff, 0xff]);
        assert_eq!(hex::encode(link.finish().0), hex::encode(blake3::derive_key(CONTEXT, &bytes)));
    }
}
