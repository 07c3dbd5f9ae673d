//! The inbox: what is uploaded is kept as it came before anybody looks into it, then judged, once.
//!
//! What was kept and not judged, because the server stopped or the store was locked, is judged later,
//! as the one who sent it: [`Inbox::watch`].

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use exchange::{Format, ReadOptions, read_submission};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::{Bearer, Kept, Received, Upload};
use tokio::task::JoinError;
use uuid::Uuid;

use super::{Judged, Wishes, answered, commit, format, judge, read_problem};
use crate::{
    access::Caller,
    app::App,
    body,
    hooks::{self, Hook},
    openrosa,
    params::Params,
    problem::{Answer, Problem},
    routes::uploads,
    wire::upload::Report,
};

/// The sender's own name for an upload (draft-ietf-httpapi-idempotency-key-header).
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Characters of a key, at the most.
const KEY_CHARS: usize = 255;

/// How often what waits is looked for.
const EVERY: Duration = Duration::from_mins(1);

/// How long the bytes of an upload are kept of which every row found its place: then all that was in
/// them is in the log. Others are kept for good.
pub const DAYS: i64 = 90;

/// What came with the bytes and says how to read them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Envelope {
    query: String,
    content_type: Option<String>,
    content_encoding: Option<String>,
}

/// The same, read.
pub struct Asked {
    pub wishes: Wishes,
    pub options: ReadOptions,
    pub format: Format,
}

impl Envelope {
    /// The envelope of a request.
    pub fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self {
            query: query.unwrap_or("").to_owned(),
            content_type: text(header::CONTENT_TYPE),
            content_encoding: text(header::CONTENT_ENCODING),
        }
    }

    /// What it asks for.
    ///
    /// # Errors
    /// 400 and 415 for what is not understood.
    pub fn asked(&self) -> Answer<Asked> {
        let mut params = Params::read(&self.query)?;
        let (wishes, options) = uploads::wishes(&mut params)?;
        let format = format(params.take("format").as_deref(), &self.headers())?;
        params.finish(&format!("{}, format", uploads::KNOWN))?;
        Ok(Asked { wishes, options, format })
    }

    fn headers(&self) -> HeaderMap {
        let given =
            [(header::CONTENT_TYPE, &self.content_type), (header::CONTENT_ENCODING, &self.content_encoding)];
        let given = given
            .into_iter()
            .filter_map(|(name, text)| Some((name, HeaderValue::from_str(text.as_ref()?).ok()?)));
        given.collect()
    }
}

/// The way that something comes in, which says how it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A file of records. Its envelope is an [`Envelope`].
    Uploads,
    /// The answers of a form. Its envelope names the photos that came with it.
    OpenRosa,
    /// A file that came with a form and is no photo: a manager looks at it. Its envelope says of which form.
    Attachment,
    /// What another server received and sends on. Its envelope is a [`Hook`].
    Hook,
}

impl Door {
    const ALL: [Self; 4] = [Self::Uploads, Self::OpenRosa, Self::Attachment, Self::Hook];

    fn word(self) -> &'static str {
        match self {
            Self::Uploads => "uploads",
            Self::OpenRosa => "openrosa",
            Self::Attachment => "attachment",
            Self::Hook => "hook",
        }
    }

    fn from_word(word: &str) -> Answer<Self> {
        let known = Self::ALL.into_iter().find(|door| door.word() == word);
        known.ok_or_else(|| Problem::internal(&format!("{word:?} is no door of the inbox")))
    }
}

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
    keep(app, caller, Parcel { door: Door::Uploads, envelope, key: key(headers)? }, bytes).await
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
        Kept::Before { id, is_judged: true, .. } => told_before(app, id, &wishes_of(door, &envelope)?).await,
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

/// The `Idempotency-Key`: a string as structured fields have it, or its text alone.
fn key(headers: &HeaderMap) -> Answer<Option<String>> {
    let Some(given) = headers.get(&KEY) else { return Ok(None) };
    let wrong = || {
        let detail = format!("Idempotency-Key: is 1 to {KEY_CHARS} visible ASCII characters, such as a UUID");
        Problem::new(StatusCode::BAD_REQUEST, "idempotency-key", detail)
    };
    let text = given.to_str().map_err(|_| wrong())?.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if text.is_empty() || text.len() > KEY_CHARS {
        return Err(wrong());
    }
    Ok(Some(text.to_owned()))
}

