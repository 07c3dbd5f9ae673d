//! Uploads become changes: decided on, written to the log and to the records, in one transaction.

use std::sync::{Arc, LazyLock};

use demining::{
    Action, Aside, Author, Change, Detection, Expect, Outcome, Precision, Public, Record, Review, Revision,
    Write,
};
use geometry::{Bounds, LonLat, wkb};
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, Statement, ToSql, types::Null};
use uuid::Uuid;

use crate::Head;
use crate::StoreError;
use crate::UploadError;
use crate::UploadReport;
use crate::decide::{Decision, decide};
use crate::sqlite::access::{self as tokens, Proof};
use crate::sqlite::chain::{self, CHANGE_COLUMNS, Link};
use crate::sqlite::columns::{self, Columns, N_CONTENT, id_text, instant_text};
use crate::sqlite::error::Failure;
use crate::sqlite::gpkg;
use crate::sqlite::reader::{RECORD, damaged, history, read_record, shown};
use crate::sqlite::tables::ids::{Ids, Index};
use crate::sqlite::tables::inbox::{self, Received};
use crate::sqlite::tables::photos;
use crate::sqlite::tables::quarantine::{self as held, From};
use crate::sqlite::tables::refused::{self, Settlement};
use crate::sqlite::tables::reports as uploads;

/// The wishes of one upload.
#[derive(Debug)]
pub struct Upload {
    /// Who writes.
    pub by: Author,
    /// By what it is known that the writer may; looked at once more in the transaction itself.
    pub proof: Proof,
    /// What is to happen, in order.
    pub writes: Vec<Write>,
    /// Whether one refusal undoes the whole upload.
    pub atomic: bool,
    /// Where the records that it creates stand in review.
    pub review: Review,
    /// Where those stand whose content it changes; where they stood when none.
    pub review_of_changed: Option<Review>,
    /// Whether what would be refused is set aside for a manager.
    pub sets_aside: bool,
    /// Decisions on what was set aside; they stand when no write of this upload is refused.
    pub decides: Vec<held::Decision>,
    /// What is settled by it of what could not stand; it stands when no write of this upload is refused.
    pub settles: Vec<Settlement>,
    /// What it came in as, when that is kept in the same transaction: when all of it is undone, neither this nor
    /// its report is kept.
    pub receives: Option<Received>,
    /// A report to be kept with it, in the same transaction.
    pub report: Option<Report>,
}

impl Upload {
    /// An upload of approved records of which each stands for itself, without a report.
    pub fn new(by: impl Into<Author>, writes: Vec<Write>) -> Self {
        Self {
            by: by.into(),
            proof: Proof::None,
            writes,
            atomic: false,
            review: Review::Approved,
            review_of_changed: None,
            sets_aside: false,
            decides: Vec::new(),
            settles: Vec::new(),
            receives: None,
            report: None,
        }
    }
}

/// A report on an upload, written once it is known what became of it.
pub struct Report {
    /// The id of the upload; never used twice.
    pub id: Uuid,
    /// Says the report. It runs inside the transaction: it must not wait for anything.
    pub tell: Box<dyn FnOnce(&Committed) -> Told + Send>,
}

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// How the report is written.
    pub version: u32,
    /// The report, as JSON.
    pub report: String,
    /// Whether something could not stand that a manager has to look into.
    pub is_refused: bool,
    /// Whether every row found its place in the log: then the bytes need not be kept for good.
    pub is_whole: bool,
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

/// Adds a change to the log.
static LOG: LazyLock<String> = LazyLock::new(|| {
    let marks = vec!["?"; 9 + N_CONTENT].join(", ");
    format!("INSERT INTO change_log ({}) VALUES ({marks})", *CHANGE_COLUMNS)
});

/// Does all uploads in the transaction that is open on `conn`. Nothing is kept before it commits.
pub(crate) fn write_all(
    conn: &Connection,
    uploads: Vec<Upload>,
    at: Timestamp,
    precision: Precision,
    ids: &mut Ids,
) -> Result<Vec<Result<Committed, UploadError>>, StoreError> {
    // The store keeps milliseconds, and what is told must be what is kept.
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    let mut batch = Batch::begin(conn, at, precision, ids)?;
    let mut told = Vec::with_capacity(uploads.len());
    for upload in uploads {
        match batch.upload(upload) {
            Ok(committed) => told.push(Ok(committed)),
            Err(Failure::Upload(error)) => told.push(Err(error)),
            Err(Failure::Store(error)) => return Err(error),
        }
    }
    batch.describe()?;
    batch.ids.write(conn)?;
    Ok(told)
}

