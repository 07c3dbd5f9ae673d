//! The chain of hashes through the log: every changed, added or removed entry shows.
//!
//! Each revision has a hash over the one before it, its own row and its changes. So the last one, the
//! [`Head`], stands for the whole log, and who published a head can be held to all that was before.
//!
//! **Encoding 1.** The hash is BLAKE3 in its mode for deriving keys, whose context is [`CONTEXT`]. What goes
//! in is a row for the revision, with the columns of [`REVISION_COLUMNS`], and a row for each of its changes in
//! the order of `fid`, with those of [`change_columns`]. A row is its values and then a byte 255. A value is
//!
//! - a byte with the place of its column in the list, counted from 0,
//! - a byte with its type: 1 whole number, 2 real number, 3 text, 4 bytes,
//! - a number as 8 bytes, or the length of the text (UTF-8) or of the bytes as 8 bytes and then these. All
//!   numbers have the high byte first; a real number is as IEEE 754 has it, and zero is never negative.
//!
//! NULL adds nothing. So a column that is appended to a list later leaves the hashes before it as they are. A
//! column must never move or leave its list.

use std::{fmt, str::FromStr};

use demining::{Author, Change, Revision};
use geometry::wkb;

use crate::{
    fields::{self, CONTENT, N_CONTENT},
    value::{Value, id_text},
};

/// What this hash is for. Another encoding needs another.
const CONTEXT: &str = "Clearline 2026-11-23 hash of a revision, encoding 1";

/// The columns of a revision. Its hash covers all but its own, in whose place stands that of the one before.
pub(crate) const REVISION_COLUMNS: [&str; 6] =
    ["hash", "revision", "first_change", "at", "by", "by_operator"];

/// The columns of a change before its content.
const BEFORE_CONTENT: [&str; 8] = ["fid", "revision", "number", "previous", "action", "id", "reason", "geom"];

/// How many columns a change has.
pub(crate) const N_CHANGE_COLUMNS: usize = BEFORE_CONTENT.len() + N_CONTENT + 1;

/// The columns of a change that the hash of its revision covers: all of them.
pub(crate) fn change_columns() -> impl Iterator<Item = &'static str> {
    BEFORE_CONTENT.into_iter().chain(CONTENT).chain(["review"])
}

/// Ends a row.
const END_OF_ROW: u8 = 255;

/// Bytes that are collected before they are hashed: so many at once are hashed several times as fast.
const BUFFER: usize = 64 * 1024;

/// The hash of a revision, 32 bytes; written as hexadecimal digits. All zeros before the first revision.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RevisionHash(pub [u8; 32]);

impl RevisionHash {
    /// What a column holds; none when it is no hash.
    pub(crate) fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => bytes.try_into().ok().map(Self),
            _ => None,
        }
    }
}

impl fmt::Display for RevisionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for RevisionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The end of the log: its last revision and the hash that stands for it and all before it.
///
/// ```
/// let head: store::Head = format!("8412:{}", "0f".repeat(32)).parse()?;
/// assert_eq!(head.revision, demining::Revision(8412));
/// assert!("8412".parse::<store::Head>().is_err());
/// # Ok::<(), store::NoHead>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// The last revision; 0 when nothing was ever written.
    pub revision: Revision,
    /// Its hash.
    pub hash: RevisionHash,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.revision.0, self.hash)
    }
}

/// A text that is no [`Head`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not REVISION:HASH, a number and 64 hexadecimal digits")]
pub struct NoHead(String);

impl FromStr for Head {
    type Err = NoHead;

    fn from_str(text: &str) -> Result<Self, NoHead> {
        let parse = || {
            let (revision, digits) = text.split_once(':')?;
            let mut hash = RevisionHash::default();
            hex::decode_to_slice(digits, &mut hash.0).ok()?;
            let revision = Revision(revision.parse().ok()?);
            Some(Self { revision, hash })
        };
        parse().ok_or_else(|| NoHead(text.to_owned()))
    }
}

