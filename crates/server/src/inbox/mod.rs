//! The inbox: what is uploaded is kept as it came before anybody looks into it, then judged, once.
//!
//! What was kept and not judged, because the server stopped or the store was locked, is judged later,
//! as the one who sent it: [`Inbox::watch`].

mod door;
mod envelope;
mod sender;

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use store::{Kept, Received, Told, Upload};
use tokio::task::JoinError;
use uuid::Uuid;

pub use door::Door;
pub use envelope::Envelope;

use crate::{
    access::Caller,
    app::App,
    body,
    problem::{Answer, Problem},
    upload::{Wishes, answered, commit, judge},
    wire::upload::Report,
};
use envelope::Asked;
use sender::Sender;

/// How often what waits is looked for.
const EVERY: Duration = Duration::from_mins(1);

/// How long the bytes of an upload are kept of which every row found its place: then all that was in
/// them is in the log. Others are kept for good.
pub const DAYS: i64 = 90;

/// What comes in beside the bytes.
#[derive(Debug)]
pub struct Parcel {
    /// The way.
    pub door: Door,
    /// What the door needs to judge it, as JSON.
    pub envelope: String,
    /// The sender's own name for it.
    pub key: Option<String>,
}

/// The uploads that are being judged.
#[derive(Debug)]
pub struct Inbox {
    at_work: Mutex<HashSet<Uuid>>,
    /// Forms about one record are judged one after the other: what one adds, the next has to know of.
    turns: [Turns; N_TURNS],
}

type Turns = tokio::sync::Mutex<()>;
type Turn<'a> = tokio::sync::MutexGuard<'a, ()>;

/// Forms of that many records are judged at once, at the most.
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
    async fn turn(&self, record: Uuid) -> Turn<'_> {
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
        Ok(report) => {
            tracing::info!(upload = %id, rows = report.rows, "judged an upload that waited in the inbox");
        }
        Err(problem) => {
            tracing::warn!(upload = %id, status = problem.status().as_u16(), "judged an upload that waited in the inbox");
        }
    }
}

/// An upload: kept, judged and committed, or the answer that it had before.
///
/// # Errors
/// 422 when its key is that of another upload, 409 when that one is being judged; and those of the
/// upload itself.
pub async fn take(
    app: &Arc<App>,
    caller: &Caller,
    envelope: Envelope,
    headers: &HeaderMap,
    bytes: body::Received,
) -> Answer<Report> {
    let asked = envelope.asked()?;
    if asked.wishes.dry_run {
        let Asked { wishes, options, format } = asked;
        let judged = judge((app, caller), headers, bytes, format, options, &wishes).await?;
        return commit(app, caller, judged, &wishes).await;
    }
    let envelope = serde_json::to_string(&envelope).map_err(|e| Problem::internal(&e))?;
    keep(app, caller, Parcel { door: Door::Uploads, envelope, key: envelope::key(headers)? }, bytes).await
}

/// Keeps a parcel and judges it, or gives the answer that it had before.
///
/// # Errors
/// 503 when it was not kept. All others are about what is kept: see [`take`]; 202 when it could not be judged yet.
pub async fn keep(app: &Arc<App>, caller: &Caller, parcel: Parcel, bytes: body::Received) -> Answer<Report> {
    let id = Uuid::now_v7();
    let Parcel { door, envelope, key } = parcel;
    // Nobody else knows the id yet.
    let place = AtWork::begin(app, id);
    let received = Received {
        id,
        by: caller.name().to_owned(),
        sender: serde_json::to_string(&Sender::of(caller)).map_err(|e| Problem::internal(&e))?,
        door: door.word().to_owned(),
        key,
        envelope: envelope.clone(),
        bytes: bytes.to_vec(),
    };
    match app.writer.receive(received).await? {
        // It is judged also when the sender goes away.
        Kept::New => {
            let (app, caller) = (Arc::clone(app), caller.clone());
            let work = async move {
                let _place = place;
                judge_received(&app, &caller, id, (door, &envelope), bytes).await
            };
            once_kept(id, tokio::spawn(work).await)
        }
        Kept::Before { is_same: false, .. } => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency-key",
            "another upload has this Idempotency-Key: a new upload needs a key of its own",
        )),
        Kept::Before { id, is_judged: true, .. } => told_before(app, id, &door.wishes(&envelope)?).await,
        Kept::Before { id, .. } => {
            let Some(place) = AtWork::begin(app, id) else {
                let detail = "this upload is kept and is being judged; ask again for what became of it";
                return Err(Problem::new(StatusCode::CONFLICT, "in-progress", detail)
                    .with_header(header::RETRY_AFTER, HeaderValue::from_static("2")));
            };
            let app = Arc::clone(app);
            let work = async move {
                let _place = place;
                judge_kept(&app, id).await
            };
            once_kept(id, tokio::spawn(work).await)
        }
    }
}

