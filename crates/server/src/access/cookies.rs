//! Cookies that the server sets in browsers.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::http::{
    problem::{Answer, Problem},
    site::Site,
};

/// The name of the session cookie.
pub const SESSION_COOKIE: &str = "clearline_session";

/// Returns the session's secret from the session cookie.
pub fn session_secret(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION_COOKIE)
}

/// Returns the value of a cookie, or `None` if it is missing or empty.
pub fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// Builds a cookie that scripts cannot read and that other sites' pages send only by following a link. A
/// `max_age_s` of zero deletes the cookie.
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
