//! Uploads become changes: decided on, written to the log and to the records, in one transaction.

use std::sync::Arc;

use demining::{Action, Change, Detection, Outcome, Record, Review, Revision, Write};
use geometry::{Bounds, LonLat};
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection};
use uuid::Uuid;

use crate::{
    StoreError, UploadError, UploadReport,
    columns::{self, CONTENT, Columns, N_CONTENT, id_text, instant_text},
    decision::{Decision, decide},
    error::Failure,
    gpkg,
    ids::{Ids, Turn},
    reader::{RECORD, damaged, read_record, revision},
    uploads,
};

/// The wishes of one upload.
#[derive(Debug)]
pub struct Upload {
    /// The name on the token.
    pub by: String,
    /// What is to happen, in order.
    pub writes: Vec<Write>,
    /// Whether one refusal undoes the whole upload.
    pub atomic: bool,
    /// Where the records that it creates or updates stand in review.
    pub review: Review,
    /// A report to be kept with it, in the same transaction.
    pub report: Option<Report>,
}

impl Upload {
    /// An upload of approved records of which each stands for itself, without a report.
    pub fn new(by: &str, writes: Vec<Write>) -> Self {
        Self { by: by.to_owned(), writes, atomic: false, review: Review::Approved, report: None }
    }
}

/// A report on an upload, written once it is known what became of it.
pub struct Report {
    /// The id of the upload; never used twice.
    pub id: Uuid,
    /// Says the report, as JSON. It runs inside the transaction: it must not wait for anything.
    pub tell: Box<dyn FnOnce(&Committed) -> String + Send>,
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What became of an upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed {
    /// Its revision; the current one when it changed nothing.
    pub revision: Revision,
    /// One for each wish, in the same order. When the upload was undone they tell why: a wish that
    /// was not refused would have had this outcome.
    pub outcomes: Vec<Outcome>,
    /// What changed, in the order of the log. Nothing when the upload was undone.
    pub changes: Vec<Change>,
}

/// Does all uploads in the transaction that is open on `conn`. Nothing is kept before it commits.
pub(crate) fn write_all(
    conn: &Connection,
    uploads: Vec<Upload>,
    at: Timestamp,
    turn: &mut Turn,
) -> Result<Vec<Result<Committed, UploadError>>, StoreError> {
    // The store keeps milliseconds, and what is told must be what is kept.
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    let mut batch = Batch::begin(conn, at, *turn)?;
    let mut told = Vec::with_capacity(uploads.len());
    for upload in uploads {
        match batch.upload(upload) {
            Ok(committed) => told.push(Ok(committed)),
            Err(Failure::Upload(error)) => told.push(Err(error)),
            Err(Failure::Store(error)) => return Err(error),
        }
    }
    batch.describe()?;
    batch.ids.move_on(&mut batch.state.turn)?;
    *turn = batch.state.turn;
    Ok(told)
}

/// The statements of a commit, and what it knows so far.
struct Batch<'c> {
    conn: &'c Connection,
    ids: Ids<'c>,
    read: CachedStatement<'c>,
    insert: CachedStatement<'c>,
    update: CachedStatement<'c>,
    log: CachedStatement<'c>,
    at: Timestamp,
    at_text: String,
    began_at: Revision,
    state: State,
}

/// What goes back to what it was when an upload is undone.
#[derive(Debug, Clone, Copy)]
struct State {
    /// The last one given.
    revision: Revision,
    /// Of the records.
    extent: Option<Bounds>,
    /// Whether a record left the edge of it.
    extent_is_loose: bool,
    /// Of the index of ids.
    turn: Turn,
}

/// The upload being done.
struct Current {
    by: String,
    review: Review,
    revision: Revision,
    changes: Vec<Change>,
}