/// What is told of an upload whose bytes are on the disk: when it cannot be judged now, it is so later, and must
/// not be taken for lost.
fn once_kept(id: Uuid, judged: Result<Answer<Report>, JoinError>) -> Answer<Report> {
    match judged.unwrap_or_else(|error| Err(Problem::internal(&error))) {
        Err(problem) if problem.status().is_server_error() => {
            let detail = format!(
                "the upload is kept, and could not be judged just now: that is done as soon as it can be; \
                 /uploads/{id} tells what became of it"
            );
            Err(Problem::new(StatusCode::ACCEPTED, "waiting", detail))
        }
        told => told,
    }
}

/// Judges an upload whose bytes are in the inbox.
async fn judge_received(
    app: &Arc<App>,
    caller: &Caller,
    id: Uuid,
    (door, envelope): (Door, &str),
    bytes: body::Received,
) -> Answer<Report> {
    match door.judge((app, caller), envelope, bytes).await {
        Ok((mut judged, _turn)) => {
            judged.received = Some(id);
            commit(app, caller, judged, &door.wishes(envelope)?).await
        }
        // It will never be read: that is its report.
        Err(problem) if problem.status().is_client_error() => {
            let told = Told { report: problem.told(), is_refused: door != Door::Uploads };
            let report = store::Report { id, tell: Box::new(move |_| told) };
            let upload = Upload { report: Some(report), ..Upload::new(caller.name(), Vec::new()) };
            app.writer.commit(upload).await?;
            Err(problem)
        }
        Err(problem) => Err(problem),
    }
}

/// Judges an upload of which only the inbox knows.
async fn judge_kept(app: &Arc<App>, id: Uuid) -> Answer<Report> {
    let kept = app.readers.run(move |reader| reader.received(id)).await?;
    let missing = || Problem::internal(&format!("upload {id} is not in the inbox"));
    let (received, _) = kept.ok_or_else(missing)?;
    let unreadable = |error: serde_json::Error| Problem::internal(&format!("upload {id}: {error}"));
    let sender: Sender = serde_json::from_str(&received.sender).map_err(unreadable)?;
    let caller = sender.caller(&received.by)?;
    let door = Door::from_word(&received.door)?;
    if app.readers.run(move |reader| reader.find_upload(id)).await?.is_some() {
        // Another was faster since this one was seen to wait.
        return told_before(app, id, &door.wishes(&received.envelope)?).await;
    }
    let bytes = app.memory.hold(received.bytes).await?;
    judge_received(app, &caller, id, (door, &received.envelope), bytes).await
}

/// The answer that an upload had.
async fn told_before(app: &Arc<App>, id: Uuid, wishes: &Wishes) -> Answer<Report> {
    let kept = app.readers.run(move |reader| reader.find_upload(id)).await?;
    let kept = kept.ok_or_else(|| Problem::internal(&format!("upload {id} is judged and has no report")))?;
    if let Some(problem) = Problem::read(&kept.report) {
        return Err(problem);
    }
    let report = serde_json::from_str(&kept.report).map_err(|e| Problem::internal(&e))?;
    answered(report, wishes)
}
