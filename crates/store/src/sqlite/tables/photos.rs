//! Which records name a photo: derived from the log; it decides who may see the photo.

use demining::{Judged, Record};
use rusqlite::Connection;

use crate::{collections::Stored, error::StoreError, quarantine::PhotoUse, sqlite::tables::quarantine};

/// Notes the photos of a record when it is written.
pub(crate) fn note<T: Stored>(conn: &Connection, record: &Record<Judged<T>>) -> rusqlite::Result<()> {
    let sql = "INSERT OR IGNORE INTO clearline_photos (photo, number) VALUES (?1, ?2)";
    for photo in record.content.photos() {
        conn.prepare_cached(sql)?.execute((photo, record.number))?;
    }
    Ok(())
}

/// Returns where a photo is named.
pub(crate) fn used(conn: &Connection, photo: &str) -> Result<PhotoUse, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM clearline_photos WHERE photo = ?1)";
    let is_in_log = conn.prepare_cached(sql)?.query_row([photo], |row| row.get(0))?;
    let held = if is_in_log { Vec::new() } else { quarantine::with_photo(conn, photo)? };
    Ok(PhotoUse { is_in_log, held })
}
