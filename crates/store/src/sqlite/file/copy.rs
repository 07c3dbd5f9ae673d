//! The copy of a store that is kept before its tables are brought up to date.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, backup::Backup};

use crate::{error::StoreError, sqlite::file::names::beside};

/// Pages that are copied between two looks at the clock.
const PAGES: i32 = 4_096;

/// Copies the store that is open on `conn`, with what lies in its write-ahead log, to a file beside it. Says where.
///
/// # Errors
/// [`StoreError::Full`] when the disk has no room. Nothing is left then.
pub(crate) fn keep(conn: &Connection, path: &Path, version: u32) -> Result<PathBuf, StoreError> {
    let copy = free_name(path, version);
    let part = beside(&copy, ".part");
    remove(&part)?;
    let done = write(conn, &part).and_then(|()| fs::rename(&part, &copy).map_err(|error| io(&copy, error)));
    if let Err(error) = done {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| io(&copy, error))?;
    Ok(copy)
}

/// The name of a copy that is not there yet: one from an earlier time may be all that is left of something.
fn free_name(path: &Path, version: u32) -> PathBuf {
    let first = beside(path, &format!("-before-{version}"));
    let mut name = first.clone();
    for n in 2_u32.. {
        if !name.exists() {
            break;
        }
        name = beside(&first, &format!(".{n}"));
    }
    name
}

fn write(conn: &Connection, part: &Path) -> Result<(), StoreError> {
    // Only to have the system's own words when the folder cannot be written to.
    File::create(part).map_err(|error| io(part, error))?;
    let mut copy = Connection::open(part)?;
    // It is synced once, at its end.
    copy.pragma_update(None, "synchronous", "OFF")?;
    Backup::new(conn, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
    copy.close().map_err(|(_, error)| error)?;
    File::open(part).and_then(|file| file.sync_all()).map_err(|error| io(part, error))
}

fn remove(part: &Path) -> Result<(), StoreError> {
    match fs::remove_file(part) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io(part, error)),
        _ => Ok(()),
    }
}

fn io(path: &Path, error: std::io::Error) -> StoreError {
    if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        return StoreError::Full;
    }
    StoreError::io(path, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_holds_what_lies_in_the_log_and_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gpkg");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE a (b); INSERT INTO a VALUES (7)")
            .unwrap();
        fs::write(beside(&path, "-before-9.part"), "of a try that was cut off").unwrap();
        for name in ["a.gpkg-before-9", "a.gpkg-before-9.2", "a.gpkg-before-9.3"] {
            let copy = keep(&conn, &path, 9).unwrap();
            assert_eq!(copy, folder.path().join(name));
            let copied = Connection::open(&copy).unwrap();
            assert_eq!(copied.query_row("SELECT b FROM a", [], |row| row.get::<_, i64>(0)), Ok(7));
        }
        assert!(!beside(&path, "-before-9.part").exists());
    }
}
