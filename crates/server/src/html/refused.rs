//! A problem as a page, for people who followed a link.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use maud::html;

use super::{CONTENT_SECURITY_POLICY, Frame, HTML};

use crate::http::problem::Problem;

/// Builds the page for a failed sign-in.
pub fn refused(frame: &Frame, problem: &Problem) -> Response {
    let content = html! { p role="alert" { "Sign-in failed: " (problem.detail()) "." } };
    let page = frame.framed("Not signed in", &[], None, &content).into_string();
    let headers = [
        (header::CONTENT_TYPE, HTML),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    ];
    (problem.status(), headers.map(|(name, value)| (name, HeaderValue::from_static(value))), page)
        .into_response()
}
