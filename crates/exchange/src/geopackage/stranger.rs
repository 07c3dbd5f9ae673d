//! Opens untrusted SQLite files: nothing in them is executed, and work and memory are bounded.

use std::{
    fmt::Write,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig, limits::Limit};

use crate::{error::ReadError, limits::ReadLimits, options::ReadOptions};

/// The number of steps between two checks of the remaining work.
const STEPS: u32 = 1_000;

/// An open file.
pub(super) struct Stranger {
    /// The connection to it.
    pub conn: Connection,
    work: Work,
    limit: usize,
}

/// The remaining work.
#[derive(Clone)]
pub(super) struct Work(Arc<AtomicU32>);

impl Work {
    /// Allows the work of one more row.
    pub(super) fn renew(&self) {
        self.0.store(ReadLimits::DEFAULT.sqlite_steps / STEPS, Ordering::Relaxed);
    }

    /// Returns whether the work is used up.
    fn is_spent(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
    }
}

impl Stranger {
    pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Self, ReadError> {
        let work = Work(Arc::default());
        work.renew();
        let limit = options.max_row_bytes;
        let conn = connection(path, &work).map_err(|error| reason(0, limit, &error))?;
        Ok(Self { conn, work, limit })
    }

    /// Raises the limit on values from that of table definitions to that of a row.
    pub(super) fn begin_rows(&self) -> Result<Work, ReadError> {
        let length = i32::try_from(self.limit).unwrap_or(i32::MAX);
        self.conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, length).map_err(|error| self.reason(0, &error))?;
        Ok(self.work.clone())
    }

    /// Returns the error for a row that cannot be read; no row after it can be read either.
    pub(super) fn reason(&self, row: u64, error: &rusqlite::Error) -> ReadError {
        reason(row, self.limit, error)
    }
}

fn connection(path: &Path, work: &Work) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(address(path), flags)?;
    for (config, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
    ] {
        conn.set_db_config(config, is_on)?;
    }
    let definition = i32::try_from(ReadLimits::DEFAULT.sqlite_definition_bytes).unwrap_or(i32::MAX);
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, definition),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        conn.set_limit(limit, value)?;
    }
    let work = work.clone();
    conn.progress_handler(STEPS.cast_signed(), Some(move || work.is_spent()));
    conn.execute_batch("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -2048;")?;
    Ok(conn)
}

fn reason(row: u64, limit: usize, error: &rusqlite::Error) -> ReadError {
    let reason = match error.sqlite_error_code() {
        Some(ErrorCode::TooBig) if row > 0 => return ReadError::RowTooLong { row, limit },
        // These errors concern our temporary file, not the input.
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::OutOfMemory
            | ErrorCode::PermissionDenied,
        ) => return ReadError::Temporary(error.to_string()),
        Some(ErrorCode::NotADatabase) => "the file is not a GeoPackage".to_owned(),
        Some(ErrorCode::OperationInterrupted) => "the file takes too much work to read".to_owned(),
        _ => format!("the file is not a valid SQLite file: {error}"),
    };
    ReadError::Broken { row, reason }
}

/// Returns the SQLite URI of an immutable file without a journal.
fn address(path: &Path) -> String {
    let mut address = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                address.push(char::from(*byte));
            }
            // Writing to a String cannot fail.
            other => drop(write!(address, "%{other:02X}")),
        }
    }
    address.push_str("?mode=ro&immutable=1");
    address
}
