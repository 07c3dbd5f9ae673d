//! The one writer of a store.

use std::path::{Path, PathBuf};

use demining::{Outcome, Place, Precision, Region, ReportedFigure, Revision};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{
    error::{StoreError, UploadError},
    inbox::{Kept, Received},
    redaction::Redaction,
    sqlite::{
        commit,
        file::{
            checkpoint::Checkpoints,
            edits,
            lock::{Hold, Lock},
            names::resolve,
            reserve,
        },
        log::revision,
        open::{self, Opened},
        reader::Reader,
        redact,
        tables::{ids::Ids, inbox, reference},
    },
    unstorable,
    upload::{Committed, Upload},
};

/// The one writer of a store. Holds a lock on the file and one beside it as long as it lives; the locks go
/// with the process, however that ends.
#[derive(Debug)]
pub struct Store {
    // Fields are dropped in this order: the file is closed before the locks are given back.
    conn: Connection,
    checkpoints: Checkpoints,
    ids: Ids,
    path: PathBuf,
    precision: Precision,
    is_checked: bool,
    updated_from: Option<u32>,
    has_room: bool,
    _hold: Hold,
    _lock: Lock,
}

impl Store {
    /// Opens the store at `path`; makes it when there is no file. Reads the whole file once to check it. A store of an
    /// earlier version is brought up to date, and a copy from before is kept beside it.
    ///
    /// # Errors
    /// [`StoreError::NoRoomToUpdate`] leaves a store of an earlier version as it is.
    /// [`StoreError::Damaged`], [`StoreError::NotOurs`], [`StoreError::Newer`], [`StoreError::Linked`] and
    /// [`StoreError::InUse`] leave the file as it is, byte for byte. [`StoreError::Io`] when the file
    /// or its folder cannot be reached.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_trusting(path, |_| false)
    }

    /// The same without reading the whole file, if it was closed in order and `trusts` says that it
    /// is what the caller knows. Then [`Store::is_checked`] is false, and [`Reader::check`] is left
    /// to the caller. `trusts` is asked at most once, before anything is changed; what it reads is
    /// what the store then begins with.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_trusting(
        path: impl AsRef<Path>,
        trusts: impl FnOnce(&Reader) -> bool,
    ) -> Result<Self, StoreError> {
        let path = resolve(path.as_ref())?;
        let Opened { conn, is_checked, updated_from, has_room, hold, lock } = open::open(&path, trusts)?;
        let (checkpoints, ids) = (Checkpoints::begin(&conn)?, Ids::open(&conn)?);
        let precision = Precision::default();
        Ok(Self {
            conn,
            checkpoints,
            ids,
            path,
            precision,
            is_checked,
            updated_from,
            has_room,
            _hold: hold,
            _lock: lock,
        })
    }

    /// Whether the disk had room for more than opening the store.
    pub fn has_room(&self) -> bool {
        self.has_room
    }

    /// Whether the whole file was read when it was opened, and found whole.
    pub fn is_checked(&self) -> bool {
        self.is_checked
    }

    /// The version that its tables had, if opening it brought them up to date.
    pub fn updated_from(&self) -> Option<u32> {
        self.updated_from
    }

    /// Says how precisely the public sees what is not dealt with: commits tell by it whether they
    /// change what the public knows. In cells, unless it is said.
    pub fn disclose(&mut self, precision: Precision) {
        self.precision = precision;
    }

    /// Where the store lies, links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Another connection, for reading.
    ///
    /// # Errors
    /// When the file cannot be opened once more.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::open(&self.path)
    }

    /// Commits all uploads with one sync of the disk; each has a revision of its own, and one that
    /// changes nothing uses none. `at` is kept to the millisecond.
    ///
    /// When this returns `Ok`, what was told is on the disk. The answers are in the order of the
    /// uploads. An upload of which the database can keep nothing has an [`UploadError`], its
    /// neighbours stand.
    ///
    /// # Errors
    /// Nothing of any upload is kept then. [`StoreError::Busy`], [`StoreError::Full`] and
    /// [`StoreError::Disk`] may pass; the same uploads can be sent again.
    pub fn commit(
        &mut self,
        uploads: Vec<Upload>,
        at: Timestamp,
    ) -> Result<Vec<Result<Committed, UploadError>>, StoreError> {
        self.checkpoints.when_busy(&self.conn)?;
        if self.ids.are_overdue() {
            self.move_ids()?;
        }
        self.ids.expect(&self.conn, uploads.iter().map(|upload| upload.writes.len()).sum())?;
        let precision = self.precision;
        let told = self.in_transaction(|conn, ids| {
            let (others_wrote, last) = (edits::are_last(conn)?, revision(conn)?);
            let told = commit::write_all(conn, uploads, at, precision, ids)?;
            if others_wrote && revision(conn)? > last {
                edits::note(conn, Revision(last.0 + 1))?;
            }
            Ok(told)
        });
        match told {
            Ok(_) => self.ids.keep(),
            Err(_) => self.ids.undo(0),
        }
        told
    }

    /// Keeps uploads as they came, all with one sync of the disk, before anybody looks into them. The
    /// answers are in the order of the uploads.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn receive(&mut self, uploads: &[Received], at: Timestamp) -> Result<Vec<Kept>, StoreError> {
        self.checkpoints.when_busy(&self.conn)?;
        self.in_transaction(|conn, _| uploads.iter().map(|upload| inbox::keep(conn, upload, at)).collect())
    }

    /// Writes something that changes nothing, to see whether that can be done.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn attempt_to_write(&mut self) -> Result<(), StoreError> {
        self.in_transaction(|conn, _| {
            conn.execute("UPDATE clearline_meta SET value = value WHERE name = 'schema_version'", [])?;
            Ok(())
        })
    }

    /// Forgets the bytes of uploads that were received before an instant, and of which every row found
    /// its place in the log. Says how many there were.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn forget_received(&mut self, before: Timestamp) -> Result<usize, StoreError> {
        self.in_transaction(|conn, _| inbox::forget(conn, before))
    }

    /// Removes a text from the history of a record and returns the number of changes that had it. The log stays whole
    /// and keeps its head, because the digest of the text takes its place. Writes in quarantine lose the text too. Bytes
    /// of uploads, copies of the store and, while somebody reads, the write-ahead log may still have it.
    ///
    /// A redaction is not a change of the log: a caller that keeps records in memory must read them again.
    ///
    /// # Errors
    /// [`StoreError::NotRedactable`] when one of the texts was written by version 8 or before; then none is removed.
    /// Otherwise as [`Store::commit`].
    pub fn redact(&mut self, redaction: &Redaction, at: Timestamp) -> Result<usize, StoreError> {
        unstorable::refuse([
            ("reason", Some(&redaction.reason)),
            ("name", Some(&redaction.by.name)),
            ("operator", redaction.by.operator.as_ref()),
        ])?;
        // What is removed is overwritten, and the write-ahead log, which has the pages of before, is emptied.
        self.conn.pragma_update(None, "secure_delete", true)?;
        let done = self.in_transaction(|conn, _| {
            let n = redact::redact(conn, redaction, at)?;
            // Records that were saved elsewhere are not those of the log any more.
            edits::note(conn, Revision(revision(conn)?.0 + 1))?;
            Ok(n)
        });
        self.conn.pragma_update(None, "secure_delete", false)?;
        self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        done
    }

    /// What would become of an upload if it were committed now. Nothing is written.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn attempt(
        &mut self,
        upload: Upload,
        at: Timestamp,
    ) -> Result<Result<Vec<Outcome>, UploadError>, StoreError> {
        self.ids.expect(&self.conn, upload.writes.len())?;
        // A transaction that is dropped is rolled back.
        let tx = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        let told = commit::write_all(&tx, vec![upload], at, self.precision, &mut self.ids);
        self.ids.undo(0);
        Ok(told?.pop().map_or(Ok(Vec::new()), |done| done.map(|committed| committed.outcomes)))
    }

    /// Replaces regions, places and reported figures, and says whether anything was another than
    /// before; if not, nothing is written.
    ///
    /// # Errors
    /// As [`Store::commit`]. Ids must be unique within each list.
    pub fn replace_reference(
        &mut self,
        regions: &[Region],
        places: &[Place],
        figures: &[ReportedFigure],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.in_transaction(|conn, _| reference::replace(conn, regions, places, figures, at))
    }

    /// Housekeeping that would make a commit wait: call it when there is nothing to commit. Mostly
    /// it does nothing; every 16 MiB or so it folds the write-ahead log into the file, and after some ten
    /// thousand new records it sorts their ids in among the others.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn tidy(&mut self) -> Result<(), StoreError> {
        if self.ids.are_due() {
            self.move_ids()?;
        }
        self.checkpoints.when_idle(&self.conn)
    }

    /// Closes the file. Dropping the store does the same, and cannot tell of an error.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn close(self) -> Result<(), StoreError> {
        self.conn.close().map_err(|(_, error)| error)?;
        // What was taken away just now has left room, if there was none before. Without it the next start
        // only needs a disk that is not full.
        let _ = reserve::keep(&self.path);
        Ok(())
    }

    fn move_ids(&mut self) -> Result<(), StoreError> {
        self.in_transaction(|conn, ids| ids.move_on(conn))?;
        self.ids.forget_moved();
        Ok(())
    }

    fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&Connection, &mut Ids) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        let done = work(&tx, &mut self.ids)?;
        tx.commit()?;
        self.checkpoints.note_commit();
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use demining::Names;

    #[test]
    fn a_full_disk_fails_the_commit_as_full_and_nothing_of_it_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path().join("clearline.gpkg")).unwrap();
        let pages: i64 = store.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        let limit = |store: &Store, pages: i64| {
            store.conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        };
        let names = Names { by_language: vec![("en".into(), "x".repeat(100_000))], aliases: Vec::new() };
        let location = geometry::LonLat::new(46.0, 40.0).unwrap();
        let places = [Place { id: 1, names, location, population: 0, country: "AZ".into() }];
        limit(&store, pages + 2);
        let told = store.replace_reference(&[], &places, &[], Timestamp::UNIX_EPOCH);
        assert!(matches!(told, Err(StoreError::Full)), "{told:?}");
        assert_eq!(store.reader().unwrap().places().unwrap(), []);
        assert_eq!(store.reader().unwrap().revision().unwrap(), Revision(0));
        limit(&store, 1_000_000);
        assert!(store.replace_reference(&[], &places, &[], Timestamp::UNIX_EPOCH).unwrap());
    }
}
