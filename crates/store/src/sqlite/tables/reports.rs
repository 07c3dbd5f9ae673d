//! The reports of uploads.

use demining::{Author, Revision};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::{
    error::StoreError,
    sqlite::row::{Columns, damaged},
    upload::UploadReport,
    value::{id_text, instant, instant_text},
};

pub(crate) fn save(conn: &Connection, upload: &UploadReport) -> rusqlite::Result<()> {
    let sql = "INSERT INTO uploads (id, received_at, \"by\", revision, version, report, by_operator)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    conn.prepare_cached(sql)?.execute(params![
        id_text(upload.id, &mut [0; 36]),
        instant_text(upload.received_at),
        upload.by.name,
        upload.revision.0.cast_signed(),
        upload.version,
        upload.report,
        upload.by.operator,
    ])?;
    Ok(())
}

pub(crate) fn find(conn: &Connection, id: Uuid) -> Result<Option<UploadReport>, StoreError> {
    let sql =
        "SELECT fid, received_at, \"by\", revision, version, report, by_operator FROM uploads WHERE id = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        let col = Columns(row);
        let upload = || {
            Ok(UploadReport {
                id,
                received_at: instant(col.needed(1, "received_at")?, "received_at")?,
                by: Author::new(col.needed(2, "by")?, col.text(6, "by_operator")?.map(str::to_owned)),
                revision: Revision(col.needed_whole(3, "revision")?),
                version: col.needed_whole(4, "version")?,
                report: col.needed(5, "report")?.to_owned(),
            })
        };
        Ok(upload().map_err(|problem: String| damaged("uploads", row, &problem)))
    };
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_row([id_text(id, &mut [0; 36])], read).optional()?.transpose()
}
