//! The records as they stand: the view `detections`, and `clearline_records` behind it.

use std::sync::LazyLock;

use demining::{Record, Revision};
use geometry::wkb;
use jiff::Timestamp;
use rusqlite::Row;

use crate::{
    error::StoreError,
    fields::{CONTENT, N_CONTENT},
    sqlite::row::{Columns, damaged, list},
    value::instant,
};

/// Selects records as [`read_record`] reads them.
pub(crate) static RECORD: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT fid, geom, id, {}, review, revision, updated_at, updated_by FROM detections",
        list(CONTENT)
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
    let location = wkb::read_point_blob(col.blob(1, "geom")?)?;
    let detection = col.content(3, col.id(2)?, location)?;
    let updated_at = col.needed(5 + N_CONTENT, "updated_at")?;
    let updated_at = match last {
        Some((text, at)) if text == updated_at => *at,
        _ => last.insert((updated_at.to_owned(), instant(updated_at, "updated_at")?)).1,
    };
    Ok(Record {
        detection,
        number: col.needed_whole(0, "fid")?,
        review: col.review(3 + N_CONTENT)?,
        revision: Revision(col.needed_whole(4 + N_CONTENT, "revision")?),
        updated_at,
        updated_by: col.needed(6 + N_CONTENT, "updated_by")?.to_owned(),
    })
}
