//! The way of an upload: bytes, kept in the [`inbox`], rows, judgement, commit, report.

pub mod inbox;

use std::{
    collections::HashMap,
    io::{self, Read},
    ops::ControlFlow,
    sync::Arc,
};

use axum::http::{HeaderMap, StatusCode, header};
use demining::{Action, Detection, Expect, Problem as RowTrouble, RawDetection, Revision, Write};
use exchange::{Document, Format, ReadError, ReadOptions};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use store::{Committed, Upload};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use crate::{
    access::{Caller, Grant, Refusal, hold},
    app::App,
    behind,
    body::Received,
    encoding::Encoding,
    problem::{Answer, Problem},
    wire::upload::Report,
};

/// The limits of an upload over HTTP, once its body was received. A larger file is for
/// `clearline import`, or is sent in parts.
pub struct Limits {
    /// Bytes of a body once unpacked.
    pub unpacked_bytes: u64,
    /// Rows.
    pub rows: u64,
}

/// The limits in force.
pub const LIMITS: Limits = Limits { unpacked_bytes: 256 << 20, rows: 200_000 };

/// Large uploads that are judged and committed at once. Unpacked and judged, one takes up to some
/// 400 MiB; small ones need no place and share commits freely.
pub const LARGE_AT_ONCE: usize = 2;

/// Bytes of a body that is no large upload, plain and packed.
const LARGEST_SMALL: usize = 1 << 20;
const LARGEST_PACKED_SMALL: usize = 16 << 10;

/// How the sender wants its rows treated.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// All rows or none.
    pub atomic: bool,
    /// Judge, and write nothing.
    pub dry_run: bool,
    /// Replace records that are there with other content.
    pub update: bool,
    /// Why, for the history, where a row does not say it itself.
    pub reason: Option<String>,
    /// Who did the work, where a row does not say it.
    pub operator: Option<String>,
    /// What becomes of what cannot be put in its place.
    pub misplaced: Misplaced,
}

/// What becomes of what cannot be put in its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Misplaced {
    /// A field team's is set aside for a manager; others are told to mend it.
    #[default]
    ByGrant,
    /// It is set aside, whoever sends it, and its sender is told that it came.
    Aside,
}

/// The operator that a field team records for.
pub fn own_operator(caller: &Caller) -> Option<String> {
    let own = caller.bearer().and_then(|bearer| bearer.operator.clone());
    own.filter(|_| caller.grant() == Grant::Own)
}

/// An upload that was read and judged.
pub struct Judged {
    /// What is to be written.
    pub writes: Vec<Write>,
    /// Counts and problems so far.
    pub report: Report,
    /// Whether the body was one Feature, not a collection.
    pub single: bool,
    /// The upload's id, when its bytes are in the inbox.
    pub received: Option<Uuid>,
    /// The place among the large uploads, held until this one is answered.
    place: Option<OwnedSemaphorePermit>,
}

impl Judged {
    /// What was read otherwise than as a file of rows.
    pub fn new(writes: Vec<Write>, report: Report) -> Self {
        Self { writes, report, single: false, received: None, place: None }
    }
}

/// The current day in UTC.
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// The format of a body: `?format=` before the content type; GeoJSON when neither says.
///
/// # Errors
/// 415 for one that is not read here.
pub fn format(word: Option<&str>, headers: &HeaderMap) -> Answer<Format> {
    let unsupported = |what: &str| {
        let read: Vec<_> = Format::read().map(Format::word).collect();
        let detail = format!("{what:?} is not read here; {} are", read.join(", "));
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "format", detail)
    };
    if let Some(word) = word {
        return Format::from_word(word).filter(|f| f.is_read()).ok_or_else(|| unsupported(word));
    }
    match headers.get(header::CONTENT_TYPE).map(|v| v.to_str().unwrap_or("?")) {
        None => Ok(Format::GeoJson),
        Some(given) => {
            Format::from_content_type(given).filter(|f| f.is_read()).ok_or_else(|| unsupported(given))
        }
    }
}

/// Unpacks, reads and judges a body, off the async threads.
///
/// # Errors
/// 400, 413 or 415 when the body as a whole cannot be read: nothing of it is kept then.
pub async fn judge(
    (app, caller): (&App, &Caller),
    headers: &HeaderMap,
    bytes: Received,
    format: Format,
    options: ReadOptions,
    wishes: &Wishes,
) -> Answer<Judged> {
    let encoding = Encoding::of_request(headers)?;
    let is_large =
        bytes.len() > LARGEST_SMALL || (encoding != Encoding::Identity && bytes.len() > LARGEST_PACKED_SMALL);
    let place = if is_large {
        Some(Arc::clone(&app.large_uploads).acquire_owned().await.map_err(|e| Problem::internal(&e))?)
    } else {
        None
    };
    let wishes = Wishes { operator: own_operator(caller), ..wishes.clone() };
    let work = move || {
        let input =
            encoding.unpack(&bytes, LIMITS.unpacked_bytes).map_err(|error| unreadable(&error.to_string()))?;
        judge_rows(input, format, &options, &wishes)
    };
    let mut judged = if is_large {
        behind::run("judge", work).await?
    } else {
        tokio::task::spawn_blocking(work).await.map_err(|e| Problem::internal(&e))?
    }?;
    judged.place = place;
    Ok(judged)
}