/// The statements of a commit, and what it knows so far.
struct Batch<'c> {
    conn: &'c Connection,
    ids: &'c mut Ids,
    index: Index<'c>,
    read: CachedStatement<'c>,
    log: CachedStatement<'c>,
    place: CachedStatement<'c>,
    /// How precisely the public sees.
    precision: Precision,
    at: Timestamp,
    at_text: String,
    began_at: Revision,
    state: State,
}

/// What goes back to what it was when an upload is undone.
#[derive(Debug, Clone, Copy)]
struct State {
    /// The last revision given, with its hash.
    head: Head,
    /// The public's revision.
    shown: Revision,
    /// Of the records.
    extent: Option<Bounds>,
    /// Whether a record left the edge of it.
    extent_is_loose: bool,
    /// Of the last record that there ever was.
    last_number: i64,
    /// The last fid of the log.
    last_change: i64,
    /// Ids that this commit added.
    n_ids: usize,
}

/// The upload being done.
struct Current {
    by: Author,
    review: Review,
    review_of_changed: Option<Review>,
    revision: Revision,
    changes: Vec<Change>,
    /// Whether it changed what the public may know.
    is_shown: bool,
    /// Its hash, from its first change on.
    link: Option<Link>,
    sets_aside: bool,
    /// The id of its report.
    id: Option<Uuid>,
}

