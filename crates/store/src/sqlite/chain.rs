//! The chain of hashes through the log: every changed, added or removed entry shows.
//!
//! Each revision has a hash over the one before it, its own row and its changes. So the last one, the
//! [`Head`], stands for the whole log, and who published a head can be held to all that was before.
//!
//! **Encoding 1.** The hash is BLAKE3 in its mode for deriving keys, whose context is [`CONTEXT`]. What goes
//! in is a row for the revision, with the columns of [`REVISION_COLUMNS`], and a row for each of its changes in
//! the order of `fid`, with those of [`CHANGE_COLUMNS`]. A row is its values and then a byte 255. A value is
//!
//! - a byte with the place of its column in the list, counted from 0,
//! - a byte with its type: 1 whole number, 2 real number, 3 text, 4 bytes,
//! - a number as 8 bytes, or the length of the text (UTF-8) or of the bytes as 8 bytes and then these. All
//!   numbers have the high byte first; a real number is as IEEE 754 has it, and zero is never negative.
//!
//! NULL adds nothing. So a column that is appended to a list later leaves the hashes before it as they are. A
//! column must never move or leave its list.

use std::{fmt, str::FromStr, sync::LazyLock};

use demining::Revision;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, types::ToSqlOutput, types::ValueRef};

use crate::StoreError;
use crate::sqlite::columns::CONTENT;
use crate::sqlite::reader::revision;

/// What this hash is for. Another encoding needs another.
const CONTEXT: &str = "Clearline 2026-11-23 hash of a revision, encoding 1";

/// The columns of a revision. Its hash covers all but its own, in whose place stands that of the one before.
pub(crate) const REVISION_COLUMNS: &str = "hash, revision, first_change, \"at\", \"by\", by_operator";

/// The columns of a change that the hash of its revision covers: all of them.
pub(crate) static CHANGE_COLUMNS: LazyLock<String> =
    LazyLock::new(|| format!("fid, revision, number, previous, action, id, reason, geom, {CONTENT}, review"));

/// The name in `clearline_meta` under which the head is kept once more: without it, a log whose last
/// revisions were taken away would be whole.
const HEAD: &str = "log_head";

/// Ends a row.
const END_OF_ROW: u8 = 255;

/// Bytes that are collected before they are hashed: so many at once are hashed several times as fast.
const BUFFER: usize = 64 * 1024;

/// The hash of a revision, 32 bytes; written as hexadecimal digits. All zeros before the first revision.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RevisionHash(pub [u8; 32]);

impl RevisionHash {
    /// What a column holds; none when it is no hash.
    pub(crate) fn read(value: ValueRef<'_>) -> Option<Self> {
        value.as_blob().ok()?.try_into().ok().map(Self)
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
        link.add(ValueRef::Blob(&hash.0));
        link
    }

    /// The next value of a row.
    pub(crate) fn add(&mut self, value: ValueRef<'_>) {
        let (kind, number, bytes) = match value {
            ValueRef::Null => {
                self.column += 1;
                return;
            }
            ValueRef::Integer(number) => (1, number.to_be_bytes(), &[][..]),
            // SQLite makes a negative zero a positive one when it stores it.
            ValueRef::Real(number) => (2, (number + 0.0).to_be_bytes(), &[][..]),
            ValueRef::Text(bytes) => (3, (bytes.len() as u64).to_be_bytes(), bytes),
            ValueRef::Blob(bytes) => (4, (bytes.len() as u64).to_be_bytes(), bytes),
        };
        let mut head = [self.column, kind, 0, 0, 0, 0, 0, 0, 0, 0];
        head[2..].copy_from_slice(&number);
        self.buffer.extend_from_slice(&head);
        self.buffer.extend_from_slice(bytes);
        self.column += 1;
    }

    /// The next value of a row, as it is given to a statement.
    pub(crate) fn add_given(&mut self, value: &dyn ToSql) -> rusqlite::Result<()> {
        match &value.to_sql()? {
            ToSqlOutput::Borrowed(value) => self.add(*value),
            ToSqlOutput::Owned(value) => self.add(value.into()),
            // Values made elsewhere, of which there is none here.
            other => return Err(rusqlite::Error::ToSqlConversionFailure(format!("{other:?}").into())),
        }
        Ok(())
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

    /// The columns of a row that was read, from number `first` on, to its end.
    pub(crate) fn add_row(&mut self, row: &Row<'_>, first: usize) -> rusqlite::Result<()> {
        for column in first..row.as_ref().column_count() {
            self.add(row.get_ref(column)?);
        }
        self.end_row();
        Ok(())
    }

    pub(crate) fn finish(mut self) -> RevisionHash {
        self.hasher.update(&self.buffer);
        RevisionHash(*self.hasher.finalize().as_bytes())
    }
}

/// The end of the log as its last row has it.
pub(crate) fn head(conn: &Connection) -> Result<Head, StoreError> {
    let sql = "SELECT hash FROM revisions WHERE revision = ?1";
    let revision = revision(conn)?;
    let read = |row: &Row<'_>| Ok(RevisionHash::read(row.get_ref(0)?));
    let hash = conn.prepare_cached(sql)?.query_row([revision.0.cast_signed()], read).optional()?;
    // A hash that is none is for a check to find; the log goes on after it.
    Ok(Head { revision, hash: hash.flatten().unwrap_or_default() })
}

/// Writes the hash of a revision whose row is there.
pub(crate) fn set_hash(conn: &Connection, head: Head) -> rusqlite::Result<()> {
    let sql = "UPDATE revisions SET hash = ?2 WHERE revision = ?1";
    conn.prepare_cached(sql)?.execute((head.revision.0.cast_signed(), &head.hash.0))?;
    Ok(())
}

/// Keeps the head apart from the log.
pub(crate) fn keep_head(conn: &Connection, head: Head) -> Result<(), StoreError> {
    let sql = "INSERT INTO clearline_meta (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    conn.prepare_cached(sql)?.execute((HEAD, head.to_string()))?;
    Ok(())
}

/// The head that was kept apart, as text.
pub(crate) fn kept_head(conn: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "SELECT value FROM clearline_meta WHERE name = ?1";
    Ok(conn.query_row(sql, [HEAD], |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_bytes_that_are_described() {
        let mut link = Link::after(RevisionHash([7; 32]));
        link.add(ValueRef::Integer(-2));
        link.end_row();
        for value in [&Some(1.5) as &dyn ToSql, &None::<f64>, &-0.0, &"ə", &[9_u8, 8]] {
            link.add_given(value).unwrap();
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
    fn every_column_of_the_log_is_covered() {
        let mut conn = Connection::open_in_memory().unwrap();
        crate::sqlite::schema::migrate(&mut conn, 0).unwrap();
        for (table, covered) in [("change_log", CHANGE_COLUMNS.as_str()), ("revisions", REVISION_COLUMNS)] {
            let all = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let mut all = all.column_names();
            let mut covered: Vec<_> = covered.split(", ").map(|name| name.trim_matches('"')).collect();
            all.sort_unstable();
            covered.sort_unstable();
            assert_eq!(all, covered);
        }
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
