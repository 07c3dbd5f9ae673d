//! The copy of a store that is kept before an upgrade of its tables.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, backup::Backup};

use crate::{error::StoreError, sqlite::file::names::beside};

/// Pages copied at a time.
const PAGES: i32 = 4_096;

/// Copies the store that is open on `conn`, including its write-ahead log, to a file beside it. Returns the
/// copy's path.
///
/// # Errors
/// [`StoreError::Full`] if the disk has no room. Nothing is left then.
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

/// Returns an unused name for the copy: an earlier copy may be the only one of its data.
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
    // Create the file first, for the system's own error message if the folder is not writable.
    File::create(part).map_err(|error| io(part, error))?;
    let mut copy = Connection::open(part)?;
    // Sync only once, at the end.
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
        fs::write(beside(&path, "-before-9.part"), "of an interrupted try").unwrap();
        for name in ["a.gpkg-before-9", "a.gpkg-before-9.2", "a.gpkg-before-9.3"] {
            let copy = keep(&conn, &path, 9).unwrap();
            assert_eq!(copy, folder.path().join(name));
            let copied = Connection::open(&copy).unwrap();
            assert_eq!(copied.query_row("SELECT b FROM a", [], |row| row.get::<_, i64>(0)), Ok(7));
        }
        assert!(!beside(&path, "-before-9.part").exists());
    }
}
