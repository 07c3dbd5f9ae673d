//! The single path for incoming data: each channel's messages are parsed once into an [`Intake`], judged,
//! committed and reported.
//!
//! - [`channel`]: the channels, and what comes beside the bytes; [`options`]: the options of a file;
//!   [`encoding`]: its content coding.
//! - [`judging`]: judges the messages of each channel; [`judge`]: turns rows into writes or problems;
//!   [`forms`]: does so for submissions of forms.
//! - [`derived`]: values that a row states although the server derives them; [`slips`]: likely mistakes.
//! - [`commit`]: checks writes against their sender's rights, commits them and reports.
//! - [`replace`]: replaces or deletes one record.
//! - [`inbox`]: messages stored before they are judged; [`import`]: files that are too large for that.
//! - [`report`]: the outcome of each row, as the store keeps it; [`outcome`]: the outcome of the whole
//!   message.
//!
//! A message is about one collection: its [options](FileOptions::collection) name it, or the form that it
//! answers does, and it is chosen once for all rows.
//!
//! Nothing here knows HTTP: each channel's front end builds the message and presents the outcome.

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
mod replace;
mod report;
mod sender;
mod slips;
mod state;
mod unreadable;

use std::{io::Read, sync::Arc};

use demining::{Expect, Revision, for_collection};
use exchange::Format;
use serde::Deserialize;
use store::{Kept, Settlement, UploadError, Writes};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

pub use channel::{Attached, Attachment, Channel, File, Hook, keeps_files, read_hook};
pub use commit::{own_operator, upload_of};
pub use encoding::Encoding;
pub use import::{Import, ImportError};
pub use inbox::{DAYS, watch};
pub use judge::{judge_row, today};
pub use options::{
    COLLECTION, CONTENT_CRS, FORMAT, FileOptions, Misread, REASON, STATEMENTS, Statements, UploadOptions,
    reason_of,
};
pub use outcome::{How, IntakeOutcome, Refusal, Written};
pub use replace::{Replacing, delete, replace};
pub use report::{Notice, Report, ReportedProblem, Seen, Verdict, What};
pub use sender::may_look_into;
pub use state::Intake;
pub use unreadable::{Unreadable, Why};

use crate::{
    access::Caller,
    collections::{FoundOf, Served},
    fault::Fault,
    memory::Received,
};
use commit::{One, commit_one, standing};
use replace::expecting;
use sender::Sender;

/// Limits of an upload over HTTP, after its body was received. Import larger files with `clearline import`,
/// or send them in parts.
pub struct IntakeLimits {
    /// Bytes of a decoded body.
    pub unpacked_bytes: u64,
    /// Rows.
    pub rows: u64,
}

/// The limits in force.
pub const INTAKE_LIMITS: IntakeLimits = IntakeLimits { unpacked_bytes: 256 << 20, rows: 200_000 };

/// Largest bodies that are not large uploads, plain and compressed.
const LARGEST_SMALL: usize = 1 << 20;
const LARGEST_PACKED_SMALL: usize = 16 << 10;

/// Largest decoded body that may be a single record: a row has at most half of it.
const LARGEST_SINGLE: u64 = 2 << 20;

/// A received message.
#[derive(Debug)]
pub struct InboundMessage {
    /// The channel, with what came beside the bytes.
    pub channel: Channel,
    /// The sender's key for the message: repeating the key repeats the message.
    pub key: Option<String>,
    /// The bytes as received.
    pub bytes: Received,
}

