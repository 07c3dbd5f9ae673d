//! Cookies that the server sets in browsers.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

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
    let lists = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = lists.flat_map(Cookie::split_parse).flatten();
    cookies.find(|cookie| cookie.name() == wanted)?.value_raw().filter(|value| !value.is_empty())
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
    let cookie = Cookie::build((name, value))
        .http_only(true)
        .same_site(SameSite::Lax)
        .path("/")
        .max_age(Duration::seconds(max_age_s))
        .secure(site.base(headers).starts_with("https:"));
    let mut value = HeaderValue::try_from(cookie.to_string()).map_err(|e| Problem::internal(&e))?;
    value.set_sensitive(true);
    Ok(value)
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
