//! The one way in: what comes by any door is parsed once into an [`Intake`], judged, committed and reported.
//!
//! - [`channel`]: the ways in, and what comes beside the bytes; [`options`]: what is said of a file;
//!   [`encoding`]: how it is packed.
//! - [`judging`]: how what came in by each channel is judged; [`judge`]: rows become writes or problems; [`forms`]:
//!   submissions of forms do.
//! - [`derived`]: values that a row states and the server derives; [`slips`]: what looks like a slip.
//! - [`commit`]: writes are held to the rights of their sender, committed, and reported.
//! - [`inbox`]: what is kept before it is judged; [`import`]: files that are too large for that.
//! - [`report`]: what became of each row, as the store keeps it; [`outcome`]: what became of the whole.
//!
//! Nothing here knows HTTP: doors read requests into intakes, and put outcomes into their own words.

mod channel;
mod commit;
mod derived;
mod encoding;
mod forms;
mod import;
mod inbox;
mod journal;
mod judge;
mod judging;
mod options;
mod outcome;
mod report;
mod sender;
mod slips;
mod state;
mod unreadable;

use std::{io::Read, sync::Arc};

use atlas::{Found, Scope};
use demining::{Action, Expect, FieldProblem, Review, Revision, Write};
use exchange::{Format, ReadOptions, read_feature};
use serde::Deserialize;
use store::{Kept, Settlement, UploadError};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

pub use channel::{Attached, Attachment, Channel, File, Hook, read_hook};
pub use commit::{own_operator, upload_of};
pub use encoding::Encoding;
pub use import::{Import, ImportError};
pub use inbox::{DAYS, watch};
pub use judge::{judge_row, today};
pub use options::{
    CONTENT_CRS, FORMAT, FileOptions, Misread, REASON, STATEMENTS, Statements, UploadOptions, reason_of,
};
pub use outcome::{How, Outcome, Refusal, Written};
pub use report::{Notice, Report, ReportedProblem, Seen, Verdict, What};
pub use sender::may_look_into;
pub use state::Intake;
pub use unreadable::{Unreadable, Why};

use crate::{access::Caller, fault::Fault, memory::Received};
use commit::{One, commit_one, standing};
use derived::{Claim, Derived, claims};
use sender::Sender;

/// The limits of an upload over HTTP, once its body was received. A larger file is for
/// `clearline import`, or is sent in parts.
pub struct IntakeLimits {
    /// Bytes of a body once unpacked.
    pub unpacked_bytes: u64,
    /// Rows.
    pub rows: u64,
}

/// The limits in force.
pub const INTAKE_LIMITS: IntakeLimits = IntakeLimits { unpacked_bytes: 256 << 20, rows: 200_000 };

/// Bytes of a body that is no large upload, plain and packed.
const LARGEST_SMALL: usize = 1 << 20;
const LARGEST_PACKED_SMALL: usize = 16 << 10;

/// Bytes of a body that may be a single record, unpacked: one row has at most half of them.
const LARGEST_SINGLE: u64 = 2 << 20;

/// What came in.
#[derive(Debug)]
pub struct InboundMessage {
    /// The way, with what came beside the bytes.
    pub channel: Channel,
    /// Its sender's own name for it: the same name again is the same once more.
    pub key: Option<String>,
    /// The bytes as they came.
    pub bytes: Received,
}

impl InboundMessage {
    /// As the inbox keeps it.
    fn received(&self, id: Uuid, caller: &Caller) -> Result<store::Received, Fault> {
        Ok(store::Received {
            id,
            by: caller.author().unwrap_or_default(),
            proof: caller.proof().clone(),
            sender: serde_json::to_string(&Sender::of(caller)).map_err(|e| Fault::internal(&e))?,
            door: self.channel.word().to_owned(),
            key: self.key.clone(),
            request_meta: self.channel.request_meta()?,
            bytes: self.bytes.share(),
            hash: None,
        })
    }
}

/// What was read and judged.
pub struct Judged {
    /// What is to be written.
    writes: Vec<Write>,
    /// What a manager need not look into any more once that is done.
    settles: Vec<Settlement>,
    /// Counts and troubles so far.
    report: Report,
    /// Whether the body was one Feature, not a collection.
    is_single: bool,
    /// The upload's id, when its bytes are in the inbox.
    received: Option<Uuid>,
    /// The place among the large uploads, held until this one is answered.
    place: Option<OwnedSemaphorePermit>,
}

impl Judged {
    fn new(writes: Vec<Write>, report: Report) -> Self {
        Self { writes, settles: Vec::new(), report, is_single: false, received: None, place: None }
    }
}

