//! The address of a cacheable response: its cache key, and the revision that it must show.

use std::borrow::Cow;

use axum::http::Uri;
use demining::Revision;

use crate::http::{
    cached_response::Keep,
    params::Params,
    problem::{Answer, Problem},
};

/// The parameter that names a revision: the response shows that revision or a later one. A client notified of
/// a change sends it, so that no cache returns an older response.
const REVISION: &str = "revision";

/// The address of a request, without the `revision` parameter.
pub struct Address<'a> {
    path: &'a str,
    query: Cow<'a, str>,
    name: Cow<'a, str>,
    revision: Option<Revision>,
}

impl<'a> Address<'a> {
    /// Reads the address of a request; `newest` is the last revision that the caller sees. Other parameters
    /// are not parsed.
    ///
    /// # Errors
    /// 400 for a revision that is invalid, is sent twice or does not exist yet.
    pub fn of(uri: &'a Uri, newest: Revision) -> Answer<Self> {
        let whole = uri.path_and_query().map_or("/", |whole| whole.as_str());
        let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
        let value = |pair: &'a str| pair.strip_prefix(REVISION)?.strip_prefix('=');
        let mut values = query.split('&').filter_map(value);
        let Some(text) = values.next() else {
            return Ok(Self { path, query: query.into(), name: whole.into(), revision: None });
        };
        let wrong = |reason: &str| Problem::parameter(REVISION, text, reason);
        if values.next().is_some() {
            return Err(wrong("is sent twice"));
        }
        let revision = text.parse().map(Revision).map_err(|_| wrong("is not a revision"))?;
        if revision > newest {
            return Err(wrong(&format!("is beyond revision {}, the newest", newest.0)));
        }
        let rest: Vec<&str> = query.split('&').filter(|pair| value(pair).is_none()).collect();
        let query = rest.join("&");
        let name = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        Ok(Self { path, query: query.into(), name: name.into(), revision: Some(revision) })
    }

    /// Returns the path as sent.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Returns the cache key. The same parameters in another order give another key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the cache key for a response that is the same at another path with the same parameters.
    pub fn name_at(&self, path: &str) -> String {
        if self.query.is_empty() { path.to_owned() } else { format!("{path}?{}", self.query) }
    }

    /// Returns the parameters except the revision.
    ///
    /// # Errors
    /// 400 when one is sent twice.
    pub fn params(&self) -> Answer<Params> {
        Params::read(&self.query)
    }

    /// Returns how long a response that last changed at `changed` may be cached. If it has not changed since
    /// the named revision, it shows the state at that revision, which is final.
    pub fn keep(&self, changed: Revision) -> Keep {
        match self.revision {
            Some(revision) if changed <= revision => Keep::OfRevision,
            _ => Keep::Shared,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEWEST: Revision = Revision(9);

    #[test]
    fn the_revision_is_no_part_of_the_name() {
        for (given, name) in [
            ("/tiles/a", "/tiles/a"),
            ("/tiles/a?revision=7", "/tiles/a"),
            ("/tiles/a?kind=x&revision=7&status=y", "/tiles/a?kind=x&status=y"),
            ("/tiles/a?kind=revision=7", "/tiles/a?kind=revision=7"),
        ] {
            let uri: Uri = given.parse().unwrap();
            assert_eq!(Address::of(&uri, NEWEST).unwrap().name(), name, "{given}");
        }
    }

    #[test]
    fn only_what_has_not_changed_since_the_revision_is_kept_for_long() {
        let keep = |uri: &str, changed| {
            let uri: Uri = uri.parse().unwrap();
            Address::of(&uri, NEWEST).unwrap().keep(Revision(changed))
        };
        assert_eq!(keep("/a?revision=7", 7), Keep::OfRevision);
        assert_eq!(keep("/a?revision=7", 8), Keep::Shared);
        assert_eq!(keep("/a", 0), Keep::Shared);
    }

    #[test]
    fn a_revision_that_is_still_to_come_is_refused() {
        for query in ["revision=10", "revision=", "revision=x", "revision=7&revision=7"] {
            let uri: Uri = format!("/a?{query}").parse().unwrap();
            assert!(Address::of(&uri, NEWEST).is_err(), "{query}");
        }
    }
}
