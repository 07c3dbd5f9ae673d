//! Reading: the records as they stand, their history, and what changed since.

use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use demining::{Author, Change, Detection, Place, Record, Region, ReportedFigure, Review, Revision};
use geometry::wkb;
use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, types::ValueRef};
use uuid::Uuid;

use crate::Head;
use crate::Held;
use crate::Kept;
use crate::PhotoUse;
use crate::Received;
use crate::Refused;
use crate::Session;
use crate::StoreError;
use crate::Token;
use crate::UploadReport;
use crate::sqlite::access::{self as tokens, Proof};
use crate::sqlite::chain;
use crate::sqlite::columns::{self, CONTENT, Columns, N_CONTENT, instant};
use crate::sqlite::file::connection;
use crate::sqlite::file::edits;
use crate::sqlite::tables::ids;
use crate::sqlite::tables::inbox;
use crate::sqlite::tables::owners;
use crate::sqlite::tables::photos;
use crate::sqlite::tables::quarantine as held;
use crate::sqlite::tables::reference;
use crate::sqlite::tables::refused;
use crate::sqlite::tables::reports as uploads;

/// Reads a store beside its writer. It sees what was committed before each call, and never waits
/// for the writer nor keeps it waiting. It can be sent to another thread; several may exist.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
}

/// Pages, or steps of a query, between two questions of a check: a millisecond or so.
const STEPS: i32 = 256;

/// A place in the change log: everything up to here was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The revision.
    pub revision: Revision,
    /// The change of it, counted from 0; `u32::MAX` after the last one.
    pub seq: u32,
}

impl Position {
    /// After all of `revision`.
    pub fn after(revision: Revision) -> Self {
        Self { revision, seq: u32::MAX }
    }
}

/// A piece of the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The changes in order, of whole revisions unless a single one has more than were asked for.
    pub changes: Vec<Change>,
    /// Where to go on.
    pub next: Position,
    /// Whether there is more already.
    pub more: bool,
}

