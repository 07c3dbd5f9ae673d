//! The inbox: what comes in is kept as it came before anybody looks into it, then judged, once.
//!
//! What was kept and not judged, because the server stopped or the store was locked, is judged later,
//! as the one who sent it: [`Inbox::watch`].

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use store::{Kept, Upload};
use tokio::task::JoinError;
use uuid::Uuid;

use super::{
    Channel, Intake,
    commit::{commit, told, told_before, upload_of},
    outcome::{Fault, Outcome},
    report::Verdict,
    sender::Sender,
};
use crate::{
    access::{Caller, Party},
    app::App,
    body::Received,
    journal,
};

/// How often what waits is looked for.
const EVERY: Duration = Duration::from_mins(1);

/// How long the bytes of an upload are kept of which every row found its place: then all that was in
/// them is in the log. Others are kept for good.
pub const DAYS: i64 = 90;

/// The uploads that are being judged.
#[derive(Debug)]
pub struct Inbox {
    at_work: Mutex<HashSet<Uuid>>,
    /// Forms about one record are judged one after the other: what one adds, the next has to know of.
    turns: [Turns; N_TURNS],
}

type Turns = tokio::sync::Mutex<()>;

/// The turn of a record, given back when it goes.
pub type Turn<'a> = tokio::sync::MutexGuard<'a, ()>;

/// At most this many forms, each of another record, are judged at once.
const N_TURNS: usize = 64;

impl Default for Inbox {
    fn default() -> Self {
        Self { at_work: Mutex::default(), turns: std::array::from_fn(|_| Turns::default()) }
    }
}

/// A place at work on an upload, given back when it goes.
struct AtWork(Arc<App>, Uuid);

impl AtWork {
    /// None when it is at work already.
    fn begin(app: &Arc<App>, id: Uuid) -> Option<Self> {
        app.inbox.lock().insert(id).then(|| Self(Arc::clone(app), id))
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.inbox.lock().remove(&self.1);
    }
}

