//! Sets the caching headers of every response, whatever its handler sets.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::http::{cached_response::Keep, site::Site, vary};

/// Marks a response that depends on the caller, and prevents shared caching of one for a caller with a token
/// or session.
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

/// Makes caches revalidate a response without `Cache-Control`: some would cache it for minutes.
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
