//! What a browser keeps for this server.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::http::{
    problem::{Answer, Problem},
    site::Site,
};

/// What a browser keeps of a session.
pub const SESSION_COOKIE: &str = "clearline_session";

/// What a browser holds of its session.
pub fn session_secret(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION_COOKIE)
}

/// The cookie of this name, if it holds something.
pub fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// A cookie that scripts cannot read and other sites' pages do not send, but by a link; gone when it lives for
/// no time.
pub fn set_cookie(
    site: &Site,
    headers: &HeaderMap,
    name: &str,
    value: &str,
    max_age_s: i64,
) -> Answer<HeaderValue> {
    let secure = if site.base(headers).starts_with("https:") { "; Secure" } else { "" };
    let text = format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age_s}{secure}");
    let mut cookie = HeaderValue::try_from(text).map_err(|e| Problem::internal(&e))?;
    cookie.set_sensitive(true);
    Ok(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_of_a_session_is_found_among_others() {
        let headers =
            |text: &'static str| HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(text))]);
        assert_eq!(session_secret(&headers("a=b; clearline_session=s1; c=d")), Some("s1"));
        assert_eq!(session_secret(&headers("not_clearline_session=s1")), None);
        assert_eq!(session_secret(&headers("clearline_session=")), None);
    }
}
