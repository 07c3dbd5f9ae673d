//! The records as they stand: `clearline_records` leads to their last changes. The view `detections` shows the same.

use std::sync::LazyLock;

use demining::{Record, Revision};
use jiff::Timestamp;
use rusqlite::Row;

use crate::{
    error::StoreError,
    fields::content,
    sqlite::row::{Columns, damaged, list},
    value::instant,
};

/// The place of the first column of the content.
const FIRST_CONTENT: usize = 6;

/// Selects records as [`read_record`] reads them; what follows goes on with `AND`.
pub(crate) static RECORD: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT s.number, l.id, l.review, l.revision, r.\"at\", r.\"by\", {} FROM clearline_records AS s \
         CROSS JOIN detections_content AS c ON c.fid = s.change \
         CROSS JOIN changes AS l ON l.fid = s.change \
         CROSS JOIN revisions AS r ON r.revision = l.revision WHERE s.stands",
        list(content())
    )
});

/// An instant and its text, which many rows in a row share.
pub(crate) type LastInstant = Option<(String, Timestamp)>;

/// Reads a record.
pub(crate) fn read_record(row: &Row<'_>, last: &mut LastInstant) -> Result<Record, StoreError> {
    try_read_record(row, last).map_err(|problem| damaged("detections", row, &problem))
}

fn try_read_record(row: &Row<'_>, last: &mut LastInstant) -> Result<Record, String> {
    let col = Columns(row);
    let detection = col.content(FIRST_CONTENT, col.id(1)?)?;
    let updated_at = col.needed(4, "updated_at")?;
    let updated_at = match last {
        Some((text, at)) if text == updated_at => *at,
        _ => last.insert((updated_at.to_owned(), instant(updated_at, "updated_at")?)).1,
    };
    Ok(Record {
        detection,
        number: col.needed_whole(0, "fid")?,
        review: col.review(2)?,
        revision: Revision(col.needed_whole(3, "revision")?),
        updated_at,
        updated_by: col.needed(5, "updated_by")?.to_owned(),
    })
}