impl Reader {
    /// Opens the store at `path` for reading, whether or not a server has it open.
    ///
    /// # Errors
    /// As [`Store::open`](crate::Store::open); also when there is no store, or one of an older version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path: PathBuf = connection::resolve(path.as_ref())?;
        Ok(Self::of(connection::reader(&path)?))
    }

    pub(crate) fn of(conn: Connection) -> Self {
        Self { conn }
    }

    /// The last revision; 0 when nothing was ever written.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn revision(&self) -> Result<Revision, StoreError> {
        revision(&self.conn)
    }

    /// The last revision with its hash: what is to be published, so that nobody can change the log
    /// unseen; see [`Head`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn head(&self) -> Result<Head, StoreError> {
        chain::head(&self.conn)
    }

    /// Where the public's view stood after a revision.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn shown_at(&self, revision: Revision) -> Result<Revision, StoreError> {
        let sql = "SELECT shown FROM clearline_shown WHERE revision <= ?1 ORDER BY revision DESC LIMIT 1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let shown = statement.query_row([revision.0.cast_signed()], |row| row.get::<_, i64>(0)).optional()?;
        Ok(Revision(shown.unwrap_or(0).unsigned_abs()))
    }

    /// The numbers of the records that stand so in review, after a number, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unapproved(&self, review: Review, after: u32, limit: usize) -> Result<Vec<u32>, StoreError> {
        let sql = "SELECT number FROM clearline_unapproved WHERE review = ?1 AND number > ?2 \
                   ORDER BY number LIMIT ?3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.conn.prepare_cached(sql)?;
        let numbers = statement.query_map((review.word(), after, limit), |row| row.get(0))?;
        Ok(numbers.collect::<rusqlite::Result<_>>()?)
    }

    /// The numbers of records that are approved, those that were changed last first, each after the number of its last
    /// change in the log: those before one, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn approved(&self, before: i64, limit: usize) -> Result<Vec<(i64, u32)>, StoreError> {
        let sql = "SELECT l.fid, l.number FROM change_log AS l
                     CROSS JOIN clearline_records AS s ON s.number = l.number AND s.change = l.fid AND s.stands
                   WHERE l.fid < ?1 AND l.review = ?2 ORDER BY l.fid DESC LIMIT ?3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.conn.prepare_cached(sql)?;
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let numbers = statement.query_map((before, Review::Approved.word(), limit), row)?;
        Ok(numbers.collect::<rusqlite::Result<_>>()?)
    }

    /// How many records stand so in review.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn n_unapproved(&self, review: Review) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM clearline_unapproved WHERE review = ?1";
        let n: i64 = self.conn.prepare_cached(sql)?.query_row([review.word()], |row| row.get(0))?;
        Ok(n.unsigned_abs())
    }

    /// How many records there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn len(&self) -> Result<u64, StoreError> {
        let count = "SELECT count(*) FROM clearline_records WHERE stands";
        Ok(self.conn.query_row(count, [], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// Whether there is no record.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len()? == 0)
    }

    /// Every record, in the order of their numbers, and the revision at which they all stood so.
    /// Takes memory for one record at a time.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], with table, fid and problem, at the first row that breaks a rule;
    /// the records before it were told.
    pub fn records(&self, each: impl FnMut(Record)) -> Result<Revision, StoreError> {
        self.records_between(0..=u32::MAX, each)
    }

    /// The same of the records with these numbers, so that several readers can share the work. They
    /// read one state of the store only as long as nothing is committed between their calls, which
    /// the revisions tell.
    ///
    /// # Errors
    /// As [`Reader::records`].
    pub fn records_between(
        &self,
        numbers: RangeInclusive<u32>,
        mut each: impl FnMut(Record),
    ) -> Result<Revision, StoreError> {
        // What no record can have as its number is to be told as damage, so the ends lie open.
        let first = if *numbers.start() == 0 { i64::MIN } else { i64::from(*numbers.start()) };
        let last = if *numbers.end() == u32::MAX { i64::MAX } else { i64::from(*numbers.end()) };
        let tx = self.conn.unchecked_transaction()?;
        let at = revision(&tx)?;
        let mut statement =
            tx.prepare_cached(&format!("{} WHERE fid BETWEEN ?1 AND ?2 ORDER BY fid", *RECORD))?;
        let mut rows = statement.query((first, last))?;
        let mut last_instant = None;
        while let Some(row) = rows.next()? {
            each(read_record(row, &mut last_instant)?);
        }
        Ok(at)
    }

    /// The greatest number of a record; 0 when there is none.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it is no number that a record can have.
    pub fn last_number(&self) -> Result<u32, StoreError> {
        let last: i64 =
            self.conn.query_row("SELECT coalesce(max(fid), 0) FROM detections", [], |row| row.get(0))?;
        u32::try_from(last).map_err(|_| StoreError::Damaged(format!("detections fid {last} is out of range")))
    }

    /// Whether other programs may have changed records since `seen` was the last revision, without
    /// the log's knowing: they keep the date of the layer's last change, as commits do.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn was_edited_since(&self, seen: Revision) -> Result<bool, StoreError> {
        edits::since(&self.conn, seen)
    }

    /// Reads the whole file and checks that it holds together. `goes_on` is asked every now and then;
    /// it may take its time, so that others come first, and ends the check when it says no.
    ///
    /// Says whether the check came to its end.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with up to three of the things that are wrong.
    pub fn check(&self, mut goes_on: impl FnMut() -> bool + Send + 'static) -> Result<bool, StoreError> {
        self.conn.progress_handler(STEPS, Some(move || !goes_on()));
        let told = self.told_by_check();
        self.conn.progress_handler(0, None::<fn() -> bool>);
        match told {
            Ok(told) if told == ["ok"] => Ok(true),
            Ok(told) => Err(StoreError::Damaged(told.join("; "))),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn told_by_check(&self) -> rusqlite::Result<Vec<String>> {
        let mut check = self.conn.prepare("PRAGMA quick_check(3)")?;
        check.query_map([], |row| row.get(0))?.collect()
    }

    /// The record of this id as it stands.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when its row breaks a rule.
    pub fn find(&self, id: Uuid) -> Result<Option<Record>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        let Some(number) = ids::find(&tx, id)? else { return Ok(None) };
        let mut statement = tx.prepare_cached(&format!("{} WHERE fid = ?1", *RECORD))?;
        let mut rows = statement.query([number])?;
        rows.next()?.map(|row| read_record(row, &mut None)).transpose()
    }

    /// Every change of a record, the newest first; none when there never was one of this id.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row of the log breaks a rule.
    pub fn history(&self, id: Uuid) -> Result<Vec<Change>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        ids::find(&tx, id)?.map_or(Ok(Vec::new()), |number| history(&tx, number))
    }

    /// The newest change of a record; none when there never was one of this id.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the row of the log breaks a rule.
    pub fn newest(&self, id: Uuid) -> Result<Option<Change>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        let Some(number) = ids::find(&tx, id)? else { return Ok(None) };
        let which = "WHERE l.fid = (SELECT change FROM clearline_records WHERE number = ?1)";
        let mut statement = tx.prepare_cached(&format!("{} {which}", *CHANGE))?;
        let mut rows = statement.query([number])?;
        Ok(rows.next()?.map(read_change).transpose()?.map(|(change, _)| change))
    }

    /// What changed after a position, at most `limit` changes (1 at least). A revision is not cut in
    /// two, unless it alone holds more than `limit`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row of the log breaks a rule.
    pub fn changes_since(&self, after: Position, limit: usize) -> Result<Changes, StoreError> {
        let limit = limit.max(1);
        let tx = self.conn.unchecked_transaction()?;
        let Some(first) = first_change_after(&tx, after)? else {
            return Ok(Changes { changes: Vec::new(), next: after, more: false });
        };
        // One more than asked for tells whether there is more.
        let rows_wanted = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let sql = format!("{} WHERE l.fid >= ?1 ORDER BY l.fid LIMIT ?2", *CHANGE);
        let mut statement = tx.prepare_cached(&sql)?;
        let mut rows = statement.query((first, rows_wanted))?;
        let (mut changes, mut positions) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let (change, seq) = read_change(row)?;
            positions.push(Position { revision: change.revision, seq });
            changes.push(change);
        }
        let more = changes.len() > limit;
        if more {
            // The last row only tells whether a revision ends before it.
            let beyond = positions.last().map(|p| p.revision);
            let whole = positions.iter().take_while(|p| Some(p.revision) != beyond).count();
            let kept = if whole == 0 { limit } else { whole };
            changes.truncate(kept);
            positions.truncate(kept);
        }
        let cut = more && positions.first().map(|p| p.revision) == positions.last().map(|p| p.revision);
        let next = match positions.last() {
            None => after,
            Some(last) if cut => *last,
            Some(last) => Position::after(last.revision),
        };
        Ok(Changes { changes, next, more })
    }

    /// The regions, in the order they were given.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row cannot be read.
    pub fn regions(&self) -> Result<Vec<Region>, StoreError> {
        reference::regions(&self.conn)
    }

    /// The places, in the order they were given.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row cannot be read.
    pub fn places(&self) -> Result<Vec<Place>, StoreError> {
        reference::places(&self.conn)
    }

    /// The reported figures, in the order they were given.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row cannot be read.
    pub fn reported_figures(&self) -> Result<Vec<ReportedFigure>, StoreError> {
        reference::figures(&self.conn)
    }

    /// Whose token this is; none when it is unknown or good for nothing at this instant. The token is
    /// hashed and its hash looked up, so the time it takes tells nothing about other tokens.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find_token(&self, token: &str, at: Timestamp) -> Result<Option<Token>, StoreError> {
        tokens::find(&self.conn, token, at)
    }

    /// Whose session this is, by what a browser holds of it; none when it has ended at this instant,
    /// or the token that it was begun with is good for nothing any more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find_session(&self, secret: &str, at: Timestamp) -> Result<Option<Session>, StoreError> {
        tokens::find_session(&self.conn, secret, at)
    }

    /// Every token ever made, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        tokens::all(&self.conn)
    }

    /// The uploads that were received and wait to be judged, in the order they came.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn waiting(&self) -> Result<Vec<Uuid>, StoreError> {
        inbox::waiting(&self.conn)
    }

    /// An upload as it was received, and when. Its bytes are empty once they are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when its bytes are not those that came.
    pub fn received(&self, id: Uuid) -> Result<Option<(Received, Timestamp)>, StoreError> {
        inbox::find(&self.conn, id)
    }

    /// Who sent an upload, and what the inbox kept of what that one may do: see [`Received::sender`]. None when there
    /// is no such upload.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn sender(&self, upload: Uuid) -> Result<Option<(Author, Option<String>)>, StoreError> {
        inbox::sender(&self.conn, upload)
    }

    /// What came before with the key of an upload, if it has one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn came_before(&self, upload: &Received) -> Result<Option<Kept>, StoreError> {
        inbox::before(&self.conn, upload)
    }

    /// Whose a record is: who created the first that ever had this id, also when it was deleted since.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row of the log breaks a rule.
    pub fn owner(&self, id: Uuid) -> Result<Option<Author>, StoreError> {
        let tx = self.conn.unchecked_transaction()?;
        ids::find(&tx, id)?.map_or(Ok(None), |number| owners::of(&tx, number))
    }

    /// Whether a token or a session is good for something at this instant.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stands(&self, proof: &Proof, at: Timestamp) -> Result<bool, StoreError> {
        tokens::stands(&self.conn, proof, at)
    }

    /// Where a photo is named: in records, and in what was set aside.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn photo(&self, photo: &str) -> Result<PhotoUse, StoreError> {
        photos::used(&self.conn, photo)
    }

    /// How many tokens were revoked: while that stays, none was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn n_revoked(&self) -> Result<u64, StoreError> {
        tokens::n_revoked(&self.conn)
    }

    /// The uploads that came from `by` with a key that is `name`, a slash and more, with the doors they came in, in
    /// the order they came.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn received_as(&self, by: &Author, name: &str) -> Result<Vec<(Uuid, String)>, StoreError> {
        inbox::named(&self.conn, by, name)
    }

    /// What was set aside for a manager and waits, after a number, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn held(&self, after: i64, limit: usize) -> Result<Vec<Held>, StoreError> {
        held::waiting(&self.conn, after, limit)
    }

    /// What was set aside under this number.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the row breaks a rule.
    pub fn find_held(&self, number: i64) -> Result<Option<Held>, StoreError> {
        held::find(&self.conn, number)
    }

    /// What was ever set aside of a record, in the order it came.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn held_of(&self, record: Uuid) -> Result<Vec<Held>, StoreError> {
        held::of_record(&self.conn, record)
    }

    /// How much of what was set aside waits.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn n_held(&self) -> Result<u64, StoreError> {
        held::n_waiting(&self.conn)
    }

    /// The uploads that could not stand and that no manager has settled, after a number, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row breaks a rule.
    pub fn refused(&self, after: i64, limit: usize) -> Result<Vec<Refused>, StoreError> {
        refused::waiting(&self.conn, after, limit)
    }

    /// What could not stand of an upload, and what a manager did about it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the row breaks a rule.
    pub fn find_refused(&self, upload: Uuid) -> Result<Option<Refused>, StoreError> {
        refused::find(&self.conn, upload)
    }

    /// How many uploads could not stand and wait for a manager.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn n_refused(&self) -> Result<u64, StoreError> {
        refused::n_waiting(&self.conn)
    }

    /// The report of an upload.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find_upload(&self, id: Uuid) -> Result<Option<UploadReport>, StoreError> {
        uploads::find(&self.conn, id)
    }
}

