//! Rows on their way into the log and into the hash of their revision: what is written is what is hashed.

use std::sync::LazyLock;

use demining::{Author, Change, Revision};
use rusqlite::{CachedStatement, Connection, Statement};

use crate::{
    chain::{self, Link, N_CHANGE_COLUMNS, REVISION_COLUMNS, RevisionHash, change_columns},
    sqlite::row::list,
    value::Value,
};

/// Adds a revision, without its hash.
static REVISION: LazyLock<String> = LazyLock::new(|| {
    let columns = &REVISION_COLUMNS[1..];
    let marks = vec!["?"; columns.len()].join(", ");
    format!("INSERT INTO revisions ({}) VALUES ({marks})", list(columns.iter().copied()))
});

/// Adds a change to the log.
static CHANGE: LazyLock<String> = LazyLock::new(|| {
    let marks = ["?"; N_CHANGE_COLUMNS].join(", ");
    format!("INSERT INTO change_log ({}) VALUES ({marks})", list(change_columns()))
});

/// Writes the row of a revision, and begins its hash.
pub(super) fn begin_revision(
    conn: &Connection,
    before: RevisionHash,
    (revision, first_change): (Revision, i64),
    at: &str,
    by: &Author,
) -> rusqlite::Result<Link> {
    let mut statement = conn.prepare_cached(&REVISION)?;
    let mut link = Link::after(before);
    let mut row = NewRow::of(&mut statement, &mut link);
    chain::each_value_of_revision((revision, first_change), at, by, |value| row.add(value))?;
    row.insert()?;
    Ok(link)
}

/// The statements that write changes.
pub(super) struct Changes<'c> {
    log: CachedStatement<'c>,
    place: CachedStatement<'c>,
}

impl<'c> Changes<'c> {
    pub(super) fn begin(conn: &'c Connection) -> rusqlite::Result<Self> {
        let place = "REPLACE INTO clearline_records (number, change, stands) VALUES (?1, ?2, ?3)";
        Ok(Self { log: conn.prepare_cached(&CHANGE)?, place: conn.prepare_cached(place)? })
    }

    /// Writes a change, and that it is the last one of its record.
    pub(super) fn write(
        &mut self,
        change: &Change,
        fid: i64,
        previous: Option<i64>,
        action: &str,
        link: &mut Link,
    ) -> rusqlite::Result<()> {
        let mut row = NewRow::of(&mut self.log, link);
        chain::each_value_of_change(change, fid, previous, action, |value| row.add(value))?;
        row.insert()?;
        self.place.execute((change.number, fid, change.after.is_some())).map(|_| ())
    }
}

/// A row that is being written and hashed.
struct NewRow<'a, 'c> {
    statement: &'a mut Statement<'c>,
    link: &'a mut Link,
    n_values: usize,
}

impl<'a, 'c> NewRow<'a, 'c> {
    fn of(statement: &'a mut Statement<'c>, link: &'a mut Link) -> Self {
        Self { statement, link, n_values: 0 }
    }

    /// The value of the next column.
    fn add(&mut self, value: Value<'_>) -> rusqlite::Result<()> {
        self.n_values += 1;
        self.statement.raw_bind_parameter(self.n_values, value)?;
        self.link.add(value);
        Ok(())
    }

    fn insert(self) -> rusqlite::Result<()> {
        self.statement.raw_execute()?;
        self.link.end_row();
        Ok(())
    }
}
