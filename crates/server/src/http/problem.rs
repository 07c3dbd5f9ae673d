//! Error responses: RFC 9457 problem+json. Only this module maps errors to status codes.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use service::{
    Fault,
    intake::{Misread, Unreadable, Why},
};

use super::row_problem::RowProblem;

/// An error response: what is wrong and what to do about it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Problem {
    /// The problem's type, stable for programs.
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_deserializing)]
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    errors: Vec<RowProblem>,
    #[serde(skip)]
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// The message for a token that does not grant access.
pub const NO_TOKEN: &str = "this token is unknown, has expired or was revoked";

/// Builds a 401.
pub fn unauthorised(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorised", detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Clearline\""))
}

/// The result of a handler.
pub type Answer<T = Response> = Result<T, Problem>;

impl Problem {
    /// Creates a problem with this status. `kind` is a slug; `detail` addresses the caller.
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:clearline:problem:{kind}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// Builds a 400 for a parameter; the detail names it.
    pub fn parameter(name: &str, value: &str, reason: &str) -> Self {
        let shown: String = value.chars().take(80).collect();
        Self::new(StatusCode::BAD_REQUEST, "parameter", format!("parameter {name}={shown:?}: {reason}"))
    }

    /// Builds a 404.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", what)
    }

    /// Builds a 422 with the problems of each row.
    pub fn rows(detail: impl Into<String>, errors: Vec<RowProblem>) -> Self {
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "rows", detail) }
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Serialises the problem as JSON.
    pub fn told(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Formats the problem as sentences for a person.
    pub fn sentence(&self) -> String {
        let rows = self.errors.iter().map(RowProblem::sentence);
        std::iter::once(self.detail.clone()).chain(rows).collect::<Vec<_>>().join("; ")
    }

    /// Parses a serialised problem; `None` if the text is not one.
    pub fn read(told: &str) -> Option<Self> {
        let problem: Self = serde_json::from_str(told).ok()?;
        let status = problem.status();
        Some(problem.with_status(status))
    }

    /// Returns the detail.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Replaces the status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self { status: status.as_u16(), title, ..self }
    }

    /// Adds problems of rows.
    #[must_use]
    pub fn with_rows(mut self, errors: Vec<RowProblem>) -> Self {
        self.errors = errors;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Builds a 500 and logs its cause once; the response discloses nothing internal.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        Fault::internal(cause).into()
    }

    /// Builds a 503: the client should try again.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("5"))
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unavailable(told) => Self::unavailable(told),
            Fault::NoTemporary => Self::unavailable(
                "the server cannot create temporary files; nothing of this request was stored",
            ),
            Fault::Revoked => unauthorised(NO_TOKEN),
            Fault::Internal => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "internal server error; the server's log has the cause",
            ),
        }
    }
}

impl From<store::StoreError> for Problem {
    fn from(error: store::StoreError) -> Self {
        Fault::from(error).into()
    }
}

impl From<Misread> for Problem {
    fn from(misread: Misread) -> Self {
        match &misread {
            Misread::Parameter(name @ "content-crs", value, reason) => {
                Self::new(StatusCode::BAD_REQUEST, name, format!("Content-Crs {value:?}: {reason}"))
            }
            Misread::Parameter(name, value, reason) => Self::parameter(name, value, reason),
            Misread::Format(_) => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "format", misread.to_string())
            }
            Misread::Encoding => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoding", misread.to_string())
            }
        }
    }
}

impl From<&exchange::ReadError> for Problem {
    fn from(error: &exchange::ReadError) -> Self {
        Unreadable::of(error).map_or_else(Self::from, Self::from)
    }
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        let Unreadable { why, row, reason } = unreadable;
        let nothing_kept = format!("{reason}; no record of this upload was kept");
        let problem = match why {
            Why::Broken => Self::new(StatusCode::BAD_REQUEST, "unreadable", nothing_kept),
            Why::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", nothing_kept),
            Why::Format => Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "format", reason.clone()),
        };
        let row = row.map(|row| RowProblem::of_document(row, reason));
        problem.with_rows(row.into_iter().collect())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, body) = (self.status(), self.told());
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers {
            headers.insert(name, value);
        }
        response
    }
}
