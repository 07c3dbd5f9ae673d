//! Submissions that another server received and sends on: `KoBoToolbox` by a REST service, ODK Central by a webhook.
//!
//! Sources: `kobotoolbox/kpi`, `kobo/apps/hook`: JSON or XML, tried again on 502, 503 and 504 only; and
//! `hotosm/central-webhook`, which has Central's database send events. Pictures stay where they are: this server
//! asks nothing of others.

use demining::Value;
use exchange::{Content, ReadError, Submission, read_kobo, read_submission};
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
    xml: Option<String>,
}

/// Events that tell nothing new: the phone's own list of entities comes from here, and a review there is none here.
const OF_NO_INTEREST: [&str; 2] = ["entity.update.version", "submission.update"];

/// The property that keeps the names of pictures that stayed where they were.
const ELSEWHERE: &str = "photos_elsewhere";

/// The submission that was sent on; none in an event that is about something else.
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
            if OF_NO_INTEREST.contains(&event.kind.as_str()) {
                return Ok(None);
            }
            let xml =
                event.data.xml.ok_or_else(|| broken(format!("the event {:?} has no XML", event.kind)))?;
            read_submission(xml.as_bytes())?
        }
    };
    let names = submission.photos.join(";");
    if let (false, Content::Record(row)) = (names.is_empty(), &mut submission.content)
        && let Ok(raw) = row.as_mut()
    {
        raw.properties.push((ELSEWHERE.into(), Value::Text(names)));
    }
    Ok(Some(submission))
}