/// Takes what came in: it is kept, judged and committed, or only judged when it is a dry run. What came before
/// under the same key has the outcome that it had.
///
/// # Errors
/// When it was not kept.
pub async fn take(intake: &Arc<Intake>, caller: &Caller, message: InboundMessage) -> Result<Outcome, Fault> {
    let upload_options = message.channel.upload_options();
    if !upload_options.dry_run {
        return inbox::keep(intake, caller, message).await;
    }
    match message.channel.judge((intake, caller), message.bytes).await? {
        Ok((judged, _turn)) => {
            let is_for_manager = message.channel.is_for_manager();
            let report = commit::commit(intake, caller, judged, &upload_options, is_for_manager).await?;
            journal::uploaded(caller, message.channel.word(), &report);
            Ok(Outcome::Judged(report))
        }
        Err(unreadable) => {
            journal::unreadable(caller, message.channel.word(), None, &unreadable);
            Ok(Outcome::Unreadable(unreadable))
        }
    }
}

/// Whether a record, or none, stands as the sender of a single write knows it.
pub type Known<'a> = &'a (dyn Fn(Option<&Found>) -> bool + Send + Sync);

/// What the sender of a record knows that is to be made and not to replace any: nobody has ever written it.
pub const NEW: Expect = Expect::UpTo(Revision(0));

/// Takes one record, or a collection as [`take`] does. One record is judged at once; its bytes, its report and its
/// change are committed together. `known` says whether the record stands as its sender knows it.
///
/// # Errors
/// When the store fails; nothing is kept then.
pub async fn take_items(
    intake: &Arc<Intake>,
    caller: &Caller,
    message: InboundMessage,
    known: Option<Known<'_>>,
) -> Result<Outcome, Fault> {
    let Channel::Items(options) = &message.channel else { return take(intake, caller, message).await };
    let take_all = async |message| match known {
        Some(_) => Ok(Outcome::NotOne),
        None => take(intake, caller, message).await,
    };
    if options.upload_options.dry_run || !may_be_single(options, &message.bytes) {
        return take_all(message).await;
    }
    let received = message.received(Uuid::now_v7(), caller)?;
    if received.key.is_some() {
        caller.confirm(&intake.readers).await?;
        let asked = received.clone();
        if let Some(Kept::Before { id, is_same, is_judged }) =
            intake.readers.run(move |reader| reader.came_before(&asked)).await?
        {
            return inbox::came_before(intake, id, is_same, is_judged).await;
        }
    }
    let mut judged = match message.channel.judge((intake, caller), message.bytes.again()).await? {
        Ok((judged, _)) if !judged.is_single => return take_all(message).await,
        Ok((judged, _)) => judged,
        Err(unreadable) => return Ok(Outcome::Unreadable(unreadable)),
    };
    let Some(write) = judged.writes.pop() else {
        return Ok(Outcome::Refused(Refusal::NoRecord, judged.report.troubles));
    };
    let write = match (known, standing(intake, write.id())) {
        (None, _) => write,
        (Some(known), found) if known(found.as_ref()) => {
            match expecting(write, found.map_or(NEW, |found| Expect::At(found.record.revision))) {
                Some(write) => write,
                None => return Ok(Outcome::Stale),
            }
        }
        (Some(_), _) => return Ok(Outcome::Stale),
    };
    let one = One {
        write,
        review: None,
        notices: judged.report.notices,
        received: Some(received),
        waits: caller.is_field_team(),
    };
    match commit_one(intake, caller, one).await? {
        Ok(outcome) => Ok(outcome),
        Err(UploadError::Before { id, is_same, is_judged }) => {
            inbox::came_before(intake, id, is_same, is_judged).await
        }
        Err(error) => Err(Fault::internal(&error)),
    }
}

/// Whether a body may be one Feature: it is small GeoJSON, and does not begin to say that it is a collection.
fn may_be_single(options: &FileOptions, bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(rename = "type", borrow)]
        kind: std::borrow::Cow<'a, str>,
    }
    if options.format != Format::GeoJson {
        return false;
    }
    let mut plain = Vec::new();
    let unpacked =
        options.encoding.unpack(bytes, LARGEST_SINGLE).map(|mut input| input.read_to_end(&mut plain));
    if !matches!(unpacked, Ok(Ok(_))) {
        return false;
    }
    let text = plain.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&plain);
    !serde_json::from_slice(text).is_ok_and(|head: Head<'_>| head.kind == "FeatureCollection")
}

