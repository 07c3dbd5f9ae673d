//! Writes rows to the log and into the hash of their revision: the hash covers exactly what is written.

use demining::{Author, Change, Collection, Judged, Record, Revision};
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, params};

use crate::{
    chain::{
        ENCODING, RevisionHash,
        second::{Item, Link},
        text::{Salts, digest},
    },
    collections::Stored,
    error::{Failure, StoreError},
    fields::HashedAs,
    sqlite::{
        layer::ForEach,
        row::list,
        tables::records::{RECORD, read_record},
    },
    unstorable::refuse_value,
    value::{Value, id_text, instant_text},
};

/// Inserts the content of a record after a change.
static CONTENT: ForEach<String> = ForEach::new(|layer| {
    let marks = vec!["?"; 1 + layer.sealed().count()].join(", ");
    format!("INSERT INTO {} (fid, {}) VALUES ({marks})", layer.content(), list(layer.sealed()))
});

/// Inserts a change.
static CHANGE: ForEach<String> = ForEach::new(|layer| {
    format!(
        "INSERT INTO changes (fid, revision, collection, number, previous, action, id, review, reason, reason_seal)
         VALUES (?1, ?2, '{}', ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        layer.0
    )
});

/// Sets the last change of a record.
const PLACE: &str = "REPLACE INTO clearline_records (number, change, stands) VALUES (?1, ?2, ?3)";

/// Does the same for the first changes of new records, starting with a change.
const PLACE_NEW: &str = "INSERT INTO clearline_records (number, change, stands)
    SELECT number, fid, 1 FROM changes WHERE fid >= ?1 AND previous IS NULL";

/// Inserts a revision without its hash.
const REVISION: &str = "INSERT INTO revisions (revision, first_change, \"at\", \"by\", by_operator, encoding)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Inserts a revision and begins its hash.
pub(super) fn begin_revision(
    conn: &Connection,
    before: RevisionHash,
    (revision, first_change): (Revision, i64),
    at: Timestamp,
    by: &Author,
) -> rusqlite::Result<Link> {
    let revision = revision.0.cast_signed();
    let row = params![revision, first_change, instant_text(at), by.name, by.operator, ENCODING];
    conn.prepare_cached(REVISION)?.execute(row)?;
    let name = Value::from(&by.name).into();
    let operator = Value::from(by.operator.as_ref()).into();
    let items = [
        Item::Integer(revision),
        Item::Integer(first_change),
        Item::Instant(at.as_millisecond()),
        name,
        operator,
    ];
    Ok(Link::begin(before, items))
}

/// The statements that read and write the records of a collection.
pub(super) struct Statements<'c> {
    read: CachedStatement<'c>,
    content: Insert<'c>,
    change: Insert<'c>,
}

impl<'c> Statements<'c> {
    pub(super) fn begin(conn: &'c Connection, collection: Collection) -> rusqlite::Result<Self> {
        Ok(Self {
            read: conn.prepare_cached(&format!("{} AND s.number = ?1", RECORD.of(collection)))?,
            content: Insert::begin(conn, CONTENT.of(collection))?,
            change: Insert::begin(conn, CHANGE.of(collection))?,
        })
    }

    /// Returns the current record with this number; `None` if it was deleted or is of another collection.
    pub(super) fn read<T: Stored>(&mut self, number: u32) -> Result<Option<Record<Judged<T>>>, Failure> {
        let mut rows = self.read.query([number])?;
        match rows.next()? {
            Some(row) => Ok(Some(read_record(row)?)),
            None => Ok(None),
        }
    }

    /// Forgets rows that were rolled back.
    pub(super) fn forget(&mut self) {
        (self.content.last, self.change.last) = (None, None);
    }
}

/// The statements that every change needs.
pub(super) struct Changes<'c> {
    place: CachedStatement<'c>,
    place_new: CachedStatement<'c>,
    /// The first change of a new record that is not in `clearline_records` yet.
    unplaced: Option<i64>,
    salts: Salts,
}