fn judge_rows(input: impl Read, format: Format, options: &ReadOptions, wishes: &Wishes) -> Answer<Judged> {
    let today = today();
    let options = ReadOptions {
        max_rows: LIMITS.rows,
        max_spooled_bytes: LIMITS.unpacked_bytes,
        max_unpacked_bytes: LIMITS.unpacked_bytes,
        ..options.clone()
    };
    let (mut writes, mut report) = (Vec::new(), Report::default());
    let mut first_rows = HashMap::new();
    let read = exchange::read(format, input, &options, |row| {
        report.rows += 1;
        let judged = row.map_err(|problem| vec![problem]).and_then(|raw| judge_row(raw, today, wishes));
        // Without `update` the store tells a second row from the first by its content.
        let judged =
            if wishes.update { judged.and_then(|write| only_once(&mut first_rows, write)) } else { judged };
        match judged {
            Ok(write) => writes.push(write),
            Err(problems) => report.refuse(problems),
        }
        ControlFlow::Continue(())
    });
    let summary = read.map_err(|error| read_problem(&error))?;
    let single = summary.document == Document::Feature;
    Ok(Judged { single, ..Judged::new(writes, report) })
}

/// The property of a row, and the parameter, that says why a record is changed.
pub const REASON: &str = "reason";

/// The property of a row that says at which revision its sender knew the record: if it stands at another
/// now, that is a conflict.
pub const BASE_REVISION: &str = "base_revision";

/// A reason, if it can be one.
///
/// # Errors
/// Why it is none.
pub fn reason_of(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("is empty".to_owned()),
        text if text.chars().count() > 1_000 => Err("is longer than 1000 characters".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// Refuses a second row of the same id: which of the two should stand cannot be known.
fn only_once(first_rows: &mut HashMap<Uuid, u64>, write: Write) -> Result<Write, Vec<RowTrouble>> {
    let id = write.id();
    match first_rows.insert(id, write.row) {
        None => Ok(write),
        Some(first) => {
            let (id, reason) = (id.to_string(), format!("is used by row {first} of this upload already"));
            Err(vec![RowTrouble::new(write.row, Some(&id), "id", &id, reason)])
        }
    }
}

/// One row as a wish.
///
/// # Errors
/// Every problem of the row.
pub fn judge_row(mut raw: RawDetection, today: Date, wishes: &Wishes) -> Result<Write, Vec<RowTrouble>> {
    let row = raw.row;
    let id = (!raw.id.is_empty()).then(|| raw.id.as_text().to_owned());
    let mut take = |wanted: &str| {
        let at = raw.properties.iter().position(|(name, _)| name == wanted)?;
        Some(raw.properties.swap_remove(at).1).filter(|given| !given.is_empty())
    };
    let wrong = |field, given: &demining::Value, reason: String| {
        vec![RowTrouble::new(row, id.as_deref(), field, given.as_text(), reason)]
    };
    let reason = match take(REASON) {
        None => wishes.reason.clone(),
        Some(given) => Some(reason_of(given.as_text()).map_err(|why| wrong(REASON, &given, why))?),
    };
    let expect = match take(BASE_REVISION) {
        None if wishes.update => Expect::Any,
        None => Expect::Same,
        Some(given) => match given.as_text().trim().parse() {
            Ok(revision) => Expect::At(Revision(revision)),
            Err(_) => return Err(wrong(BASE_REVISION, &given, "is no revision".to_owned())),
        },
    };
    if let Some(operator) = &wishes.operator
        && !raw.properties.iter().any(|(name, value)| name == "operator" && !value.is_empty())
    {
        raw.properties.retain(|(name, _)| name != "operator");
        raw.properties.push((RawDetection::name("operator"), demining::Value::Text(operator.clone())));
    }
    let detection = Detection::judge(raw, today, Uuid::now_v7)?;
    Ok(Write { row, action: Action::Put(Box::new(detection)), expect, reason })
}

/// A document that cannot be read as a whole.
pub fn read_problem(error: &ReadError) -> Problem {
    let detail = format!("{error}; no record of this upload was kept");
    let (row, too_large) = match error {
        ReadError::Io { row, source } => (*row, source.kind() == io::ErrorKind::FileTooLarge),
        ReadError::RowTooLong { row, .. } => (*row, true),
        ReadError::Json { row, .. } | ReadError::Utf8 { row, .. } | ReadError::Broken { row, .. } => {
            (*row, false)
        }
        ReadError::TooManyRows { limit } => (*limit + 1, true),
        ReadError::TooLarge { .. } => (0, true),
        _ => (0, false),
    };
    let (status, kind) = if too_large {
        (StatusCode::PAYLOAD_TOO_LARGE, "too-large")
    } else {
        (StatusCode::BAD_REQUEST, "unreadable")
    };
    let trouble = RowTrouble::new(row, None, "", "", error.to_string());
    Problem::new(status, kind, detail).with_rows(vec![trouble.into()])
}

fn unreadable(reason: &str) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "unreadable",
        format!("{reason}; no record of this upload was kept"),
    )
}

