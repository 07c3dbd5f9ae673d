//! Opens the file for writing, for reading, or for reading without a trace.

use std::{
    fmt::Write,
    fs::File,
    io::{self, Read},
    os::unix::ffi::OsStrExt,
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{
    error::StoreError,
    sqlite::{
        file::{
            lock::require_usual_name,
            names::{beside, has_log},
        },
        schema,
    },
};

/// The writer's page cache in KiB: every new id is looked up among all others.
const WRITER_CACHE_KIB: i32 = 8 * 1024;

/// How long a write waits for a program that has locked the file.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of disk that the write-ahead log keeps when it restarts at its beginning.
const KEPT_LOG_BYTES: i64 = 64 * 1024 * 1024;

/// No mutex: every connection is behind a `&mut` or used by one thread at a time.
const EXISTING: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Opens the writer's connection.
pub(crate) fn writer(path: &Path) -> Result<Connection, StoreError> {
    let conn = Connection::open_with_flags(path, EXISTING)?;
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(64);
    check_writable(&conn, path)?;
    let mode = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
    let mode = mode.map_err(|error| match error.sqlite_error_code() {
        // The log cannot be created in the folder.
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => unwritable(path),
        _ => error.into(),
    })?;
    if mode != "wal" {
        return Err(StoreError::Disk(format!("SQLite uses journal mode {mode}, not WAL")));
    }
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    // Keep the rollback data of savepoints in memory.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    // This pragma returns the limit, so it is a query.
    conn.query_row(&format!("PRAGMA journal_size_limit = {KEPT_LOG_BYTES}"), [], |_| Ok(()))?;
    Ok(conn)
}

/// Refuses a file that is not writable, which `SQLite` silently opens for reading only.
fn check_writable(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    if conn.is_readonly("main")? { Err(unwritable(path)) } else { Ok(()) }
}

fn unwritable(path: &Path) -> StoreError {
    let reason = "the file or its folder cannot be written to by the user that runs this program";
    StoreError::io(path, io::Error::new(io::ErrorKind::PermissionDenied, reason))
}

/// Opens a connection beside the writer's, for a small separate write.
pub(crate) fn second_writer(path: &Path) -> Result<Connection, StoreError> {
    let conn = existing(path)?;
    check_writable(&conn, path)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    Ok(conn)
}

/// Opens a connection that cannot write. The file is still opened for writing, because only then does
/// `SQLite` remove its helper files when the last connection closes. On a read-only mount, the file is read
/// as it is.
pub(crate) fn reader(path: &Path) -> Result<Connection, StoreError> {
    match existing(path) {
        Ok(conn) => {
            conn.pragma_update(None, "query_only", true)?;
            Ok(conn)
        }
        Err(StoreError::Disk(reason)) => beside_nothing(path, &reason),
        Err(error) => Err(error),
    }
}

/// Opens a store beside which no file can be created.
fn beside_nothing(path: &Path, reason: &str) -> Result<Connection, StoreError> {
    let has_index = beside(path, "-shm").exists();
    let conn = match (has_log(path), has_index) {
        (false, false) => untouched(path)?,
        (_, true) => looking(path)?,
        (true, false) => {
            let reason = format!(
                "{reason}; the store was not closed cleanly, and its write-ahead log can be read only where \
                 files can be created beside it: copy both to another folder"
            );
            return Err(StoreError::Disk(reason));
        }
    };
    identify(&conn, path)?;
    require_present_version(&conn, path)?;
    Ok(conn)
}

/// Opens an existing store of the current version.
fn existing(path: &Path) -> Result<Connection, StoreError> {
    let io = |error| StoreError::io(path, error);
    if !path.metadata().map_err(io)?.is_file() {
        return Err(StoreError::NotOurs { path: path.to_owned(), found: "not a regular file".into() });
    }
    require_usual_name(path)?;
    let conn = Connection::open_with_flags(path, EXISTING)?;
    conn.busy_timeout(PATIENCE)?;
    identify(&conn, path)?;
    require_present_version(&conn, path)?;
    Ok(conn)
}

/// Refuses a store whose tables do not have the version of this program.
pub(crate) fn require_present_version(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    match schema::version(conn)? {
        Some(schema::VERSION) => Ok(()),
        Some(found) if found > schema::VERSION => {
            Err(StoreError::Newer { found, supported: schema::VERSION })
        }
        Some(found) => Err(StoreError::Older { found, supported: schema::VERSION }),
        None => Err(not_a_store(path)),
    }
}

/// Opens a connection that reads the file on disk, without the write-ahead log, and creates no file beside
/// it.
pub(crate) fn untouched(path: &Path) -> Result<Connection, StoreError> {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            let _ = write!(uri, "%{byte:02x}");
        }
    }
    uri.push_str("?immutable=1");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(uri, flags)?)
}

