//! The current records: `clearline_records` refers to their last changes. The view of each collection shows
//! the same.

use demining::{Judged, Record, Revision};
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, Row};

use crate::{
    collections::Stored,
    error::StoreError,
    sqlite::{
        layer::ForEach,
        row::{Columns, damaged},
    },
    value::instant,
};

/// The position of the first content column.
const FIRST_CONTENT: usize = 6;

/// Selects a record as [`read_record`] reads it; append conditions with `AND`.
pub(crate) static RECORD: ForEach<String> = ForEach::new(|layer| {
    format!(
        "SELECT s.number, l.id, l.review, l.revision, r.\"at\", r.\"by\", {} FROM clearline_records AS s \
         CROSS JOIN {} AS c ON c.fid = s.change \
         CROSS JOIN changes AS l ON l.fid = s.change \
         CROSS JOIN revisions AS r ON r.revision = l.revision WHERE s.stands",
        layer.listed(),
        layer.content()
    )
});

/// Selects the records in a range of numbers, in order, as [`Records`] reads them: without their revisions,
/// which many of them share.
pub(crate) static RECORDS: ForEach<String> = ForEach::new(|layer| {
    format!(
        "SELECT s.number, l.id, l.review, l.revision, NULL, NULL, {} FROM clearline_records AS s \
         CROSS JOIN {} AS c ON c.fid = s.change \
         CROSS JOIN changes AS l ON l.fid = s.change \
         WHERE s.stands AND s.number BETWEEN ?1 AND ?2 ORDER BY s.number",
        layer.listed(),
        layer.content()
    )
});

/// Reads a record of [`RECORD`].
pub(crate) fn read_record<T: Stored>(row: &Row<'_>) -> Result<Record<Judged<T>>, StoreError> {
    let made = |col: &Columns<'_, '_>| {
        let at = instant(col.needed(4, "updated_at")?, "updated_at")?;
        Ok::<_, String>((at, col.needed(5, "updated_by")?.to_owned()))
    };
    let read = || {
        let col = Columns(row);
        let revision = Revision(col.needed_whole(3, "revision")?);
        try_read_record(&col, revision, made(&col)?)
    };
    read().map_err(|problem: String| damaged(T::COLLECTION.name(), row, &problem))
}

/// Reads the records of [`RECORDS`], and looks up a revision only if it differs from the previous one.
pub(crate) struct Records<'c> {
    revisions: CachedStatement<'c>,
    last: Option<(Revision, Timestamp, String)>,
}

impl<'c> Records<'c> {
    pub(crate) fn new(conn: &'c Connection) -> rusqlite::Result<Self> {
        let sql = "SELECT \"at\", \"by\" FROM revisions WHERE revision = ?1";
        Ok(Self { revisions: conn.prepare_cached(sql)?, last: None })
    }

    pub(crate) fn read<T: Stored>(&mut self, row: &Row<'_>) -> Result<Record<Judged<T>>, StoreError> {
        self.try_read(row).map_err(|problem| damaged(T::COLLECTION.name(), row, &problem))
    }

    fn try_read<T: Stored>(&mut self, row: &Row<'_>) -> Result<Record<Judged<T>>, String> {
        let col = Columns(row);
        let revision = Revision(col.needed_whole(3, "revision")?);
        let (at, by) = match &self.last {
            Some((last, at, by)) if *last == revision => (*at, by.clone()),
            _ => {
                let (at, by) = self.look_up(revision)?;
                self.last = Some((revision, at, by.clone()));
                (at, by)
            }
        };
        try_read_record(&col, revision, (at, by))
    }

    fn look_up(&mut self, revision: Revision) -> Result<(Timestamp, String), String> {
        let found = self.revisions.query_row([revision.0.cast_signed()], |row| {
            let col = Columns(row);
            let read = || {
                let at = instant(col.needed(0, "updated_at")?, "updated_at")?;
                Ok((at, col.needed(1, "updated_by")?.to_owned()))
            };
            Ok(read())
        });
        found.map_err(|error| format!("revision {}: {error}", revision.0))?
    }
}

fn try_read_record<T: Stored>(
    col: &Columns<'_, '_>,
    revision: Revision,
    (updated_at, updated_by): (Timestamp, String),
) -> Result<Record<Judged<T>>, String> {
    Ok(Record {
        content: col.content(FIRST_CONTENT, col.id(1)?)?,
        number: col.needed_whole(0, "fid")?,
        review: col.review(2)?,
        revision,
        updated_at,
        updated_by,
    })
}
