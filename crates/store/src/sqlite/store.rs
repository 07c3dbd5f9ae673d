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

/// The one writer of a store. It holds a lock on the file and one beside it until it is dropped; the locks
/// end with the process, however that ends.
#[derive(Debug)]
pub struct Store {
    // Fields are dropped in this order: close the file before releasing the locks.
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
    /// Opens the store at `path`, or creates it if the file is missing. Reads the whole file once to check
    /// it. Upgrades a store of an earlier version and keeps a copy of the old file beside it.
    ///
    /// # Errors
    /// [`StoreError::NoRoomToUpdate`] leaves a store of an earlier version unchanged.
    /// [`StoreError::Damaged`], [`StoreError::NotOurs`], [`StoreError::Newer`], [`StoreError::Linked`] and
    /// [`StoreError::InUse`] leave the file unchanged, byte for byte. [`StoreError::Io`] if the file or its
    /// folder is not accessible.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_trusting(path, |_| false)
    }

    /// Does the same without reading the whole file, if it was closed cleanly and `trusts` returns `true`
    /// because the caller recognises it. Then [`Store::is_checked`] returns `false`, and the caller must run
    /// [`Reader::check`]. `trusts` is called at most once, before anything is changed; the state it reads is
    /// the one that the store begins with.
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

    /// Returns `true` if the disk had room for more than opening the store.
    pub fn has_room(&self) -> bool {
        self.has_room
    }

    /// Returns `true` if opening the store checked the whole file.
    pub fn is_checked(&self) -> bool {
        self.is_checked
    }

    /// Returns the earlier version of the tables, if opening the store upgraded them.
    pub fn updated_from(&self) -> Option<u32> {
        self.updated_from
    }

    /// Sets the precision of the public view, by which commits decide whether they change it. The default is
    /// cells.
    pub fn disclose(&mut self, precision: Precision) {
        self.precision = precision;
    }

    /// Returns the path of the store, links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens another connection for reading.
    ///
    /// # Errors
    /// If the file cannot be opened again.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::open(&self.path)
    }

    /// Commits all uploads with one sync of the disk; each has its own revision, and one that changes nothing
    /// uses none. `at` is stored with millisecond precision.
    ///
    /// When this returns `Ok`, the results are on disk. They are in the order of the uploads. An upload that
    /// the database cannot store has an [`UploadError`]; the others are unaffected.
    ///
    /// # Errors
    /// Nothing of any upload is stored then. [`StoreError::Busy`], [`StoreError::Full`] and
    /// [`StoreError::Disk`] may be temporary; the same uploads can be sent again.
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

    /// Stores received uploads before anybody parses them, all with one sync of the disk. The results are in
    /// the order of the uploads.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn receive(&mut self, uploads: &[Received], at: Timestamp) -> Result<Vec<Kept>, StoreError> {
        self.checkpoints.when_busy(&self.conn)?;
        self.in_transaction(|conn, _| uploads.iter().map(|upload| inbox::keep(conn, upload, at)).collect())
    }

    /// Writes without changing anything, to check that writing works.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn attempt_to_write(&mut self) -> Result<(), StoreError> {
        self.in_transaction(|conn, _| {
            conn.execute("UPDATE clearline_meta SET value = value WHERE name = 'schema_version'", [])?;
            Ok(())
        })
    }

    /// Deletes the bytes of uploads that were received before an instant and whose rows were all accepted
    /// into the log. Returns their number.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn forget_received(&mut self, before: Timestamp) -> Result<usize, StoreError> {
        self.in_transaction(|conn, _| inbox::forget(conn, before))
    }

    /// Removes a text from the history of a record and returns the number of changes that had it. The log
    /// stays valid and keeps its head, because the digest of the text takes its place. Writes in quarantine
    /// lose the text too. Bytes of uploads, copies of the store and, while somebody reads, the write-ahead
    /// log may still contain it.
    ///
    /// A redaction is not a change of the log: a caller that keeps records in memory must read them again.
    ///
    /// # Errors
    /// [`StoreError::NotRedactable`] if one of the texts was written by version 8 or before; then none is
    /// removed. Otherwise as [`Store::commit`].
    pub fn redact(&mut self, redaction: &Redaction, at: Timestamp) -> Result<usize, StoreError> {
        unstorable::refuse([
            ("reason", Some(&redaction.reason)),
            ("name", Some(&redaction.by.name)),
            ("operator", redaction.by.operator.as_ref()),
        ])?;
        // Overwrite what is removed, and empty the write-ahead log, which has the earlier pages.
        self.conn.pragma_update(None, "secure_delete", true)?;
        let done = self.in_transaction(|conn, _| {
            let n = redact::redact(conn, redaction, at)?;
            // Records saved elsewhere no longer equal those of the log.
            edits::note(conn, Revision(revision(conn)?.0 + 1))?;
            Ok(n)
        });
        self.conn.pragma_update(None, "secure_delete", false)?;
        self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        done
    }

    /// Returns the outcomes that an upload would have if it were committed now. Nothing is written.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn attempt(
        &mut self,
        upload: Upload,
        at: Timestamp,
    ) -> Result<Result<Vec<Outcome>, UploadError>, StoreError> {
        self.ids.expect(&self.conn, upload.writes.len())?;
        // Dropping the transaction rolls it back.
        let tx = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        let told = commit::write_all(&tx, vec![upload], at, self.precision, &mut self.ids);
        self.ids.undo(0);
        Ok(told?.pop().map_or(Ok(Vec::new()), |done| done.map(|committed| committed.outcomes)))
    }

    /// Replaces regions, places and reported figures. Returns `false`, without writing, if nothing changed.
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

    /// Housekeeping that would delay a commit: call it when there is nothing to commit. Usually it does
    /// nothing; about every 16 MiB it checkpoints the write-ahead log, and after several tens of thousands of
    /// new records it moves their ids to the index.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn tidy(&mut self) -> Result<(), StoreError> {
        if self.ids.are_due() {
            self.move_ids()?;
        }
        self.checkpoints.when_idle(&self.conn)
    }

    /// Closes the file. Dropping the store does the same but cannot report an error.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn close(self) -> Result<(), StoreError> {
        self.conn.close().map_err(|(_, error)| error)?;
        // Closing has freed some room, if there was none before. Without the reserve the next start only
        // needs a disk that is not full.
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