impl<'c> Batch<'c> {
    fn begin(
        conn: &'c Connection,
        at: Timestamp,
        precision: Precision,
        ids: &'c mut Ids,
    ) -> Result<Self, StoreError> {
        let last = |sql: &str| conn.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0));
        let state = State {
            head: chain::head(conn)?,
            shown: shown(conn)?,
            extent: gpkg::extent(conn, "detections")?,
            extent_is_loose: false,
            last_number: last("SELECT coalesce(max(number), 0) FROM clearline_records")?,
            last_change: last("SELECT coalesce(max(fid), 0) FROM change_log")?,
            n_ids: ids.n_added(),
        };
        let place = "REPLACE INTO clearline_records (number, change, stands) VALUES (?1, ?2, ?3)";
        Ok(Self {
            conn,
            ids,
            index: Index::begin(conn)?,
            read: conn.prepare_cached(&format!("{} WHERE fid = ?1", *RECORD))?,
            log: conn.prepare_cached(&LOG)?,
            place: conn.prepare_cached(place)?,
            precision,
            at,
            at_text: instant_text(at),
            began_at: state.head.revision,
            state,
        })
    }

    /// Does one upload, or leaves no trace of it.
    fn upload(&mut self, upload: Upload) -> Result<Committed, Failure> {
        let before = self.state;
        self.sql("SAVEPOINT upload")?;
        let done = self.upload_in_savepoint(upload, before);
        if let Err(failure) = done {
            // After some failures, such as a full disk, SQLite has undone the whole transaction: there is
            // no savepoint to go back to, and the failure is what is to be told.
            if self.conn.is_autocommit() {
                return Err(failure.of_all());
            }
            self.undo(before)?;
            self.sql("RELEASE upload")?;
            return Err(failure);
        }
        self.sql("RELEASE upload")?;
        done
    }

    fn upload_in_savepoint(&mut self, upload: Upload, before: State) -> Result<Committed, Failure> {
        let Upload {
            by,
            proof,
            writes,
            atomic,
            review,
            review_of_changed,
            sets_aside,
            decides,
            settles,
            receives,
            mut report,
        } = upload;
        if !tokens::stands(self.conn, &proof, self.at)? {
            return Err(Failure::Upload(UploadError::Revoked));
        }
        if let Some(received) = &receives
            && let Some(error) = inbox::keep(self.conn, received, self.at)?.error()
        {
            return Err(Failure::Upload(error));
        }
        let revision = Revision(before.head.revision.0 + 1);
        let changes = Vec::with_capacity(writes.len());
        let id = report.as_ref().map(|report| report.id);
        let mut current = Current {
            by,
            review,
            review_of_changed,
            revision,
            changes,
            is_shown: false,
            link: None,
            sets_aside,
            id,
        };
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            outcomes.push(self.write(write, &mut current)?);
        }
        let Current { by, mut changes, is_shown, link, .. } = current;
        if !outcomes.iter().any(|outcome| outcome.is_refusal()) {
            for decision in &decides {
                if !held::decide(self.conn, decision, &by.name, self.at)? {
                    // Another was faster: nothing of this upload stands.
                    return Err(Failure::Upload(UploadError::Decided));
                }
            }
            for settlement in &settles {
                refused::settle(self.conn, settlement, &by.name, self.at)?;
            }
        }
        if atomic && outcomes.iter().any(|outcome| outcome.is_refusal()) {
            self.undo(before)?;
            changes.clear();
            report = report.filter(|_| receives.is_none());
            for outcome in &mut outcomes {
                // The revision that the upload would have had is another's now.
                if *outcome == (Outcome::Conflict { current: revision }) {
                    *outcome = Outcome::Conflict { current: before.head.revision };
                }
            }
        }
        if let Some(link) = link.filter(|_| !changes.is_empty()) {
            self.state.head = Head { revision, hash: link.finish() };
            chain::set_hash(self.conn, self.state.head)?;
            self.show_revision(&mut changes, is_shown)?;
        }
        let committed = Committed { revision: self.state.head.revision, outcomes, changes };
        if let Some(Report { id, tell }) = report {
            let (revision, Told { version, report, is_refused, is_whole }) =
                (committed.revision, tell(&committed));
            let kept = UploadReport { id, received_at: self.at, by, revision, version, report };
            uploads::save(self.conn, &kept)?;
            inbox::note_judged(self.conn, id, is_refused, is_whole)?;
        }
        Ok(committed)
    }

    fn undo(&mut self, before: State) -> Result<(), StoreError> {
        self.sql("ROLLBACK TO upload")?;
        self.ids.undo(before.n_ids);
        self.state = before;
        Ok(())
    }

    fn sql(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.conn.prepare_cached(sql)?.execute([]).map(|_| ())?)
    }

    /// Does one wish, if it may be done.
    fn write(&mut self, write: Write, upload: &mut Current) -> Result<Outcome, Failure> {
        let id = write.id();
        // A number without a record is that of one that was deleted.
        let had_number = self.ids.find(&mut self.index, id)?;
        let standing = had_number.map(|number| self.read(number)).transpose()?.flatten();
        let decision = match decide(&write, standing.as_ref()) {
            Decision::Leave(outcome) => {
                if let (Action::Put(wanted), Expect::Same, Some(number)) =
                    (&write.action, write.expect, had_number)
                    && was_so(&history(self.conn, number)?, write.expect, wanted)
                {
                    return Ok(Outcome::Unchanged);
                }
                let why = match outcome {
                    Outcome::Held(why) => Some(why),
                    refused => refused.aside().filter(|_| upload.sets_aside),
                };
                return why.map_or(Ok(outcome), |why| self.set_aside(&write, why, had_number, upload));
            }
            decision => decision,
        };
        let Write { action, reason, .. } = write;
        // What is to stand there: its content, and where it stands in review.
        let (outcome, wanted) = match (decision, action, &standing) {
            (Decision::Create, Action::Put(wanted), _) => (Outcome::Created, Some((*wanted, upload.review))),
            (Decision::Update, Action::Put(wanted), Some(standing)) => {
                let review = upload.review_of_changed.unwrap_or(standing.review);
                (Outcome::Updated, Some((*wanted, review)))
            }
            (Decision::Update, Action::Review(_, review), Some(standing)) => {
                (Outcome::Updated, Some((standing.detection.clone(), review)))
            }
            (Decision::Delete, ..) => (Outcome::Deleted, None),
            // What is not there is only ever created, and only by a put.
            _ => return Ok(Outcome::Missing),
        };
        if let Some(standing) = &standing {
            self.leave(standing.detection.location);
        }
        if let Some(wanted) = &wanted {
            self.widen(wanted.0.location);
        }
        let number = had_number.map_or_else(|| self.new_number(id), Ok)?;
        let after = wanted.map(|(detection, review)| {
            Arc::new(Record {
                detection,
                number,
                review,
                revision: upload.revision,
                updated_at: self.at,
                updated_by: upload.by.name.clone(),
            })
        });
        self.list_for_review(number, standing.as_ref(), after.as_deref())?;
        if !upload.is_shown {
            let public = |record: &Record| Public::of(record, self.precision);
            upload.is_shown = standing.as_ref().and_then(public) != after.as_deref().and_then(public);
        }
        let (revision, shown) = (upload.revision, self.state.shown);
        let change =
            Change { revision, shown, at: self.at, by: upload.by.clone(), reason, id, number, after };
        let previous = if had_number.is_some() { self.last_change(number)? } else { None };
        let link = match &mut upload.link {
            Some(link) => link,
            none => none.insert(self.begin_revision(upload.revision, &upload.by)?),
        };
        self.log(outcome, &change, previous, link)?;
        upload.changes.push(change);
        Ok(outcome)
    }

    /// Keeps a wish for a manager, if it is one that can wait.
    fn set_aside(
        &self,
        write: &Write,
        why: Aside,
        number: Option<u32>,
        upload: &Current,
    ) -> Result<Outcome, Failure> {
        let (Action::Put(wanted) | Action::Aside(wanted, _)) = &write.action else {
            return Ok(Outcome::Missing);
        };
        if let Some(number) = number
            && was_so(&history(self.conn, number)?, write.expect, wanted)
        {
            return Ok(Outcome::Unchanged);
        }
        let from = From { upload: upload.id, by: &upload.by, at: &self.at_text };
        held::hold(self.conn, from, write, wanted, why)?;
        Ok(Outcome::Held(why))
    }

    fn read(&mut self, number: u32) -> Result<Option<Record>, Failure> {
        let mut rows = self.read.query([number])?;
        match rows.next()? {
            Some(row) => Ok(Some(read_record(row, &mut None)?)),
            None => Ok(None),
        }
    }

    /// Writes the row of a revision, and begins its hash.
    fn begin_revision(&self, revision: Revision, by: &Author) -> Result<Link, Failure> {
        let sql = "INSERT INTO revisions (revision, first_change, \"at\", \"by\", by_operator)
             VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut link = Link::after(self.state.head.hash);
        let mut row = NewRow::of(&mut statement, &mut link);
        row.add(&revision.0.cast_signed())?;
        row.add(&(self.state.last_change + 1))?;
        row.add(&self.at_text)?;
        row.add(&by.name)?;
        row.add(&by.operator)?;
        row.insert()?;
        Ok(link)
    }

    /// Says where the public's view stands after a revision: further, where what it sees has changed.
    fn show_revision(&mut self, changes: &mut [Change], is_shown: bool) -> Result<(), Failure> {
        if !is_shown {
            return Ok(());
        }
        self.state.shown.0 += 1;
        let sql = "INSERT INTO clearline_shown (revision, shown) VALUES (?1, ?2)";
        let row = (self.state.head.revision.0.cast_signed(), self.state.shown.0.cast_signed());
        self.conn.prepare_cached(sql)?.execute(row)?;
        for change in changes {
            change.shown = self.state.shown;
        }
        Ok(())
    }

    /// Keeps the list of what is not approved.
    fn list_for_review(
        &self,
        number: u32,
        before: Option<&Record>,
        after: Option<&Record>,
    ) -> Result<(), Failure> {
        let waits = |record: Option<&Record>| record.map(|r| r.review).filter(|r| *r != Review::Approved);
        let (before, after) = (waits(before), waits(after));
        if before == after {
            return Ok(());
        }
        let each = |sql: &str, review: Option<Review>| match review {
            Some(review) => self.conn.prepare_cached(sql)?.execute((review.word(), number)).map(|_| ()),
            None => Ok(()),
        };
        each("DELETE FROM clearline_unapproved WHERE review = ?1 AND number = ?2", before)?;
        Ok(each("INSERT INTO clearline_unapproved (review, number) VALUES (?1, ?2)", after)?)
    }

    fn new_number(&mut self, id: Uuid) -> Result<u32, Failure> {
        let next = self.state.last_number + 1;
        let number = u32::try_from(next).map_err(|_| Failure::Upload(UploadError::NoMoreNumbers))?;
        self.ids.add(id, number);
        self.state.last_number = next;
        self.state.n_ids = self.ids.n_added();
        Ok(number)
    }

    fn last_change(&self, number: u32) -> Result<Option<i64>, Failure> {
        let sql = "SELECT change FROM clearline_records WHERE number = ?1";
        Ok(self.conn.prepare_cached(sql)?.query_row([number], |row| row.get(0))?)
    }

    /// Writes a change, and that it is the last one of its record.
    fn log(
        &mut self,
        outcome: Outcome,
        change: &Change,
        previous: Option<i64>,
        link: &mut Link,
    ) -> Result<(), Failure> {
        let action = match outcome {
            Outcome::Created => "created",
            Outcome::Deleted => "deleted",
            _ => "updated",
        };
        self.state.last_change += 1;
        let mut row = NewRow::of(&mut self.log, link);
        row.add(&self.state.last_change)?;
        row.add(&change.revision.0.cast_signed())?;
        row.add(&change.number)?;
        row.add(&previous)?;
        row.add(&action)?;
        row.add(&id_text(change.id, &mut [0; 36]))?;
        row.add(&change.reason)?;
        if let Some(record) = &change.after {
            row.add(&wkb::point_blob(record.detection.location))?;
            columns::each_value(&record.detection, |value| row.add(value))?;
            row.add(&record.review.word())?;
        } else {
            for _ in 0..N_CONTENT + 2 {
                row.add(&Null)?;
            }
        }
        row.insert()?;
        if let Some(record) = &change.after {
            photos::note(self.conn, record)?;
        }
        self.place.execute((change.number, self.state.last_change, change.after.is_some()))?;
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

    /// Brings the table of contents and the head of the log up to date, once for all uploads.
    fn describe(&mut self) -> Result<(), StoreError> {
        if self.state.head.revision == self.began_at {
            return Ok(());
        }
        if self.state.extent_is_loose {
            self.state.extent = measure(self.conn)?;
        }
        gpkg::describe(self.conn, "detections", &self.at_text, self.state.extent)?;
        gpkg::describe(self.conn, "change_log", &self.at_text, None)?;
        chain::keep_head(self.conn, self.state.head)
    }
}