/// How a record is replaced.
#[derive(Debug)]
pub struct Replacing<'a> {
    /// The record.
    pub id: Uuid,
    /// The Feature that it becomes.
    pub body: &'a [u8],
    /// How the Feature is treated.
    pub upload_options: &'a UploadOptions,
    /// How it is read.
    pub reading: &'a ReadOptions,
    /// What its sender knows of the record.
    pub expect: Expect,
    /// Whether it came as a patch, which names only what it changes: a derived value in it is refused then.
    pub is_patch: bool,
}

/// Replaces a record by a Feature. Whoever may review decides by the Feature's `review`, if it is another than the
/// record's.
///
/// # Errors
/// When the store fails; nothing is kept then.
pub async fn replace(
    intake: &Arc<Intake>,
    caller: &Caller,
    Replacing { id, body, upload_options, reading, expect, is_patch }: Replacing<'_>,
) -> Result<Outcome, Fault> {
    let row = match read_feature(body, reading) {
        Ok(row) => row,
        Err(error) => return Unreadable::of(&error).map(Outcome::Unreadable),
    };
    let mut claimed = Vec::new();
    let judged = row.map_err(|problem| vec![problem]).and_then(|mut raw| {
        if raw.id.is_empty() {
            raw.id = demining::Value::Text(id.to_string());
        }
        claimed = claims(&raw);
        let upload_options = UploadOptions { operator: own_operator(caller), ..upload_options.clone() };
        judge_row(raw, today(), &upload_options)
    });
    let write = match judged {
        Ok(write) => write,
        Err(problems) => {
            let troubles = problems.into_iter().map(ReportedProblem::from).collect();
            return Ok(Outcome::Refused(Refusal::NoRecord, troubles));
        }
    };
    if write.id() != id {
        let given = write.id().to_string();
        let reason = format!("is not the id in the address, {id}");
        let problem = FieldProblem::new(1, Some(&given), "id", &given, reason);
        return Ok(Outcome::Refused(Refusal::OtherRecord, vec![problem.into()]));
    }
    let Action::Put(detection) = &write.action else { return Err(Fault::internal(&"a row is no put")) };
    let derived = Derived::of_view(intake.atlas.view(Scope::Full), intake.policy.starts(caller.role()));
    let review = decided(caller, &mut claimed);
    let contradictions = derived.contradictions(claimed, detection);
    let slip = derived.slip(detection).map(|seen| Notice { row: write.row, id, seen });
    if is_patch && !contradictions.is_empty() {
        let troubles = contradictions.into_iter().map(|(claim, stands)| refused(id, claim, &stands));
        return Ok(Outcome::Refused(Refusal::Derived, troubles.collect()));
    }
    let notices = contradictions.into_iter().map(|(Claim { field, given }, stands)| Notice {
        row: write.row,
        id,
        seen: Seen::Derived { field: field.to_owned(), given, stands },
    });
    let notices = notices.chain(slip).collect();
    let Some(write) = expecting(write, expect) else { return Ok(Outcome::Stale) };
    write_one(intake, caller, One { review, notices, ..One::of(write) }).await
}

/// The write as the request expects the record, unless the row itself names the revision that its sender knew; none
/// when the two are not the same.
fn expecting(write: Write, expect: Expect) -> Option<Write> {
    match (write.expect, expect) {
        (Expect::At(named), Expect::At(revision)) if named != revision => None,
        (Expect::At(_), _) => Some(write),
        _ => Some(Write { expect, ..write }),
    }
}

/// The review that is decided by what a Feature states; it is no contradiction then.
fn decided(caller: &Caller, claims: &mut Vec<Claim>) -> Option<Review> {
    let at = claims.iter().position(|claim| claim.field == "review")?;
    let review: Review = claims[at].given.parse().ok()?;
    if caller.is_field_team() || review == Review::Submitted {
        return None;
    }
    claims.remove(at);
    Some(review)
}

fn refused(id: Uuid, Claim { field, given }: Claim, stands: &str) -> ReportedProblem {
    let reason = if field == "review" {
        format!("is decided by a manager; it is {stands}")
    } else {
        format!("is derived by the server; it is {stands}")
    };
    FieldProblem::new(1, Some(&id.to_string()), field, &given, reason).called("derived").into()
}

/// Takes the record `id` out.
///
/// # Errors
/// When the store fails; nothing is done then.
pub async fn delete(
    intake: &Arc<Intake>,
    caller: &Caller,
    id: Uuid,
    reason: Option<String>,
    expect: Expect,
) -> Result<Outcome, Fault> {
    let write = Write { row: 1, action: Action::Delete(id), expect, reason };
    write_one(intake, caller, One::of(write)).await
}

async fn write_one(intake: &Arc<Intake>, caller: &Caller, one: One) -> Result<Outcome, Fault> {
    commit_one(intake, caller, one).await?.map_err(|error| Fault::internal(&error))
}
