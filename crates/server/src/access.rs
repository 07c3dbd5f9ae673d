//! Who is asking. Reading is open to all through the public view; writing needs a token.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderValue, StatusCode, header, request::Parts},
};

use crate::{app::App, problem::Problem};

/// A caller who may write: it showed a token that the store knows.
#[derive(Debug, Clone)]
pub struct Manager {
    /// The name on the token.
    pub name: String,
}

/// The roles that may write today.
const WRITERS: [&str; 2] = ["manager", "admin"];

impl<S> FromRequestParts<S> for Manager
where
    S: Send + Sync,
    Arc<App>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let app = Arc::<App>::from_ref(state);
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|h| h.to_str().ok());
        let scheme_and_token = header.and_then(|h| h.split_once(' '));
        let token = match scheme_and_token {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim().to_owned(),
            _ => return Err(unauthorised("writing needs the header Authorization: Bearer TOKEN")),
        };
        let found = app.readers.run(move |reader| reader.find_token(&token)).await?;
        match found {
            None => Err(unauthorised("this token is unknown or was revoked")),
            Some(token) if WRITERS.contains(&token.role.as_str()) => Ok(Self { name: token.name }),
            Some(token) => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "forbidden",
                format!("the role {} of this token may not write", token.role),
            )),
        }
    }
}

fn unauthorised(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorised", detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Clearline\""))
}
