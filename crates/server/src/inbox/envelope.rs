//! What a request says of the file that it uploads, as it is kept with its bytes.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use exchange::{Format, ReadOptions};
use serde::{Deserialize, Serialize};

use crate::{
    access::Credentials,
    params::Params,
    problem::{Answer, Problem},
    routes::uploads,
    upload::{Wishes, format},
};

/// The sender's own name for an upload (draft-ietf-httpapi-idempotency-key-header).
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Characters of a key, at the most.
const KEY_CHARS: usize = 255;

/// What came with the bytes and says how to read them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Envelope {
    query: String,
    /// The reason that the user name of the request states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
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
            reason: Credentials::of(headers).and_then(|given| given.reason),
            content_type: text(header::CONTENT_TYPE),
            content_encoding: text(header::CONTENT_ENCODING),
        }
    }

    /// What it asks for.
    ///
    /// # Errors
    /// 400 and 415 for what is not understood.
    pub fn asked(&self) -> Answer<Asked> {
        let mut params = Params::read(&self.query)?.with_stated_reason(self.reason.clone());
        let (wishes, options) = uploads::wishes(&mut params)?;
        let format = format(params.take("format").as_deref(), &self.headers())?;
        params.finish(&format!("{}, format", uploads::KNOWN))?;
        Ok(Asked { wishes, options, format })
    }

    /// The headers that say it.
    pub fn headers(&self) -> HeaderMap {
        let given =
            [(header::CONTENT_TYPE, &self.content_type), (header::CONTENT_ENCODING, &self.content_encoding)];
        let given = given
            .into_iter()
            .filter_map(|(name, text)| Some((name, HeaderValue::from_str(text.as_ref()?).ok()?)));
        given.collect()
    }
}

/// The `Idempotency-Key`: a string as structured fields have it, or its text alone.
pub fn key(headers: &HeaderMap) -> Answer<Option<String>> {
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