impl<'c> Changes<'c> {
    pub(super) fn begin(conn: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            place: conn.prepare_cached(PLACE)?,
            place_new: conn.prepare_cached(PLACE_NEW)?,
            unplaced: None,
            salts: Salts::new(),
        })
    }

    /// Writes a change, adds it to the hash of its revision and makes it the last one of its record, which
    /// [`Self::place_new`] does for new records.
    pub(super) fn write<T: Stored>(
        &mut self,
        of: &mut Statements<'c>,
        change: &Change<Judged<T>>,
        (fid, previous): (i64, Option<i64>),
        action: &str,
        link: &mut Link,
    ) -> Result<(), Failure> {
        if let Some(record) = &change.after {
            self.write_content::<T>(&mut of.content, &record.content, fid, link)?;
        }
        let salt = change.reason.as_ref().map(|_| self.salts.next()).transpose()?;
        let digest = change.reason.as_ref().zip(salt).map(|(text, salt)| digest(&salt, text.as_bytes()));
        let reason = Value::from(change.reason.as_ref());
        refuse_value("reason", reason).map_err(Failure::Upload)?;
        let review = Value::from(change.after.as_ref().map(|record| record.review.word()));
        let mut buffer = [0; 36];
        let row = [
            Value::Whole(change.revision.0.cast_signed()),
            Value::Whole(change.number.into()),
            previous.into(),
            action.into(),
            id_text(change.id, &mut buffer).into(),
            review,
            reason,
            salt.as_ref().map_or(Value::Null, |salt| Value::Bytes(salt)),
        ];
        of.change.begin_row(fid)?;
        row.into_iter().try_for_each(|value| of.change.add(value))?;
        of.change.end_row()?;
        if previous.is_none() {
            self.unplaced.get_or_insert(fid);
        } else {
            self.place.execute((change.number, fid, change.after.is_some()))?;
        }
        let [revision, number, previous, action, ..] = row.map(Item::from);
        link.end_change([
            Item::Uuid(change.id),
            revision,
            Item::Integer(fid),
            Item::Text(T::COLLECTION.name().as_bytes()),
            number,
            previous,
            action,
            review.into(),
            digest.as_ref().map_or(Item::None, Item::Digest),
        ]);
        Ok(())
    }

    fn write_content<T: Stored>(
        &mut self,
        insert: &mut Insert<'c>,
        content: &T,
        fid: i64,
        link: &mut Link,
    ) -> Result<(), Failure> {
        let salts = &mut self.salts;
        insert.begin_row(fid)?;
        T::fields().each_value(content, |column, value| {
            if matches!(column.hashed, HashedAs::Text | HashedAs::FreeText(_)) {
                refuse_value(column.name, value).map_err(Failure::Upload)?;
            }
            insert.add(value)?;
            match (column.hashed, value) {
                (HashedAs::Plain | HashedAs::Text, value) => link.add(column.number, value.into()),
                (HashedAs::Position, _) => {
                    let at = content.location();
                    link.add(column.number, Item::Position { lon: at.lon(), lat: at.lat() });
                }
                (HashedAs::FreeText(_), Value::Text(text)) => {
                    let salt = salts.next()?;
                    insert.add(Value::Bytes(&salt))?;
                    link.add(column.number, Item::Digest(&digest(&salt, text)));
                }
                (HashedAs::FreeText(_), _) => insert.add(Value::Null)?,
            }
            Ok::<_, Failure>(())
        })?;
        insert.end_row()
    }

    /// Adds all new records to `clearline_records` at once, which takes a fraction of the time. Before that
    /// they cannot be read.
    pub(super) fn place_new(&mut self) -> rusqlite::Result<()> {
        self.unplaced.take().map_or(Ok(()), |first| self.place_new.execute([first]).map(|_| ()))
    }

    /// Forgets rows that were rolled back.
    pub(super) fn forget(&mut self) {
        self.unplaced = None;
    }
}

