//! Responses to failed sign-ins.

use axum::http::StatusCode;

use super::Failure;
use crate::http::problem::Problem;

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let status = match failure {
            Failure::Busy => return Self::unavailable(failure.to_string()),
            Failure::Unreachable => StatusCode::BAD_GATEWAY,
            Failure::Refused(_) => StatusCode::FORBIDDEN,
        };
        Self::new(status, "sign-in", failure.to_string())
    }
}