impl Inbox {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<Uuid>> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no other form about a record is being judged.
    pub async fn turn(&self, record: Uuid) -> Turn<'_> {
        // The last byte of an id is made at random.
        self.turns[usize::from(record.as_bytes()[15]) % N_TURNS].lock().await
    }

    /// Judges what waits, now and every minute, until the server stops.
    pub async fn watch(app: Arc<App>) {
        let mut stopping = app.stopping.subscribe();
        loop {
            // What cannot be read is told where it is read, and tried again.
            let waiting = app.readers.run(|reader| reader.waiting()).await.unwrap_or_default();
            for id in waiting {
                resume(&app, id).await;
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }
}

/// Judges an upload that waits. What fails is tried again later.
async fn resume(app: &Arc<App>, id: Uuid) {
    let Some(_place) = AtWork::begin(app, id) else { return };
    match judge_kept(app, id).await {
        Ok(Outcome::Judged(report)) => {
            tracing::info!(upload = %id, rows = report.rows, "judged an upload that waited in the inbox");
        }
        Ok(_) => tracing::warn!(upload = %id, "an upload that waited in the inbox cannot be read"),
        Err(_) => tracing::warn!(upload = %id, "an upload in the inbox still waits"),
    }
}

/// Keeps what comes in and judges it, or says what became of it before.
///
/// # Errors
/// When it was not kept.
pub async fn keep(app: &Arc<App>, caller: &Caller, intake: Intake) -> Result<Outcome, Fault> {
    let id = Uuid::now_v7();
    let received = intake.received(id, caller)?;
    let Intake { channel, bytes, .. } = intake;
    // Nobody else knows the id yet.
    let place = AtWork::begin(app, id);
    match app.writer.receive(received).await? {
        // It is judged also when the sender goes away.
        Kept::New => {
            let (app, caller) = (Arc::clone(app), caller.as_sender());
            let work = async move {
                let _place = place;
                judge_received(&app, &caller, id, &channel, bytes).await
            };
            Ok(once_kept(id, tokio::spawn(work).await))
        }
        Kept::Revoked => Err(Fault::Revoked),
        Kept::Before { id, is_same, is_judged } => came_before(app, id, is_same, is_judged).await,
    }
}

/// Answers a repeated key with the outcome of the first upload.
///
/// # Errors
/// When the store cannot be read.
pub async fn came_before(app: &Arc<App>, id: Uuid, is_same: bool, is_judged: bool) -> Result<Outcome, Fault> {
    if !is_same {
        return Ok(Outcome::KeyReused);
    }
    if is_judged {
        return reported(app, id).await;
    }
    let Some(place) = AtWork::begin(app, id) else { return Ok(Outcome::InProgress) };
    let app = Arc::clone(app);
    let work = async move {
        let _place = place;
        judge_kept(&app, id).await
    };
    Ok(once_kept(id, tokio::spawn(work).await))
}

/// Answers for an upload whose bytes are on disk: if it cannot be judged now, it is judged later, and must
/// not be taken for lost.
fn once_kept(id: Uuid, judged: Result<Result<Outcome, Fault>, JoinError>) -> Outcome {
    let judged = judged.unwrap_or_else(|error| Err(Fault::internal(&error)));
    judged.unwrap_or_else(|_| {
        journal::waits(id);
        Outcome::Later(id)
    })
}

/// Judges an upload whose bytes are in the inbox.
async fn judge_received(
    app: &Arc<App>,
    caller: &Caller,
    id: Uuid,
    channel: &Channel,
    bytes: Received,
) -> Result<Outcome, Fault> {
    match channel.judge((app, caller), bytes).await? {
        Ok((mut judged, _turn)) => {
            judged.received = Some(id);
            let report = commit(app, caller, judged, &channel.wishes(), channel.is_for_manager()).await?;
            journal::uploaded(caller, channel, &report);
            Ok(Outcome::Judged(report))
        }
        // It will never be read: that is its report.
        Err(unreadable) => {
            let told = told(&Verdict::Unreadable(unreadable.clone()), channel.is_for_manager());
            let report = store::Report { id, tell: Box::new(move |_| told) };
            let upload = Upload { report: Some(report), ..upload_of(app, caller, Vec::new()) };
            app.writer.commit(upload).await?;
            journal::unreadable(caller, channel, Some(id), &unreadable);
            Ok(Outcome::Unreadable(unreadable))
        }
    }
}

/// Judges an upload of which only the inbox knows.
async fn judge_kept(app: &Arc<App>, id: Uuid) -> Result<Outcome, Fault> {
    let kept = app.readers.run(move |reader| reader.received(id)).await?;
    let missing = || Fault::internal(&format!("upload {id} is not in the inbox"));
    let (received, _) = kept.ok_or_else(missing)?;
    if app.readers.run(move |reader| reader.find_upload(id)).await?.is_some() {
        // Another was faster since this one was seen to wait.
        return reported(app, id).await;
    }
    let unreadable = |error: serde_json::Error| Fault::internal(&format!("upload {id}: {error}"));
    let sender: Sender = serde_json::from_str(&received.sender).map_err(unreadable)?;
    let caller = sender.caller(received.by)?;
    let channel = Channel::read(&received.door, &received.envelope)?;
    let bytes = app.memory.hold(&Party::server(), received.bytes)?;
    judge_received(app, &caller, id, &channel, bytes).await
}

/// What became of an upload that is judged.
async fn reported(app: &Arc<App>, id: Uuid) -> Result<Outcome, Fault> {
    let kept = app.readers.run(move |reader| reader.find_upload(id)).await?;
    let kept = kept.ok_or_else(|| Fault::internal(&format!("upload {id} is judged and has no report")))?;
    Ok(match Verdict::read(kept.version, &kept.report)? {
        Verdict::Unreadable(unreadable) => Outcome::Unreadable(unreadable),
        Verdict::Judged(report) => match report.single {
            Some(record) => told_before(app, record, report),
            None => Outcome::Judged(report),
        },
    })
}
