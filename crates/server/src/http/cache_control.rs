//! What every answer says to caches, whatever its handler says.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::http::{cached_response::Keep, site::Site, vary};

/// Says whether an answer depends on who asks, and that no cache shares one that was made for somebody who
/// showed a token or a session.
pub fn guarded(headers: &mut HeaderMap, ignores_cookies: bool, is_for_somebody: bool) {
    if !ignores_cookies {
        vary::add(headers, "authorization, cookie");
    }
    let is_private = headers.get(header::CACHE_CONTROL).is_some_and(|told| {
        let told = told.to_str().unwrap_or("");
        told.contains("private") || told.contains("no-store")
    });
    if is_for_somebody && !is_private {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(Keep::Private.word()));
    }
}

/// Has caches ask each time for an answer that says nothing of them: some keep such ones for minutes.
pub fn told(site: &Site, headers: &mut HeaderMap) {
    let keep = site.keep(Keep::Asking).word();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(keep));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shared_cache_keeps_what_was_made_for_somebody() {
        for keep in [Keep::Private, Keep::Asking, Keep::Shared, Keep::OfRevision, Keep::Forever] {
            let of = |is_for_somebody| {
                let told = (header::CACHE_CONTROL, HeaderValue::from_static(keep.word()));
                let mut headers = HeaderMap::from_iter([told]);
                guarded(&mut headers, false, is_for_somebody);
                headers[header::CACHE_CONTROL].clone()
            };
            assert_eq!(
                (of(false), of(true)),
                (HeaderValue::from_static(keep.word()), HeaderValue::from_static("private, no-cache"))
            );
        }
    }
}