/// A statement that inserts rows with ascending keys and many columns. Values that a row has in common with
/// the row before stay bound: most of a row's columns are NULL or repeat the same few words.
struct Insert<'c> {
    conn: &'c Connection,
    statement: CachedStatement<'c>,
    /// The key of the last inserted row.
    last: Option<i64>,
    /// The key of the row being bound.
    key: i64,
    n_values: usize,
    bound: Vec<Bound>,
}

impl<'c> Insert<'c> {
    fn begin(conn: &'c Connection, sql: &str) -> rusqlite::Result<Self> {
        let statement = conn.prepare_cached(sql)?;
        let bound = vec![Bound::default(); statement.parameter_count()];
        Ok(Self { conn, statement, last: None, key: 0, n_values: 0, bound })
    }

    /// Begins a row with its key, the first column.
    fn begin_row(&mut self, key: i64) -> rusqlite::Result<()> {
        (self.key, self.n_values) = (key, 0);
        // SQLite assigns the next key itself, in half the time it takes to look for a specified one.
        let is_next = self.last.is_some_and(|last| last + 1 == key);
        self.add(if is_next { Value::Null } else { Value::Whole(key) })
    }

    /// Adds the value of the next column.
    fn add(&mut self, value: Value<'_>) -> rusqlite::Result<()> {
        let bound = &mut self.bound[self.n_values];
        self.n_values += 1;
        if !bound.replace(value) {
            return Ok(());
        }
        let done = self.statement.raw_bind_parameter(self.n_values, value);
        if done.is_err() {
            *bound = Bound::default();
        }
        done
    }

    fn end_row(&mut self) -> Result<(), Failure> {
        self.statement.raw_execute()?;
        let key = self.conn.last_insert_rowid();
        if key != self.key {
            let problem = format!("a table of the log continues with row {key}, not with row {}", self.key);
            return Err(StoreError::Damaged(problem).into());
        }
        self.last = Some(key);
        Ok(())
    }
}

/// What is bound to a parameter of a statement.
#[derive(Clone, Default)]
struct Bound {
    kind: BoundKind,
    /// The text, if it is one.
    text: Vec<u8>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum BoundKind {
    /// Any value: a cached statement may have one from before, and not every value is remembered.
    #[default]
    Unknown,
    Null,
    Whole(i64),
    Text,
}

impl Bound {
    /// The most bytes of a text that is remembered: longer ones are rarely repeated.
    const MOST_BYTES: usize = 32;

    /// Remembers the value. Returns whether it differs from the value before, or may differ.
    fn replace(&mut self, value: Value<'_>) -> bool {
        let kind = match value {
            Value::Null => BoundKind::Null,
            Value::Whole(number) => BoundKind::Whole(number),
            Value::Text(text) if text.len() <= Self::MOST_BYTES => BoundKind::Text,
            Value::Text(_) | Value::Real(_) | Value::Bytes(_) => BoundKind::Unknown,
        };
        let is_same = std::mem::replace(&mut self.kind, kind) == kind;
        match value {
            Value::Text(text) if kind == BoundKind::Text => {
                let is_same = is_same && self.text == text;
                if !is_same {
                    self.text.clear();
                    self.text.extend_from_slice(text);
                }
                !is_same
            }
            _ => !is_same || kind == BoundKind::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_bound_unless_the_row_before_had_it() {
        let mut bound = Bound::default();
        let long = [b'x'; 40];
        let values = [
            (Value::Null, true),
            (Value::Null, false),
            (Value::Text(b"mine"), true),
            (Value::Text(b"mine"), false),
            (Value::Text(b"uxo"), true),
            (Value::Null, true),
            (Value::Text(b"uxo"), true),
            (Value::Whole(1), true),
            (Value::Whole(1), false),
            (Value::Whole(2), true),
            (Value::Text(&long), true),
            (Value::Text(&long), true),
            (Value::Bytes(b"uxo"), true),
            (Value::Bytes(b"uxo"), true),
            (Value::Real(1.0), true),
            (Value::Real(1.0), true),
        ];
        for (nth, (value, is_new)) in values.into_iter().enumerate() {
            assert_eq!(bound.replace(value), is_new, "{nth}");
        }
    }
}
