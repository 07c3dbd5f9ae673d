//! Chooses the form of a document: JSON for programs, HTML for people.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};

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

/// Returns whether the client accepts HTML and prefers it to JSON. A client that accepts anything gets JSON.
pub fn prefers_html(headers: &HeaderMap) -> bool {
    let (mut html, mut json) = (0.0_f32, 0.0_f32);
    let lists = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in lists.flat_map(|list| list.split(',')) {
        let range = range.to_ascii_lowercase();
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or("");
        let quality =
            parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        match name {
            "text/html" | "text/*" => html = html.max(quality),
            "application/*" => json = json.max(quality),
            name if name.ends_with("json") => json = json.max(quality),
            _ => {}
        }
    }
    html > json
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
