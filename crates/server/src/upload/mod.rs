//! The way of an upload: bytes, kept in the [inbox](crate::inbox), rows, judgement, commit, report.

mod commit;
mod rows;

use std::{io, sync::Arc};

use axum::http::{HeaderMap, StatusCode, header};
use demining::{Problem as RowTrouble, Write};
use exchange::{Format, ReadError, ReadOptions};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use store::Settlement;
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

pub use commit::{answered, commit, upload_of};
pub use rows::{REASON, judge_row, reason_of};

use crate::{
    access::{Caller, Grant},
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
    /// What a manager need not look into any more once that is done.
    pub settles: Vec<Settlement>,
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
        Self { writes, settles: Vec::new(), report, single: false, received: None, place: None }
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
        rows::judge_all(input, format, &options, &wishes)
    };
    let mut judged = if is_large {
        behind::run("judge", work).await?
    } else {
        tokio::task::spawn_blocking(work).await.map_err(|e| Problem::internal(&e))?
    }?;
    judged.place = place;
    Ok(judged)
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