/// The hash of a revision in the making.
#[derive(Debug)]
pub(crate) struct Link {
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
    /// The place of the next value's column.
    column: u8,
}

impl Link {
    /// Begins the revision that comes after the one with this hash.
    pub(crate) fn after(hash: RevisionHash) -> Self {
        let hasher = blake3::Hasher::new_derive_key(CONTEXT);
        let mut link = Self { hasher, buffer: Vec::with_capacity(1024), column: 0 };
        link.add(Value::Bytes(&hash.0));
        link
    }

    /// The next value of a row.
    pub(crate) fn add(&mut self, value: Value<'_>) {
        let (kind, number, bytes) = match value {
            Value::Null => {
                self.column += 1;
                return;
            }
            Value::Whole(number) => (1, number.to_be_bytes(), &[][..]),
            // SQLite makes a negative zero a positive one when it stores it.
            Value::Real(number) => (2, (number + 0.0).to_be_bytes(), &[][..]),
            Value::Text(bytes) => (3, (bytes.len() as u64).to_be_bytes(), bytes),
            Value::Bytes(bytes) => (4, (bytes.len() as u64).to_be_bytes(), bytes),
        };
        let mut head = [self.column, kind, 0, 0, 0, 0, 0, 0, 0, 0];
        head[2..].copy_from_slice(&number);
        self.buffer.extend_from_slice(&head);
        self.buffer.extend_from_slice(bytes);
        self.column += 1;
    }

    /// The row has ended.
    pub(crate) fn end_row(&mut self) {
        self.buffer.push(END_OF_ROW);
        self.column = 0;
        if self.buffer.len() >= BUFFER {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    pub(crate) fn finish(mut self) -> RevisionHash {
        self.hasher.update(&self.buffer);
        RevisionHash(*self.hasher.finalize().as_bytes())
    }
}

/// Tells the values of a revision's row but its hash, in the order of [`REVISION_COLUMNS`].
pub(crate) fn each_value_of_revision<E>(
    (revision, first_change): (Revision, i64),
    at: &str,
    by: &Author,
    tell: impl FnMut(Value<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let values: [Value<'_>; REVISION_COLUMNS.len() - 1] = [
        revision.0.cast_signed().into(),
        first_change.into(),
        at.into(),
        (&by.name).into(),
        by.operator.as_ref().into(),
    ];
    values.into_iter().try_for_each(tell)
}

/// Tells the values of a change's row, in the order of [`change_columns`].
pub(crate) fn each_value_of_change<E>(
    change: &Change,
    fid: i64,
    previous: Option<i64>,
    action: &str,
    mut tell: impl FnMut(Value<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let point = change.after.as_ref().map(|record| wkb::point_blob(record.detection.location));
    let mut id = [0; 36];
    let before: [Value<'_>; BEFORE_CONTENT.len()] = [
        fid.into(),
        change.revision.0.cast_signed().into(),
        i64::from(change.number).into(),
        previous.into(),
        action.into(),
        id_text(change.id, &mut id).into(),
        change.reason.as_ref().into(),
        point.as_ref().map_or(Value::Null, |point| Value::Bytes(point)),
    ];
    before.into_iter().try_for_each(&mut tell)?;
    match &change.after {
        Some(record) => {
            fields::each_value(&record.detection, &mut tell)?;
            tell(record.review.word().into())
        }
        None => (0..=N_CONTENT).try_for_each(|_| tell(Value::Null)),
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

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = Head { revision: Revision(12), hash: RevisionHash([0xa5; 32]) };
        assert_eq!(head.to_string().parse(), Ok(head));
        for wrong in ["", "12", ":", "12:a5", "-1:", &format!("{head}0"), &format!("x{head}")] {
            assert_eq!(wrong.parse::<Head>(), Err(NoHead(wrong.to_owned())));
        }
    }
}