/// Commits what was judged, or tries it, and completes the report, which is kept with the upload.
///
/// # Errors
/// 422 when no row stands, or any fails and all or none was asked for; 503 when the store fails.
pub async fn commit(app: &Arc<App>, caller: &Caller, judged: Judged, wishes: &Wishes) -> Answer<Report> {
    // The place among the large uploads is given back when this ends.
    let Judged { writes, mut report, received, place: _place, .. } = judged;
    let sets_aside = sets_aside(caller, wishes);
    let writes = held(app, caller, writes, sets_aside, &mut report).await?;
    if wishes.atomic && report.refused > 0 {
        return Err(nothing_kept(report, wishes));
    }
    let rows: Vec<(u64, Uuid)> = writes.iter().map(|w| (w.row, w.id())).collect();
    let report = if wishes.dry_run {
        let revision = app.atlas.view(atlas::Scope::Full).revision();
        let outcomes = app.writer.attempt(Upload { sets_aside, ..upload_of(app, caller, writes) }).await?;
        let mut report = report.complete(&rows, &outcomes, revision);
        report.dry_run = true;
        report
    } else {
        let id = received.unwrap_or_else(Uuid::now_v7);
        let begun = Report { upload: Some(id), ..report };
        let told = (begun.clone(), rows.clone());
        let tell = move |committed: &Committed| {
            let (begun, rows) = told;
            let report = begun.complete(&rows, &committed.outcomes, committed.revision);
            serde_json::to_string(&report).unwrap_or_default()
        };
        let kept = store::Report { id, tell: Box::new(tell) };
        let upload = Upload {
            atomic: wishes.atomic,
            sets_aside,
            report: Some(kept),
            ..upload_of(app, caller, writes)
        };
        let committed = app.writer.commit(upload).await?;
        begun.complete(&rows, &committed.outcomes, committed.revision)
    };
    answered(report, wishes)
}

/// A report as the answer to its upload.
///
/// # Errors
/// 422 when no row stands and its sender has to mend it, or any fails and all or none was asked for.
pub fn answered(report: Report, wishes: &Wishes) -> Answer<Report> {
    let is_refused = report.nothing_stands() && wishes.misplaced == Misplaced::ByGrant;
    if is_refused || (wishes.atomic && report.refused > 0) {
        return Err(nothing_kept(report, wishes));
    }
    Ok(report)
}

/// Whether what somebody cannot put in its place is set aside for a manager: what a field team found
/// must not be lost because it may not write it there.
fn sets_aside(caller: &Caller, wishes: &Wishes) -> bool {
    (caller.grant() == Grant::Own || wishes.misplaced == Misplaced::Aside) && !wishes.atomic
}

/// The wishes that the caller may have; the others are problems in the report.
///
/// # Errors
/// 503 when the store cannot be read.
async fn held(
    app: &Arc<App>,
    caller: &Caller,
    writes: Vec<Write>,
    sets_aside: bool,
    report: &mut Report,
) -> Answer<Vec<Write>> {
    if caller.may_write_everything() {
        return Ok(writes);
    }
    let (caller, view) = (caller.clone(), caller.view(app));
    let judged: Vec<_> = app
        .readers
        .run(move |reader| {
            let held = |write: Write| {
                let wanted = sets_aside.then(|| write.clone());
                let held = hold(&caller, &view, reader, write)?;
                Ok(match (held, wanted) {
                    (
                        Err(Refusal { why, .. }),
                        Some(Write { action: Action::Put(wanted), row, expect, reason }),
                    ) => Ok(Write { row, action: Action::Aside(wanted, why), expect, reason }),
                    (held, _) => held,
                })
            };
            writes.into_iter().map(held).collect()
        })
        .await?;
    let mut kept = Vec::with_capacity(judged.len());
    for write in judged {
        match write {
            Ok(write) => kept.push(write),
            Err(refusal) => report.refuse(vec![refusal.problem]),
        }
    }
    Ok(kept)
}

/// An upload of the caller, whose records start in review where the policy says.
pub fn upload_of(app: &App, caller: &Caller, writes: Vec<Write>) -> Upload {
    let review = app.policy.starts(caller.role());
    // What a field team corrects is looked at again.
    let review_of_changed = (caller.grant() == Grant::Own).then_some(review);
    Upload { review, review_of_changed, ..Upload::new(caller.name(), writes) }
}

fn nothing_kept(mut report: Report, wishes: &Wishes) -> Problem {
    report.sort();
    let why = if wishes.atomic { "nothing was kept, as atomic=true asks" } else { "none stands" };
    Problem::rows(format!("{} of {} rows cannot stand; {why}", report.refused, report.rows), report.problems)
}