/// Whether the record was as it is wanted, at the revision that the sender knew or since: then this is what was
/// sent before and comes once more, or what somebody else said too, and all of it is in the history.
fn was_so(history: &[Change], expect: Expect, wanted: &Detection) -> bool {
    let since = match expect {
        Expect::At(revision) => revision,
        Expect::Same | Expect::UpTo(_) | Expect::Any => Revision(0),
    };
    let is_wanted = |change: &Change| change.after.as_ref().is_some_and(|after| after.detection == *wanted);
    history.iter().take_while(|change| change.revision >= since).any(is_wanted)
}

/// A row on its way into the log and into the hash of its revision: what is written is what is hashed.
struct NewRow<'a, 'c> {
    statement: &'a mut Statement<'c>,
    link: &'a mut Link,
    n_values: usize,
}

impl<'a, 'c> NewRow<'a, 'c> {
    fn of(statement: &'a mut Statement<'c>, link: &'a mut Link) -> Self {
        Self { statement, link, n_values: 0 }
    }

    /// The value of the next column.
    fn add(&mut self, value: &dyn ToSql) -> rusqlite::Result<()> {
        self.n_values += 1;
        self.statement.raw_bind_parameter(self.n_values, value)?;
        self.link.add_given(value)
    }

    fn insert(self) -> rusqlite::Result<()> {
        self.statement.raw_execute()?;
        self.link.end_row();
        Ok(())
    }
}

/// The extent of all records, from their positions. It reads the whole table, so it is left for when
/// a record went away from the edge.
fn measure(conn: &Connection) -> Result<Option<Bounds>, StoreError> {
    let mut extent: Option<Bounds> = None;
    let mut statement = conn.prepare_cached("SELECT fid, geom FROM detections")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = Columns(row).blob(1, "geom").and_then(wkb::read_point_blob);
        let here = Bounds::of(read.map_err(|problem| damaged("detections", row, &problem))?);
        extent = Some(extent.map_or(here, |extent| extent.union(&here)));
    }
    Ok(extent)
}
