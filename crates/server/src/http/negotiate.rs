//! Chooses the form of a document: JSON for programs, HTML for people.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use headers_accept::Accept;
use mediatype::{MediaType, Name, names};

use crate::http::{
    params::Params,
    problem::{Answer, Problem},
};

/// The form of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For programs.
    Json,
    /// For people.
    Html,
}

/// Reads `f`; without it, `Accept` decides. `json` lists the values that mean JSON.
///
/// # Errors
/// 400 when `f` has another value.
pub fn take(params: &mut Params, headers: &HeaderMap, json: &[&str]) -> Answer<Form> {
    match params.take("f").as_deref() {
        None => Ok(if prefers_html(headers) { Form::Html } else { Form::Json }),
        Some("html") => Ok(Form::Html),
        Some(name) if json.contains(&name) => Ok(Form::Json),
        Some(other) => Err(Problem::parameter("f", other, &format!("is not html or {}", json.join(" or ")))),
    }
}

/// The JSON types that this server answers in, then HTML: of two that a client likes equally, the first one wins.
const TYPES: [MediaType<'static>; 6] = [
    MediaType::new(names::APPLICATION, names::JSON),
    with_json("geo"),
    with_json("schema"),
    with_json("problem"),
    with_json("vnd.oai.openapi"),
    HTML,
];

const HTML: MediaType<'static> = MediaType::new(names::TEXT, names::HTML);

/// Returns the media type `application/{name}+json`.
const fn with_json(name: &'static str) -> MediaType<'static> {
    MediaType::from_parts(names::APPLICATION, Name::new_unchecked(name), Some(names::JSON), &[])
}

/// Returns whether the client accepts HTML and prefers it to JSON. A client that accepts anything, or whose `Accept`
/// is not valid, gets JSON.
pub fn prefers_html(headers: &HeaderMap) -> bool {
    let lists: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = lists.join(",").parse::<Accept>().ok();
    accept.and_then(|accept| accept.negotiate(&TYPES).map(|best| *best == HTML)).unwrap_or(false)
}

/// Marks a response that depends on `Accept`.
pub fn varied(mut response: Response) -> Response {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_pages_and_programs_get_json() {
        for (accept, html) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("text/html", true),
            ("application/json;q=0.5, text/html", true),
            ("*/*", false),
            ("application/geo+json, application/json", false),
            ("application/json, text/html;q=0.9", false),
            ("application/json, text/html", false),
            ("text/html;q=0", false),
            ("text/*", true),
            ("TEXT/HTML; Q=0.9, application/json;q=0.5", true),
            ("application/*, text/*;q=0.5", false),
            ("nonsense", false),
            (";;,q=,", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(prefers_html(&headers), html, "{accept}");
        }
        assert!(!prefers_html(&HeaderMap::new()));
    }
}
