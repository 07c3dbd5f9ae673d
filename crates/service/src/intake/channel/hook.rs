//! Submissions that another server received and sends on: `KoBoToolbox` by a REST service, ODK Central by a webhook.
//!
//! Sources: `kobotoolbox/kpi`, `kobo/apps/hook`: JSON or XML, tried again on 502, 503 and 504 only; and
//! `hotosm/central-webhook`, which has Central's database send events. Pictures stay where they are: this server
//! asks nothing of others.

use demining::Value;
use exchange::{Content, Find, ReadError, Submission, read_kobo, read_submission};
use serde::{Deserialize, Serialize};

/// Who sends on.
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

/// What the names of events about submissions begin with: later versions may send an edited one on, too.
const OF_SUBMISSIONS: &str = "submission.";

/// Characters of an unknown event that are logged.
const LOGGED_CHARS: usize = 80;

/// The property that keeps the names of pictures that stayed where they were.
const ELSEWHERE: &str = "photos_elsewhere";

/// The submission that was sent on; none in an event that is about something else: the phone's own list of entities
/// comes from here, and a review there is none here. What an event of a later version means is not known, and to
/// refuse it would only have it sent again.
///
/// # Errors
/// When it is none.
pub fn read(hook: Hook, bytes: &[u8]) -> Result<Option<Submission>, ReadError> {
    let is_xml = bytes.trim_ascii_start().starts_with(b"<");
    let mut submission = match hook {
        _ if is_xml => read_submission(bytes)?,
        Hook::Kobo => read_kobo(bytes)?,
        Hook::Central => {
            let broken = |reason: String| ReadError::Broken { row: 1, reason };
            let event: Event =
                serde_json::from_slice(bytes).map_err(|error| broken(format!("it is no event: {error}")))?;
            match event.data.xml.filter(|_| event.kind.starts_with(OF_SUBMISSIONS)) {
                Some(xml) => read_submission(xml.as_bytes())?,
                None if event.kind == CREATED => {
                    return Err(broken(format!("the event {CREATED:?} has no XML")));
                }
                None => {
                    let event: String = event.kind.chars().take(LOGGED_CHARS).collect();
                    tracing::info!(?event, "an event of ODK Central is acknowledged, and changes nothing");
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
