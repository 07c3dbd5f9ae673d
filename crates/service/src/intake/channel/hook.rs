//! Submissions forwarded by another server: `KoBoToolbox` by a REST service, ODK Central by a webhook.
//!
//! Sources: `kobotoolbox/kpi`, `kobo/apps/hook`: JSON or XML, retried on 502, 503 and 504 only; and
//! `hotosm/central-webhook`, which lets Central's database send events. Pictures stay on the other server:
//! this server requests nothing from others.

use demining::Value;
use exchange::{Content, Find, ReadError, Submission, read_kobo, read_submission};
use serde::{Deserialize, Serialize};

/// The kind of server that forwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hook {
    /// A REST service of `KoBoToolbox`.
    Kobo,
    /// A webhook of ODK Central.
    Central,
}

/// An event of ODK Central.
#[derive(Debug, Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: EventData,
}

#[derive(Debug, Default, Deserialize)]
struct EventData {
    #[serde(default)]
    xml: Option<String>,
}

/// The event that always has a submission.
const CREATED: &str = "submission.create";

/// Prefix of events about submissions: later versions may forward edited ones too.
const OF_SUBMISSIONS: &str = "submission.";

/// Characters of an unknown event's name that are logged.
const LOGGED_CHARS: usize = 80;

/// The property that stores the names of pictures that stayed on the other server.
const ELSEWHERE: &str = "photos_elsewhere";

/// Reads a forwarded submission; `None` for an event about something else. The phone's entity list comes from
/// this server, and reviews in Central have no counterpart here. The meaning of events of later versions is
/// unknown; refusing them would only make the sender retry.
///
/// # Errors
/// If the bytes are not a submission or an event.
pub fn read(hook: Hook, bytes: &[u8]) -> Result<Option<Submission>, ReadError> {
    let is_xml = bytes.trim_ascii_start().starts_with(b"<");
    let mut submission = match hook {
        _ if is_xml => read_submission(bytes)?,
        Hook::Kobo => read_kobo(bytes)?,
        Hook::Central => {
            let broken = |reason: String| ReadError::Broken { row: 1, reason };
            let event: Event =
                serde_json::from_slice(bytes).map_err(|error| broken(format!("not an event: {error}")))?;
            match event.data.xml.filter(|_| event.kind.starts_with(OF_SUBMISSIONS)) {
                Some(xml) => read_submission(xml.as_bytes())?,
                None if event.kind == CREATED => {
                    return Err(broken(format!("the event {CREATED:?} has no XML")));
                }
                None => {
                    let event: String = event.kind.chars().take(LOGGED_CHARS).collect();
                    tracing::info!(?event, "ignored an event of ODK Central");
                    return Ok(None);
                }
            }
        }
    };
    if let Content::Records(finds) = &mut submission.content {
        for Find { row, photos } in finds {
            if let (false, Ok(raw)) = (photos.is_empty(), row) {
                raw.properties.push((ELSEWHERE.into(), Value::Text(photos.join(";"))));
            }
        }
    }
    Ok(Some(submission))
}
