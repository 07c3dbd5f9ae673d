//! Reads a request's parameters and headers about its body: parameters first, then headers.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use service::intake::{CONTENT_CRS, FileOptions, REASON, Statements};

use crate::{
    access::Credentials,
    http::{
        params::Params,
        problem::{Answer, Problem},
    },
    wire::content_crs,
};

/// The header with the sender's key for an upload (draft-ietf-httpapi-idempotency-key-header).
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The most characters of a key.
const KEY_CHARS: usize = 255;

/// Collects the statements of a request: the named parameters, and headers. The Basic user name may state a
/// reason if the parameter does not.
///
/// # Errors
/// 400 when a header names an unknown reference system.
pub fn said(params: &mut Params, headers: &HeaderMap, names: &[&'static str]) -> Answer<Statements> {
    let mut said = params.said(names);
    if names.contains(&REASON)
        && !said.has(REASON)
        && let Some(reason) = Credentials::of(headers).and_then(|given| given.reason)
    {
        said = said.and(REASON, reason);
    }
    Ok(match content_crs::given(headers)? {
        Some(system) => said.and(CONTENT_CRS, system.uri()),
        None => said,
    })
}

/// Reads how to parse the body and how to treat its rows.
///
/// # Errors
/// 400 and 415 for invalid options.
pub fn options(said: Statements, headers: &HeaderMap) -> Answer<FileOptions> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let content_type = text(header::CONTENT_TYPE);
    Ok(FileOptions::read(said, content_type, text(header::CONTENT_ENCODING))?)
}

/// Reads the options of a route that accepts only JSON: an XML content type is ignored.
///
/// # Errors
/// As [`options`].
pub fn options_of_json(said: Statements, headers: &HeaderMap) -> Answer<FileOptions> {
    let mut headers = headers.clone();
    if is_xml(&headers) {
        headers.remove(header::CONTENT_TYPE);
    }
    options(said, &headers)
}

/// Refuses a body whose content type is not JSON. `OWSLib` declares XML unless set otherwise, so a body
/// declared as XML is checked itself.
///
/// # Errors
/// 415 when the body is not JSON.
pub fn json_only(headers: &HeaderMap, body: &[u8]) -> Answer<()> {
    let essence = essence(headers);
    let is_json =
        essence == "application/json" || essence.starts_with("application/") && essence.ends_with("+json");
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    if is_json || is_xml(headers) && text.starts_with(b"{") {
        return Ok(());
    }
    let detail = format!(
        "{essence:?} is not accepted here; send application/geo+json or application/merge-patch+json"
    );
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "format", detail))
}

/// Returns whether the content type is XML.
pub fn is_xml(headers: &HeaderMap) -> bool {
    matches!(essence(headers).as_str(), "text/xml" | "application/xml")
}

fn essence(headers: &HeaderMap) -> String {
    let given = headers.get(header::CONTENT_TYPE).map_or("application/json", |v| v.to_str().unwrap_or("?"));
    given.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// Reads the `Idempotency-Key`: a string of structured fields, or its bare text.
///
/// # Errors
/// 400 when the key is invalid.
pub fn key(headers: &HeaderMap) -> Answer<Option<String>> {
    let Some(given) = headers.get(&KEY) else { return Ok(None) };
    let wrong = || {
        let detail =
            format!("Idempotency-Key: must be 1 to {KEY_CHARS} visible ASCII characters, such as a UUID");
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
    use axum::http::HeaderValue;

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
    fn xml_is_believed_to_be_json_only_when_it_is() {
        let reads = |kind: &'static str, body: &str| {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]);
            json_only(&headers, body.as_bytes()).is_ok()
        };
        assert!(reads("application/geo+json; charset=utf-8", "{}") && reads("Application/JSON", "{}"));
        assert!(reads("text/xml", " {}") && reads("application/xml;charset=utf-8", "{}"));
        assert!(!reads("text/xml", "<a/>") && !reads("text/plain", "{}"));
    }
}