impl InboundMessage {
    /// Converts the message to the form that the inbox stores.
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

/// A message that was read and judged.
pub struct JudgedMessage {
    /// The writes to commit.
    writes: Writes,
    /// The refused uploads that the commit settles, so that no manager needs to look at them.
    settles: Vec<Settlement>,
    /// Counts and problems so far.
    report: Report,
    /// Whether the body was one Feature, not a collection.
    is_single: bool,
    /// The upload's id if its bytes are in the inbox.
    received: Option<Uuid>,
    /// The slot among the large uploads, held until the response.
    place: Option<OwnedSemaphorePermit>,
}

impl JudgedMessage {
    fn new(writes: impl Into<Writes>, report: Report) -> Self {
        let writes = writes.into();
        Self { writes, settles: Vec::new(), report, is_single: false, received: None, place: None }
    }
}

/// Accepts a message: stores, judges and commits it, or only judges it in a dry run. A repeated key returns
/// the outcome of the first message.
///
/// # Errors
/// If the message was not stored.
pub async fn take(
    intake: &Arc<Intake>,
    caller: &Caller,
    message: InboundMessage,
) -> Result<IntakeOutcome, Fault> {
    let upload_options = message.channel.upload_options();
    if !upload_options.dry_run {
        return inbox::keep(intake, caller, message).await;
    }
    match message.channel.judge((intake, caller), message.bytes).await? {
        Ok((judged, _turn)) => {
            let is_for_manager = message.channel.is_for_manager();
            let report = commit::commit(intake, caller, judged, &upload_options, is_for_manager).await?;
            journal::uploaded(caller, message.channel.word(), &report);
            Ok(IntakeOutcome::Judged(report))
        }
        Err(unreadable) => {
            journal::unreadable(caller, message.channel.word(), None, &unreadable);
            Ok(IntakeOutcome::Unreadable(unreadable))
        }
    }
}

/// Returns whether the current record of the message's collection, or its absence, matches what the sender of
/// a single write knows.
pub type Known<'a> = &'a (dyn Fn(Option<&FoundOf>) -> bool + Send + Sync);

/// The expected revision of a write that must create a record: the id was never used.
pub const NEW: Expect = Expect::UpTo(Revision(0));

/// Accepts one record, or a collection as [`take`] does. A single record is judged at once; its bytes, report
/// and change are committed together. `known` checks that the current record is the one that its sender
/// knows.
///
/// # Errors
/// If the store fails; nothing is stored then.
pub async fn take_items(
    intake: &Arc<Intake>,
    caller: &Caller,
    message: InboundMessage,
    known: Option<Known<'_>>,
) -> Result<IntakeOutcome, Fault> {
    let Channel::Items(options) = &message.channel else { return take(intake, caller, message).await };
    let take_all = async |message| match known {
        Some(_) => Ok(IntakeOutcome::NotOne),
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
    let judged = match message.channel.judge((intake, caller), message.bytes.again()).await? {
        Ok((judged, _)) if !judged.is_single => return take_all(message).await,
        Ok((judged, _)) => judged,
        Err(unreadable) => return Ok(IntakeOutcome::Unreadable(unreadable)),
    };
    for_collection!(judged.writes.collection(), T => {
        take_one::<T>((intake, caller), judged, received, known).await
    })
}

/// Commits the write of a single record together with its message.
async fn take_one<T: Served>(
    (intake, caller): (&Arc<Intake>, &Caller),
    judged: JudgedMessage,
    received: store::Received,
    known: Option<Known<'_>>,
) -> Result<IntakeOutcome, Fault> {
    let JudgedMessage { writes, report, .. } = judged;
    let Some(write) = T::writes(writes).pop() else {
        return Ok(IntakeOutcome::Refused(Refusal::NoRecord, report.troubles));
    };
    let write = match (known, standing::<T>(intake, write.id()).map(T::wrap_found)) {
        (None, _) => write,
        (Some(known), found) if known(found.as_ref()) => {
            match expecting(write, found.map_or(NEW, |found| Expect::At(found.revision()))) {
                Some(write) => write,
                None => return Ok(IntakeOutcome::Stale),
            }
        }
        (Some(_), _) => return Ok(IntakeOutcome::Stale),
    };
    let one = One {
        write,
        review: None,
        notices: report.notices,
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

/// Returns `true` if a body may be one Feature: it is small GeoJSON and its `type` is not a collection.
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
