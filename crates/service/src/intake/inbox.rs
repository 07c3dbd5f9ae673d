//! The inbox: stores each message as received before parsing it, then judges it once.
//!
//! A message that was stored but not judged, because the server stopped or the store was locked, is judged
//! later with its sender's rights: see [`watch`].

use std::{sync::Arc, time::Duration};

use demining::Collection;
use store::{Kept, Upload, Writes};
use tokio::{sync::watch::Receiver, task::JoinError};
use uuid::Uuid;

use super::{
    Channel, InboundMessage, Intake,
    commit::{commit, told, told_before, upload_of},
    journal,
    outcome::IntakeOutcome,
    report::Verdict,
    sender::Sender,
    state::AtWork,
};
use crate::{
    access::{Caller, Party},
    fault::Fault,
    memory::Received,
};

/// How often to look for waiting messages.
const EVERY: Duration = Duration::from_mins(1);

/// Days that the bytes of an upload are kept once every row was accepted, so that all their content is in the
/// log. The bytes of other uploads are kept without limit.
pub const DAYS: i64 = 90;

/// Judges waiting messages, now and every minute, until the server stops.
pub async fn watch(intake: Arc<Intake>, mut stopping: Receiver<bool>) {
    loop {
        // The reader pool reports read failures; try again next time.
        let waiting = intake.readers.run(|reader| reader.waiting()).await.unwrap_or_default();
        for id in waiting {
            resume(&intake, id).await;
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// Judges a waiting upload. A failure is retried later.
async fn resume(intake: &Arc<Intake>, id: Uuid) {
    let Some(_place) = AtWork::begin(intake, id) else { return };
    match judge_kept(intake, id).await {
        Ok(IntakeOutcome::Judged(report)) => {
            tracing::info!(upload = %id, rows = report.rows, "judged an upload that waited in the inbox");
        }
        Ok(_) => tracing::warn!(upload = %id, "an upload that waited in the inbox cannot be read"),
        Err(_) => tracing::warn!(upload = %id, "an upload in the inbox still waits"),
    }
}

/// Stores a message and judges it, or returns the outcome of the same earlier message.
///
/// # Errors
/// If the message was not stored.
pub async fn keep(
    intake: &Arc<Intake>,
    caller: &Caller,
    message: InboundMessage,
) -> Result<IntakeOutcome, Fault> {
    let id = Uuid::now_v7();
    let received = message.received(id, caller)?;
    let InboundMessage { channel, bytes, .. } = message;
    // Nobody else knows this id yet.
    let place = AtWork::begin(intake, id);
    match intake.writer.receive(received).await? {
        // Judge it even if the sender disconnects.
        Kept::New => {
            let (intake, caller) = (Arc::clone(intake), caller.as_sender());
            let work = async move {
                let _place = place;
                judge_received(&intake, &caller, id, &channel, bytes).await
            };
            Ok(once_kept(id, tokio::spawn(work).await))
        }
        Kept::Revoked => Err(Fault::Revoked),
        // Channels refuse such texts earlier.
        Kept::Unstorable(field) => Err(Fault::internal(&format!("{field} holds U+0000"))),
        Kept::Before { id, is_same, is_judged } => came_before(intake, id, is_same, is_judged).await,
    }
}

/// Returns the outcome of the first upload for a repeated key.
///
/// # Errors
/// If the store cannot be read.
pub async fn came_before(
    intake: &Arc<Intake>,
    id: Uuid,
    is_same: bool,
    is_judged: bool,
) -> Result<IntakeOutcome, Fault> {
    if !is_same {
        return Ok(IntakeOutcome::KeyReused);
    }
    if is_judged {
        return reported(intake, id).await;
    }
    let Some(place) = AtWork::begin(intake, id) else { return Ok(IntakeOutcome::InProgress) };
    let intake = Arc::clone(intake);
    let work = async move {
        let _place = place;
        judge_kept(&intake, id).await
    };
    Ok(once_kept(id, tokio::spawn(work).await))
}

/// Returns the outcome for an upload whose bytes are on disk. If it cannot be judged now, it is judged later
/// and must not be reported as lost.
fn once_kept(id: Uuid, judged: Result<Result<IntakeOutcome, Fault>, JoinError>) -> IntakeOutcome {
    let judged = judged.unwrap_or_else(|error| Err(Fault::internal(&error)));
    judged.unwrap_or_else(|_| {
        journal::waits(id);
        IntakeOutcome::Later(id)
    })
}

/// Judges an upload whose bytes are in the inbox.
async fn judge_received(
    intake: &Arc<Intake>,
    caller: &Caller,
    id: Uuid,
    channel: &Channel,
    bytes: Received,
) -> Result<IntakeOutcome, Fault> {
    match channel.judge((intake, caller), bytes).await? {
        Ok((mut judged, _turn)) => {
            judged.received = Some(id);
            let report =
                commit(intake, caller, judged, &channel.upload_options(), channel.is_for_manager()).await?;
            journal::uploaded(caller, channel.word(), &report);
            Ok(IntakeOutcome::Judged(report))
        }
        // It can never be read, so this is its report.
        Err(unreadable) => {
            let verdict = Verdict::Unreadable(unreadable.clone());
            let told = told(&verdict, channel.collection(), channel.is_for_manager());
            let report = store::ReportMaker { id, tell: Box::new(move |_| told) };
            let upload = Upload { report: Some(report), ..upload_of(intake, caller, Writes::default()) };
            intake.writer.commit(upload).await?;
            journal::unreadable(caller, channel.word(), Some(id), &unreadable);
            Ok(IntakeOutcome::Unreadable(unreadable))
        }
    }
}

/// Judges an upload from the inbox.
async fn judge_kept(intake: &Arc<Intake>, id: Uuid) -> Result<IntakeOutcome, Fault> {
    let kept = intake.readers.run(move |reader| reader.received(id)).await?;
    let missing = || Fault::internal(&format!("upload {id} is not in the inbox"));
    let (received, _) = kept.ok_or_else(missing)?;
    if intake.readers.run(move |reader| reader.find_upload(id)).await?.is_some() {
        // Another task judged it since it was listed as waiting.
        return reported(intake, id).await;
    }
    let unreadable = |error: serde_json::Error| Fault::internal(&format!("upload {id}: {error}"));
    let sender: Sender = serde_json::from_str(&received.sender).map_err(unreadable)?;
    let caller = sender.caller(received.by)?;
    let channel = Channel::read(&received.door, &received.request_meta)?;
    let bytes = intake.memory.hold(&Party::server(), received.bytes)?;
    judge_received(intake, &caller, id, &channel, bytes).await
}

/// Returns the outcome of a judged upload.
async fn reported(intake: &Arc<Intake>, id: Uuid) -> Result<IntakeOutcome, Fault> {
    let kept = intake.readers.run(move |reader| reader.find_upload(id)).await?;
    let kept = kept.ok_or_else(|| Fault::internal(&format!("upload {id} is judged and has no report")))?;
    Ok(match Verdict::read(kept.version, &kept.report)? {
        Verdict::Unreadable(unreadable) => IntakeOutcome::Unreadable(unreadable),
        Verdict::Judged(report) => match report.single {
            Some(record) => {
                let collection = intake.readers.run(move |reader| reader.collection_of(record)).await?;
                // A record that was never created is in quarantine, and its report says so.
                told_before(intake, (collection.unwrap_or(Collection::Detections), record), report)
            }
            None => IntakeOutcome::Judged(report),
        },
    })
}