/// Judges an upload whose bytes are in the inbox.
async fn judge_received(
    app: &Arc<App>,
    caller: &Caller,
    id: Uuid,
    (door, envelope): (Door, &str),
    bytes: body::Received,
) -> Answer<Report> {
    match judge_parcel((app, caller), (door, envelope), bytes).await {
        Ok((mut judged, _turn)) => {
            judged.received = Some(id);
            commit(app, caller, judged, &wishes_of(door, envelope)?).await
        }
        // It will never be read: that is its report.
        Err(problem) if problem.status().is_client_error() => {
            let told = problem.told();
            let report = store::Report { id, tell: Box::new(move |_| told) };
            let upload = Upload { report: Some(report), ..Upload::new(caller.name(), Vec::new()) };
            app.writer.commit(upload).await?;
            Err(problem)
        }
        Err(problem) => Err(problem),
    }
}

/// Judges what came in at a door. What is judged of a form has to be committed within its turn.
async fn judge_parcel<'a>(
    (app, caller): (&'a App, &Caller),
    (door, envelope): (Door, &str),
    bytes: body::Received,
) -> Answer<(Judged, Option<Turn<'a>>)> {
    let (submission, attached) = match door {
        Door::Uploads => {
            let envelope: Envelope = read_envelope(envelope)?;
            let Asked { wishes, options, format } = envelope.asked()?;
            let judged = judge((app, caller), &envelope.headers(), bytes, format, options, &wishes).await?;
            return Ok((judged, None));
        }
        Door::Attachment => return Ok((openrosa::judge_attachment(&read_envelope(envelope)?), None)),
        Door::OpenRosa => {
            let submission = read_submission(&bytes).map_err(|error| read_problem(&error))?;
            (submission, read_envelope(envelope)?)
        }
        Door::Hook => {
            let sent = hooks::read(read_envelope::<Hook>(envelope)?, &bytes).map_err(|e| read_problem(&e))?;
            let submission = sent.ok_or_else(|| Problem::internal(&"an event of no interest was kept"))?;
            (submission, openrosa::Attached::new())
        }
    };
    let turn = app.inbox.turn(submission.record()).await;
    Ok((openrosa::judge((app, caller), submission, &attached).await?, Some(turn)))
}

/// How the rows of what came in are treated.
fn wishes_of(door: Door, envelope: &str) -> Answer<Wishes> {
    match door {
        Door::Uploads => Ok(read_envelope::<Envelope>(envelope)?.asked()?.wishes),
        Door::OpenRosa | Door::Attachment | Door::Hook => Ok(openrosa::wishes()),
    }
}

fn read_envelope<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_str(text).map_err(|e| Problem::internal(&e))
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
        return told_before(app, id, &wishes_of(door, &received.envelope)?).await;
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

/// Who sent an upload, as it is kept with it.
#[derive(Debug, Serialize, Deserialize)]
struct Sender {
    role: String,
    operator: Option<String>,
    regions: Option<Vec<String>>,
}

impl Sender {
    fn of(caller: &Caller) -> Self {
        let bearer = caller.bearer();
        Self {
            role: caller.role().word().to_owned(),
            operator: bearer.and_then(|bearer| bearer.operator.clone()),
            regions: bearer.and_then(|bearer| bearer.regions.clone()),
        }
    }

    fn caller(self, name: &str) -> Answer<Caller> {
        let role = self.role.parse().map_err(|error| Problem::internal(&error))?;
        let Self { operator, regions, .. } = self;
        Ok(Caller::sender(Bearer { name: name.to_owned(), role, operator, regions }, uploads::grant(role)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_quoted_string_or_its_text() {
        let of = |text: &str| {
            let headers = HeaderMap::from_iter([(KEY, HeaderValue::from_str(text).unwrap())]);
            key(&headers).map_err(|problem| problem.status())
        };
        assert_eq!(of("\"a-1\""), Ok(Some("a-1".into())));
        assert_eq!(of("a-1"), Ok(Some("a-1".into())));
        assert_eq!(key(&HeaderMap::new()).ok(), Some(None));
        for bad in ["", "\"\"", &"k".repeat(256)] {
            assert_eq!(of(bad), Err(StatusCode::BAD_REQUEST), "{bad}");
        }
    }

    #[test]
    fn an_envelope_says_later_what_it_said_at_once() {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("text/csv"))]);
        let envelope = Envelope::of(Some("update=true&reason=seen"), &headers);
        let kept: Envelope = serde_json::from_str(&serde_json::to_string(&envelope).unwrap()).unwrap();
        let asked = kept.asked().ok().unwrap();
        assert_eq!(
            (asked.format, asked.wishes.update, asked.wishes.reason.as_deref()),
            (Format::Csv, true, Some("seen"))
        );
        assert!(Envelope::of(Some("colour=red"), &headers).asked().is_err());
    }
}