/// Opens a connection that reads the file and its write-ahead log and changes neither. `SQLite` may create
/// the index of the log (`-shm`) beside them.
pub(crate) fn looking(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(PATIENCE)?;
    Ok(conn)
}

/// Opens a connection that may roll back an interrupted write.
pub(crate) fn restoring(path: &Path) -> Result<Connection, StoreError> {
    Ok(Connection::open_with_flags(path, EXISTING)?)
}

/// Bytes of the header of an `SQLite` file (its file format, 1.3).
pub(crate) const HEAD_BYTES: usize = 100;

/// Checks that the header of a file is that of a `GeoPackage`.
///
/// # Errors
/// [`StoreError::NotOurs`] if it is not.
pub(crate) fn identify_head(head: &[u8], path: &Path) -> Result<(), StoreError> {
    let found = match head {
        [] => "an empty file",
        _ if head.len() < HEAD_BYTES || !head.starts_with(b"SQLite format 3\0") => {
            "not an SQLite database, or one whose first bytes are damaged"
        }
        _ if head[68..72] != schema::APPLICATION_ID.to_be_bytes()[4..] => "another kind of SQLite database",
        _ => return Ok(()),
    };
    Err(StoreError::NotOurs { path: path.to_owned(), found: found.into() })
}

/// Checks that the application id of the file is that of a `GeoPackage`.
///
/// # Errors
/// [`StoreError::NotOurs`] if it is not.
pub(crate) fn identify(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let not_ours = |found: &str| Err(StoreError::NotOurs { path: path.to_owned(), found: found.into() });
    match conn.query_row("PRAGMA application_id", [], |row| row.get::<_, i64>(0)) {
        Ok(schema::APPLICATION_ID) => Ok(()),
        Ok(_) if path.metadata().is_ok_and(|m| m.len() == 0) => not_ours("an empty file"),
        Ok(_) => not_ours("another kind of SQLite database"),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            not_ours("not an SQLite database, or one whose first bytes are damaged")
        }
        Err(error) => Err(error.into()),
    }
}

/// Refuses other files by their header, before creating anything beside them. The header is read as bytes,
/// because a server killed during a checkpoint leaves a file that is complete only with its log.
pub(crate) fn recognise(path: &Path) -> Result<(), StoreError> {
    let io = |error| StoreError::io(path, error);
    if !path.metadata().map_err(io)?.is_file() {
        return Err(StoreError::NotOurs { path: path.to_owned(), found: "not a regular file".into() });
    }
    let mut head = Vec::with_capacity(HEAD_BYTES);
    File::open(path).map_err(io)?.take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(io)?;
    identify_head(&head, path)
}

pub(crate) fn not_a_store(path: &Path) -> StoreError {
    StoreError::NotOurs { path: path.to_owned(), found: "a GeoPackage without Clearline's tables".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_cannot_write_is_told_before_the_first_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.gpkg");
        drop(crate::Store::open(&path).unwrap());
        // SQLite returns such a connection for a read-only file, but the superuser may write to any.
        let told = check_writable(&looking(&path).unwrap(), &path).unwrap_err().to_string();
        assert!(told.contains("store.gpkg") && told.contains("cannot be written to"), "{told}");
        assert!(check_writable(&Connection::open_with_flags(&path, EXISTING).unwrap(), &path).is_ok());
        assert!(writer(&path).is_ok());
    }
}
