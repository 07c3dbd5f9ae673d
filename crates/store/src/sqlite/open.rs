//! Opens a store: recognises the file, locks it and checks it before changing it.

use std::{
    fs::{self, File},
    path::Path,
};

use rusqlite::Connection;

use crate::{
    error::StoreError,
    sqlite::{
        file::{
            checkpoint,
            connection::{self, looking, not_a_store, recognise, untouched},
            copy,
            lock::{Hold, Lock},
            names::{beside, has_log},
            reserve,
        },
        reader::Reader,
        schema,
    },
};

/// The page size of a new store, in bytes.
const PAGE_BYTES: u32 = 16 * 1024;

/// An open store.
pub(crate) struct Opened {
    pub conn: Connection,
    /// Whether the whole file was checked.
    pub is_checked: bool,
    /// The earlier version of its tables, if they were upgraded.
    pub updated_from: Option<u32>,
    /// Whether the disk has room for more than this start.
    pub has_room: bool,
    pub hold: Hold,
    pub lock: Lock,
}

/// Opens the store at `path`, which must be resolved, or creates it if it is missing.
pub(crate) fn open(path: &Path, trusts: impl FnOnce(&Reader) -> bool) -> Result<Opened, StoreError> {
    let lock = Lock::take_if_there(path)?;
    let mut hold = None;
    if path.exists() {
        recognise(path)?;
        hold = Some(Hold::take(path)?);
    }
    let mut lock = match lock {
        Some(lock) => lock,
        None => Lock::take(path)?,
    };
    if !path.exists() {
        create(path)?;
    }
    let hold = match hold {
        Some(hold) => hold,
        None => Hold::take(path)?,
    };
    lock.note(path, &hold);
    let (found, is_checked) = check(path, trusts)?;
    let (mut conn, has_room) = writer(path)?;
    checkpoint::watch(&conn);
    let updated_from = (found < schema::VERSION).then_some(found);
    if let Some(found) = updated_from {
        update(&mut conn, path, found)?;
    }
    Ok(Opened { conn, is_checked, updated_from, has_room, hold, lock })
}

/// Upgrades the tables, all or none, and keeps a copy of the file from before.
fn update(conn: &mut Connection, path: &Path, found: u32) -> Result<(), StoreError> {
    let bytes = fs::metadata(path).map_err(|error| StoreError::io(path, error))?.len();
    let no_room = |error| match error {
        // The copy, the rewritten tables, and the same again in the write-ahead log.
        StoreError::Full => {
            StoreError::NoRoomToUpdate { path: path.to_owned(), needed_mb: (3 * bytes).div_ceil(1 << 20) }
        }
        error => error,
    };
    let copy = copy::keep(conn, path, schema::VERSION).map_err(no_room)?;
    if let Err(error) = schema::migrate(conn, found) {
        // Nothing was changed, so the copy is useless, and its room may be what was lacking.
        let _ = fs::remove_file(copy);
        return Err(no_room(error));
    }
    // The write-ahead log is as large as the tables now. If this checkpoint fails, for example because of a
    // reader, the store is still upgraded, and a later checkpoint shortens the log.
    let _ = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    Ok(())
}

/// Opens the writer's connection; the second value is `false` if that needed the reserved space.
fn writer(path: &Path) -> Result<(Connection, bool), StoreError> {
    match connection::writer(path) {
        Ok(conn) => Ok((conn, reserve::keep(path).is_ok())),
        Err(StoreError::Full | StoreError::Disk(_) | StoreError::Io { .. }) if reserve::release(path) => {
            Ok((connection::writer(path)?, false))
        }
        Err(error) => Err(error),
    }
}

/// Checks the file, and returns the version of its tables and whether all of it was read.
///
/// A cleanly closed file is read without locks or helper files, and not completely if the caller trusts it. A
/// file with a log beside it (the last server was killed, or QGIS is reading it) must be read through that
/// log, for which `SQLite` creates an index; if the check fails, an index that we created is removed.
fn check(path: &Path, trusts: impl FnOnce(&Reader) -> bool) -> Result<(u32, bool), StoreError> {
    if beside(path, "-journal").metadata().is_ok_and(|m| m.len() > 0) {
        // A program that switched the file out of WAL mode, as QGIS does, was interrupted during a write:
        // only the rolled-back file is valid.
        return check_with(connection::restoring(path)?, path, |_| false);
    }
    if !has_log(path) {
        return check_with(untouched(path)?, path, trusts);
    }
    let index = beside(path, "-shm");
    let was_there = index.exists();
    let found = check_with(looking(path)?, path, |reader| {
        // Call it in any case, so that the caller can prepare its data.
        trusts(reader);
        false
    });
    if found.is_err() && !was_there {
        let _ = fs::remove_file(index);
    }
    found
}

fn check_with(
    conn: Connection,
    path: &Path,
    trusts: impl FnOnce(&Reader) -> bool,
) -> Result<(u32, bool), StoreError> {
    let found = schema::version(&conn)?.ok_or_else(|| not_a_store(path))?;
    if found > schema::VERSION {
        return Err(StoreError::Newer { found, supported: schema::VERSION });
    }
    let reader = Reader::of(conn);
    if found == schema::VERSION && trusts(&reader) {
        return Ok((found, false));
    }
    reader.check(|| true)?;
    Ok((found, true))
}

/// Creates an empty store under another name first, so that an incomplete one is never found.
fn create(path: &Path) -> Result<(), StoreError> {
    if has_log(path) {
        let log = beside(path, "-wal");
        return Err(StoreError::Damaged(format!(
            "the file is missing, but its write-ahead log {} remains: restore the file, or move the log away",
            log.display()
        )));
    }
    let made = beside(path, "-new");
    let io = |error| StoreError::io(path, error);
    for stale in [&made, &beside(&made, "-journal")] {
        match fs::remove_file(stale) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
    }
    // Create the file first, for the system's own error message if the folder is not writable.
    File::create(&made).map_err(io)?;
    let mut conn = Connection::open(&made)?;
    conn.pragma_update(None, "page_size", PAGE_BYTES)?;
    schema::migrate(&mut conn, 0)?;
    conn.close().map_err(|(_, error)| error)?;
    File::open(&made).and_then(|file| file.sync_all()).map_err(io)?;
    fs::rename(&made, path).map_err(io)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)
}
