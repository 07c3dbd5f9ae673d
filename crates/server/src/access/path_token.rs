//! A token in the address, for clients that are set up with nothing but one: `/openrosa/{token}/...`.

use axum::{extract::Request, http::Uri};

/// What such addresses begin with.
const BEFORE: &str = "/openrosa/";

/// A token that stood in the address. It has no `Debug`: it is to be in no log.
#[derive(Clone)]
pub struct PathToken(String);

impl PathToken {
    /// The token.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

/// Takes the token out of the address before anything can log it; the guard finds it beside the request.
/// Routes were matched before, and know it as a part of their path.
pub async fn hide(mut request: Request) -> Request {
    if let Some((token, hidden)) = split(request.uri()) {
        *request.uri_mut() = hidden;
        request.extensions_mut().insert(PathToken(token));
    }
    request
}

/// The token in an address, and the address without it.
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