impl<'c> Batch<'c> {
    fn begin(conn: &'c Connection, at: Timestamp, turn: Turn) -> Result<Self, StoreError> {
        let marks = |n: usize| (1..=n).map(|k| format!("?{k}")).collect::<Vec<_>>().join(", ");
        let names: Vec<&str> = CONTENT.split(", ").collect();
        let set: Vec<String> = names.iter().zip(3..).map(|(name, k)| format!("{name} = ?{k}")).collect();
        let insert = format!(
            "INSERT INTO detections (fid, geom, {CONTENT}, review, revision, updated_at, updated_by, id)
             VALUES ({})",
            marks(7 + N_CONTENT)
        );
        let update = format!(
            "UPDATE detections SET geom = ?2, {}, review = ?23, revision = ?24, updated_at = ?25,
             updated_by = ?26 WHERE fid = ?1",
            set.join(", ")
        );
        let log = format!(
            "INSERT INTO change_log
             (revision, seq, action, number, id, \"at\", \"by\", reason, longitude, latitude, {CONTENT}, review)
             VALUES ({})",
            marks(11 + N_CONTENT)
        );
        let state = State {
            revision: revision(conn)?,
            extent: gpkg::extent(conn, "detections")?,
            extent_is_loose: false,
            turn,
        };
        Ok(Self {
            conn,
            ids: Ids::begin(conn)?,
            read: conn.prepare_cached(&format!("{} WHERE fid = ?1", *RECORD))?,
            insert: conn.prepare_cached(&insert)?,
            update: conn.prepare_cached(&update)?,
            log: conn.prepare_cached(&log)?,
            at,
            at_text: instant_text(at),
            began_at: state.revision,
            state,
        })
    }

    /// Does one upload, or leaves no trace of it.
    fn upload(&mut self, upload: Upload) -> Result<Committed, Failure> {
        let before = self.state;
        self.sql("SAVEPOINT upload")?;
        let done = self.upload_in_savepoint(upload, before);
        if done.is_err() {
            self.undo(before)?;
        }
        self.sql("RELEASE upload")?;
        done
    }

    fn upload_in_savepoint(&mut self, upload: Upload, before: State) -> Result<Committed, Failure> {
        let Upload { by, writes, atomic, review, report } = upload;
        let revision = Revision(before.revision.0 + 1);
        let mut current = Current { by, review, revision, changes: Vec::with_capacity(writes.len()) };
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            outcomes.push(self.write(write, &mut current)?);
        }
        let Current { by, mut changes, .. } = current;
        if atomic && outcomes.iter().any(|outcome| outcome.is_refusal()) {
            self.undo(before)?;
            changes.clear();
            for outcome in &mut outcomes {
                // The revision that the upload would have had is another's now.
                if *outcome == (Outcome::Conflict { current: revision }) {
                    *outcome = Outcome::Conflict { current: before.revision };
                }
            }
        }
        if !changes.is_empty() {
            self.state.revision = revision;
        }
        let committed = Committed { revision: self.state.revision, outcomes, changes };
        if let Some(Report { id, tell }) = report {
            let (revision, report) = (committed.revision, tell(&committed));
            uploads::save(self.conn, &UploadReport { id, received_at: self.at, by, revision, report })?;
        }
        Ok(committed)
    }

    fn undo(&mut self, before: State) -> Result<(), StoreError> {
        self.sql("ROLLBACK TO upload")?;
        self.state = before;
        Ok(())
    }

