//! A token in the address, for clients that can only be configured with an address: `/openrosa/{token}/...`.

use axum::{extract::Request, http::Uri};

/// The prefix of addresses that contain a token.
const BEFORE: &str = "/openrosa/";

/// A token from the address. It has no `Debug`, so that it cannot be logged.
#[derive(Clone)]
pub struct PathToken(String);

impl PathToken {
    /// The token.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

/// Moves the token from the address to the request's extensions, before anything can log it; the guard reads
/// it there. Routing has already matched, so handlers still receive it as a path parameter.
pub async fn hide(mut request: Request) -> Request {
    if let Some((token, hidden)) = split(request.uri()) {
        *request.uri_mut() = hidden;
        request.extensions_mut().insert(PathToken(token));
    }
    request
}

/// Splits an address into its token and the address without it.
fn split(uri: &Uri) -> Option<(String, Uri)> {
    let after = uri.path().strip_prefix(BEFORE)?;
    let (token, rest) = after.split_once('/').unwrap_or((after, ""));
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let hidden = format!("{BEFORE}-/{rest}{query}").parse().unwrap_or(Uri::from_static("/openrosa/-/"));
    Some((token.to_owned(), hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_its_token() {
        for (given, token, hidden) in [
            ("/openrosa/cl_a1/formList?deviceID=x", "cl_a1", "/openrosa/-/formList?deviceID=x"),
            ("http://h/openrosa/cl_a1/submission", "cl_a1", "/openrosa/-/submission"),
            ("/openrosa/cl_a1", "cl_a1", "/openrosa/-/"),
            ("/openrosa//x", "", "/openrosa/-/x"),
        ] {
            let uri: Uri = given.parse().unwrap();
            assert_eq!(split(&uri), Some((token.to_owned(), hidden.parse().unwrap())), "{given}");
        }
        assert_eq!(split(&Uri::from_static("/uploads")), None);
    }
}