/// Every change of the record of this number, the newest first.
pub(crate) fn history(conn: &Connection, number: u32) -> Result<Vec<Change>, StoreError> {
    let sql = format!("WITH RECURSIVE {PAST} {} WHERE l.fid IN past ORDER BY l.fid DESC", *CHANGE);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([number])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(read_change(row)?.0);
    }
    Ok(changes)
}

/// Selects records as [`read_record`] reads them.
pub(crate) static RECORD: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT fid, geom, id, {CONTENT}, review, revision, updated_at, updated_by FROM detections")
});

/// Selects changes as [`read_change`] reads them.
static CHANGE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT l.fid, l.revision, l.fid - r.first_change, action, number, id, \"at\", \"by\", reason, geom, \
         {CONTENT}, review, (SELECT shown FROM clearline_shown AS s WHERE s.revision <= l.revision \
         ORDER BY s.revision DESC LIMIT 1), by_operator FROM change_log AS l CROSS JOIN revisions AS r \
         ON r.revision = l.revision"
    )
});

/// The changes of the record whose number is the first parameter, from the last one back.
pub(crate) const PAST: &str = "past(fid) AS (
     SELECT change FROM clearline_records WHERE number = ?1
     UNION SELECT previous FROM past CROSS JOIN change_log AS l ON l.fid = past.fid)";