    fn sql(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.conn.prepare_cached(sql)?.execute([]).map(|_| ())?)
    }

    /// Does one wish, if it may be done.
    fn write(&mut self, write: Write, upload: &mut Current) -> Result<Outcome, Failure> {
        let mut buffer = [0; 36];
        let id = write.id();
        let id_text = id_text(id, &mut buffer);
        // A number without a record is that of one that was deleted.
        let had_number = self.ids.find(id)?;
        let standing = had_number.map(|number| self.read(number)).transpose()?.flatten();
        let decision = decide(&write, standing.as_ref());
        let Write { action, reason, .. } = write;
        let (outcome, number, content) = match (decision, action, standing) {
            (Decision::Leave(outcome), ..) => return Ok(outcome),
            (Decision::Create, Action::Put(wanted), _) => {
                let number = self.create(had_number, id_text, &wanted, upload)?;
                if had_number.is_none() {
                    self.ids.add(id, number, &mut self.state.turn)?;
                }
                self.widen(wanted.location);
                (Outcome::Created, number, Some(wanted))
            }
            (Decision::Update, Action::Put(wanted), Some(standing)) => {
                self.put(standing.number, &wanted, upload)?;
                self.leave(standing.detection.location);
                self.widen(wanted.location);
                (Outcome::Updated, standing.number, Some(wanted))
            }
            (Decision::Delete, _, Some(standing)) => {
                self.delete(standing.number)?;
                self.leave(standing.detection.location);
                (Outcome::Deleted, standing.number, None)
            }
            // What is updated or deleted stands there, and what is created is put.
            (Decision::Create | Decision::Update | Decision::Delete, ..) => return Ok(Outcome::Missing),
        };
        let after = content.map(|detection| {
            Arc::new(Record {
                detection: *detection,
                number,
                review: upload.review,
                revision: upload.revision,
                updated_at: self.at,
                updated_by: upload.by.clone(),
            })
        });
        let (revision, at, by) = (upload.revision, self.at, upload.by.clone());
        let change = Change { revision, at, by, reason, id, number, after };
        self.log(outcome, id_text, &change, upload.changes.len())?;
        upload.changes.push(change);
        Ok(outcome)
    }

    fn read(&mut self, number: u32) -> Result<Option<Record>, Failure> {
        let mut rows = self.read.query([number])?;
        match rows.next()? {
            Some(row) => Ok(Some(read_record(row, &mut None)?)),
            None => Ok(None),
        }
    }

    fn create(
        &mut self,
        number: Option<u32>,
        id: &str,
        wanted: &Detection,
        upload: &Current,
    ) -> Result<u32, Failure> {
        bind_record(&mut self.insert, number, wanted, upload, &self.at_text)?;
        self.insert.raw_bind_parameter(7 + N_CONTENT, id)?;
        self.insert.raw_execute()?;
        u32::try_from(self.conn.last_insert_rowid()).map_err(|_| Failure::Upload(UploadError::NoMoreNumbers))
    }

    fn put(&mut self, number: u32, wanted: &Detection, upload: &Current) -> Result<(), Failure> {
        bind_record(&mut self.update, Some(number), wanted, upload, &self.at_text)?;
        self.update.raw_execute()?;
        Ok(())
    }

    fn delete(&mut self, number: u32) -> Result<(), Failure> {
        self.conn.prepare_cached("DELETE FROM detections WHERE fid = ?1")?.execute([number])?;
        Ok(())
    }

    fn log(&mut self, outcome: Outcome, id: &str, change: &Change, seq: usize) -> Result<(), Failure> {
        let action = match outcome {
            Outcome::Created => "created",
            Outcome::Deleted => "deleted",
            _ => "updated",
        };
        let log = &mut self.log;
        log.raw_bind_parameter(1, change.revision.0.cast_signed())?;
        log.raw_bind_parameter(2, seq as u32)?;
        log.raw_bind_parameter(3, action)?;
        log.raw_bind_parameter(4, change.number)?;
        log.raw_bind_parameter(5, id)?;
        log.raw_bind_parameter(6, &self.at_text)?;
        log.raw_bind_parameter(7, &change.by)?;
        log.raw_bind_parameter(8, &change.reason)?;
        if let Some(record) = &change.after {
            log.raw_bind_parameter(9, record.detection.location.lon())?;
            log.raw_bind_parameter(10, record.detection.location.lat())?;
            columns::bind(log, 11, &record.detection)?;
            log.raw_bind_parameter(11 + N_CONTENT, record.review.word())?;
        } else {
            for k in 9..=11 + N_CONTENT {
                log.raw_bind_parameter(k, rusqlite::types::Null)?;
            }
        }
        log.raw_execute()?;
        Ok(())
    }

    fn widen(&mut self, at: LonLat) {
        let here = Bounds::of(at);
        self.state.extent = Some(self.state.extent.map_or(here, |extent| extent.union(&here)));
    }

    fn leave(&mut self, at: LonLat) {
        let strictly_inside = |e: Bounds| {
            e.west() < at.lon() && at.lon() < e.east() && e.south() < at.lat() && at.lat() < e.north()
        };
        self.state.extent_is_loose |= !self.state.extent.is_some_and(strictly_inside);
    }

    /// Brings the table of contents up to date, once for all uploads.
    fn describe(&mut self) -> Result<(), StoreError> {
        if self.state.revision == self.began_at {
            return Ok(());
        }
        if self.state.extent_is_loose {
            self.state.extent = measure(self.conn)?;
        }
        gpkg::describe(self.conn, "detections", &self.at_text, self.state.extent)?;
        gpkg::describe(self.conn, "change_log", &self.at_text, None)
    }
}

/// Binds a record to the parameters that `INSERT` and `UPDATE` share.
fn bind_record(
    statement: &mut rusqlite::Statement<'_>,
    number: Option<u32>,
    wanted: &Detection,
    upload: &Current,
    at_text: &str,
) -> rusqlite::Result<()> {
    statement.raw_bind_parameter(1, number)?;
    statement.raw_bind_parameter(2, gpkg::point(wanted.location))?;
    columns::bind(statement, 3, wanted)?;
    statement.raw_bind_parameter(3 + N_CONTENT, upload.review.word())?;
    statement.raw_bind_parameter(4 + N_CONTENT, upload.revision.0.cast_signed())?;
    statement.raw_bind_parameter(5 + N_CONTENT, at_text)?;
    statement.raw_bind_parameter(6 + N_CONTENT, &upload.by)
}

/// The extent of all records, from their positions. It reads the whole table, so it is left for when
/// a record went away from the edge.
fn measure(conn: &Connection) -> Result<Option<Bounds>, StoreError> {
    let mut extent: Option<Bounds> = None;
    let mut statement = conn.prepare_cached("SELECT fid, geom FROM detections")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = Columns(row).blob(1, "geom").and_then(gpkg::read_point);
        let here = Bounds::of(read.map_err(|problem| damaged("detections", row, &problem))?);
        extent = Some(extent.map_or(here, |extent| extent.union(&here)));
    }
    Ok(extent)
}
