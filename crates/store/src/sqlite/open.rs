//! The way to an open store: recognise the file, lock it, check it, and only then touch it.

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

/// Pages of a new store.
const PAGE_BYTES: u32 = 16 * 1024;

/// A store, open.
pub(crate) struct Opened {
    pub conn: Connection,
    /// Whether the whole file was read.
    pub is_checked: bool,
    /// The version that its tables had, if they were brought up to date.
    pub updated_from: Option<u32>,
    /// Whether the disk has room for more than this start.
    pub has_room: bool,
    pub hold: Hold,
    pub lock: Lock,
}

/// Opens the store at `path`, which is resolved, and makes it when there is none.
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

/// Brings the tables up to date, all of them or none, and keeps a copy of the file from before.
fn update(conn: &mut Connection, path: &Path, found: u32) -> Result<(), StoreError> {
    let bytes = fs::metadata(path).map_err(|error| StoreError::io(path, error))?.len();
    let no_room = |error| match error {
        // The copy, the tables that are written anew, and the same in the write-ahead log.
        StoreError::Full => {
            StoreError::NoRoomToUpdate { path: path.to_owned(), needed_mb: (3 * bytes).div_ceil(1 << 20) }
        }
        error => error,
    };
    let copy = copy::keep(conn, path, schema::VERSION).map_err(no_room)?;
    if let Err(error) = schema::migrate(conn, found) {
        // Nothing was changed, so the copy is of no use, and its room may be what lacked.
        let _ = fs::remove_file(copy);
        return Err(no_room(error));
    }
    // The write-ahead log is as large as the tables now. Whatever keeps it from being folded into the file, such as
    // a reader, the store is up to date, and the log is folded later.
    let _ = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    Ok(())
}

/// The one connection of a store; false when there was no room for it but what is kept for that.
fn writer(path: &Path) -> Result<(Connection, bool), StoreError> {
    match connection::writer(path) {
        Ok(conn) => Ok((conn, reserve::keep(path).is_ok())),
        Err(StoreError::Full | StoreError::Disk(_) | StoreError::Io { .. }) if reserve::release(path) => {
            Ok((connection::writer(path)?, false))
        }
        Err(error) => Err(error),
    }
}

/// Checks the file, and says which version of the tables it has, and whether all of it was read.
///
/// A file that was closed in order is read without locks or helper files, and not to its end when
/// the caller trusts it. One with a log beside it (the last server was killed, or QGIS is reading it)
/// has to be read through that log, for which `SQLite` makes an index; one that we made is taken away
/// again when the check fails.
fn check(path: &Path, trusts: impl FnOnce(&Reader) -> bool) -> Result<(u32, bool), StoreError> {
    if beside(path, "-journal").metadata().is_ok_and(|m| m.len() > 0) {
        // A program that took the file out of WAL mode, as QGIS does, died in the middle of a write:
        // only what SQLite restores is the file.
        return check_with(connection::restoring(path)?, path, |_| false);
    }
    if !has_log(path) {
        return check_with(untouched(path)?, path, trusts);
    }
    let index = beside(path, "-shm");
    let was_there = index.exists();
    let found = check_with(looking(path)?, path, |reader| {
        // Asked all the same, so that the caller has what it knows.
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

/// Makes an empty store under another name first, so that one that is only half made is never found.
fn create(path: &Path) -> Result<(), StoreError> {
    if has_log(path) {
        let log = beside(path, "-wal");
        return Err(StoreError::Damaged(format!(
            "the file is gone, and its write-ahead log {} is left: put the file back, or move the log away",
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
    // Only to have the system's own words when the folder cannot be written to.
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