/// The first change in the log after a position, if there is one.
fn first_change_after(conn: &Connection, after: Position) -> Result<Option<i64>, StoreError> {
    let first_of = |sql: &str| {
        let mut statement = conn.prepare_cached(sql)?;
        statement.query_row([after.revision.0.cast_signed()], |row| row.get::<_, i64>(0)).optional()
    };
    let next = first_of("SELECT first_change FROM revisions WHERE revision > ?1 ORDER BY revision LIMIT 1")?;
    if after.seq == u32::MAX {
        return Ok(next);
    }
    let within = first_of("SELECT first_change FROM revisions WHERE revision = ?1")?;
    let within = within.map(|first| first + i64::from(after.seq) + 1);
    Ok(within.into_iter().chain(next).min())
}

/// The public's last revision.
pub(crate) fn shown(conn: &Connection) -> Result<Revision, StoreError> {
    let sql = "SELECT coalesce(max(shown), 0) FROM clearline_shown";
    let last: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(Revision(last.unsigned_abs()))
}

/// The last revision in the log.
pub(crate) fn revision(conn: &Connection) -> Result<Revision, StoreError> {
    let sql = "SELECT coalesce(max(revision), 0) FROM revisions";
    let last: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(Revision(last.unsigned_abs()))
}

/// The error of a row that cannot be what this program wrote. Its first column is its fid.
pub(crate) fn damaged(table: &str, row: &Row<'_>, problem: &str) -> StoreError {
    let fid = match row.get_ref(0) {
        Ok(ValueRef::Integer(fid)) => fid.to_string(),
        _ => "unknown".to_owned(),
    };
    StoreError::Damaged(format!("{table} fid {fid}: {problem}"))
}

