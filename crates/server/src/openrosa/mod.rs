//! OpenRosa, the protocol of ODK Collect and KoBoCollect (<https://docs.getodk.org/openrosa/>): clients
//! download forms and upload submissions.

mod documents;
mod parts;
pub mod routes;

use axum::{
    body::to_bytes,
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, PreEscaped, html};

use crate::http::problem::Problem;

pub use documents::{FORMS, Form, entity_list, form_list, manifest};
pub use parts::{Parts, parts};

/// The largest submission that clients are asked to send, in bytes: they split a larger one into several
/// posts. A single photo may still be larger.
const ADVERTISED_BYTES: u32 = 10 << 20;

/// The most bytes of an error that are converted to XML.
const ERROR_BYTES: usize = 1 << 20;

const VERSION: HeaderName = HeaderName::from_static("x-openrosa-version");
const ACCEPTS: HeaderName = HeaderName::from_static("x-openrosa-accept-content-length");

/// Returns whether an address belongs to OpenRosa.
pub fn is_asked(uri: &Uri) -> bool {
    uri.path().starts_with("/openrosa/")
}

/// Builds a response from an XML document.
pub fn xml(status: StatusCode, document: &Markup) -> Response {
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", document.0);
    let headers = [(header::CONTENT_TYPE, "text/xml; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

/// Builds the message shown to the person with the phone.
pub fn message(status: StatusCode, text: &str) -> Response {
    let nature = if status.is_success() { "submit_success" } else { "error" };
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let document = html! {
        (PreEscaped("<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">"))
        message nature=(nature) { (plain) }
        (PreEscaped("</OpenRosaResponse>"))
    };
    xml(status, &document)
}

/// Adds the protocol's headers to a response, and converts problems to XML.
pub async fn dressed(answer: Response) -> Response {
    let is_problem = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == b"application/problem+json");
    let mut answer = if is_problem { told_in_xml(answer).await } else { answer };
    let headers = answer.headers_mut();
    headers.insert(VERSION, HeaderValue::from_static("1.0"));
    headers.insert(ACCEPTS, HeaderValue::from(ADVERTISED_BYTES));
    answer
}

async fn told_in_xml(answer: Response) -> Response {
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, ERROR_BYTES).await.unwrap_or_default();
    let problem = std::str::from_utf8(&body).ok().and_then(Problem::read);
    let mut told = message(parts.status, &problem.map_or_else(String::new, |problem| problem.sentence()));
    for (name, value) in &parts.headers {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}
