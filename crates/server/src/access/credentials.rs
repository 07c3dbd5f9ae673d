//! Reads the `Authorization` header: a token, and optionally a reason for the change.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine, prelude::BASE64_STANDARD};

/// The prefix of a Basic user name that states a reason.
const REASON_PREFIX: &str = "reason:";

/// A token, and the reason stated with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The token's secret.
    pub token: String,
    /// The rest of a Basic user name that begins with `reason:`. It may be empty or too long, like
    /// `?reason=`: both are validated when a record changes.
    pub reason: Option<String>,
}

impl Credentials {
    /// Reads `Bearer TOKEN`, or `Basic` with the token as the password of any user.
    ///
    /// A user name cannot contain a colon (RFC 7617), so it ends at the first one. A token is hexadecimal, so
    /// a user name that begins with `reason:` ends at the last colon. Bytes that are not valid UTF-8 are read
    /// as Latin-1, which QGIS 3.22 and other older programs send.
    pub fn read(header: &HeaderValue) -> Option<Self> {
        let (scheme, value) = header.to_str().ok()?.split_once(' ')?;
        let value = value.trim();
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(Self { token: value.to_owned(), reason: None });
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let text = String::from_utf8(BASE64_STANDARD.decode(value).ok()?)
            .unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
        let stated = text.strip_prefix(REASON_PREFIX).and_then(|rest| rest.rsplit_once(':'));
        if let Some((reason, token)) = stated {
            return Some(Self { token: token.to_owned(), reason: Some(reason.to_owned()) });
        }
        let (_, token) = text.split_once(':')?;
        Some(Self { token: token.to_owned(), reason: None })
    }

    /// Reads the `Authorization` header of a request; `None` if it is missing or unreadable.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        headers.get(header::AUTHORIZATION).and_then(Self::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Option<(String, Option<String>)> {
        Credentials::read(&HeaderValue::from_str(header).unwrap()).map(|found| (found.token, found.reason))
    }

    fn basic(text: impl AsRef<[u8]>) -> Option<(String, Option<String>)> {
        read(&format!("Basic {}", BASE64_STANDARD.encode(text)))
    }

    type Read = Option<(String, Option<String>)>;

    #[expect(clippy::unnecessary_wraps, reason = "it is compared with what was read")]
    fn plain(token: &str) -> Read {
        Some((token.to_owned(), None))
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is compared with what was read")]
    fn stated(token: &str, reason: &str) -> Read {
        Some((token.to_owned(), Some(reason.to_owned())))
    }

    #[test]
    fn a_token_comes_as_bearer_or_as_the_password_of_basic() {
        assert_eq!(read("Bearer abc"), plain("abc"));
        assert_eq!(read("bearer  abc "), plain("abc"));
        assert_eq!(basic("qgis:abc:d"), plain("abc:d"));
        assert_eq!(basic(":abc"), plain("abc"));
        for bad in ["abc", "Basic !", "Basic YWJj", "Digest abc"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_user_name_that_begins_with_reason_states_one() {
        assert_eq!(basic("reason:surveyed again:abc"), stated("abc", "surveyed again"));
        assert_eq!(basic("reason: read at 10:30 :abc"), stated("abc", " read at 10:30 "));
        assert_eq!(basic("reason:yenidən ölçüldü:abc"), stated("abc", "yenidən ölçüldü"));
        assert_eq!(basic("reason::abc"), stated("abc", ""));
        assert_eq!(basic(b"reason:\xFCberpr\xFCft:abc"), stated("abc", "überprüft"));
        for none in ["reason:abc", "Reason:abc", "reasons:abc", "my reason:abc", "me:abc"] {
            assert_eq!(basic(none), plain("abc"), "{none}");
        }
    }
}