/// An instant and its text, which many rows in a row share.
pub(crate) type LastInstant = Option<(String, Timestamp)>;

/// Reads a record.
pub(crate) fn read_record(row: &Row<'_>, last: &mut LastInstant) -> Result<Record, StoreError> {
    try_read_record(row, last).map_err(|problem| damaged("detections", row, &problem))
}

fn try_read_record(row: &Row<'_>, last: &mut LastInstant) -> Result<Record, String> {
    let col = Columns(row);
    let location = wkb::read_point_blob(col.blob(1, "geom")?)?;
    let content = columns::read(row, 3, col.id(2)?, location)?;
    let updated_at = col.needed(5 + N_CONTENT, "updated_at")?;
    let updated_at = match last {
        Some((text, at)) if text == updated_at => *at,
        _ => last.insert((updated_at.to_owned(), instant(updated_at, "updated_at")?)).1,
    };
    Ok(Record {
        detection: judged(content)?,
        number: col.needed_whole(0, "fid")?,
        review: col.review(3 + N_CONTENT)?,
        revision: Revision(col.needed_whole(4 + N_CONTENT, "revision")?),
        updated_at,
        updated_by: col.needed(6 + N_CONTENT, "updated_by")?.to_owned(),
    })
}

/// Reads a change and its place within its revision.
fn read_change(row: &Row<'_>) -> Result<(Change, u32), StoreError> {
    try_read_change(row).map_err(|problem| damaged("change_log", row, &problem))
}

fn try_read_change(row: &Row<'_>) -> Result<(Change, u32), String> {
    let col = Columns(row);
    let revision = Revision(col.needed_whole(1, "revision")?);
    let number = col.needed_whole(4, "number")?;
    let id = col.id(5)?;
    let at = instant(col.needed(6, "at")?, "at")?;
    let operator = col.text(12 + N_CONTENT, "by_operator")?.map(str::to_owned);
    let by = Author::new(col.needed(7, "by")?, operator);
    let after = if col.needed(3, "action")? == "deleted" {
        None
    } else {
        let content = columns::read(row, 10, id, wkb::read_point_blob(col.blob(9, "geom")?)?)?;
        Some(Arc::new(Record {
            detection: judged(content)?,
            number,
            review: col.review(10 + N_CONTENT)?,
            revision,
            updated_at: at,
            updated_by: by.name.clone(),
        }))
    };
    let reason = col.text(8, "reason")?.map(str::to_owned);
    let shown = Revision(col.whole(11 + N_CONTENT, "shown")?.unwrap_or(0));
    let change = Change { revision, shown, at, by, reason, id, number, after };
    Ok((change, col.needed_whole(2, "seq")?))
}

/// What was judged when it was written is judged by all rules but the one on the future: a clock
/// that was set back must not make a store unreadable.
pub(crate) fn judged(content: demining::Details) -> Result<Detection, String> {
    Detection::new(content, Date::MAX).map_err(|problems| {
        let told: Vec<String> = problems
            .iter()
            .map(|p| {
                if p.value.is_empty() {
                    format!("{} {}", p.field, p.reason)
                } else {
                    format!("{} {} {}", p.field, p.value, p.reason)
                }
            })
            .collect();
        told.join("; ")
    })
}
