//! The address of an answer that can be kept: what it is kept under, and the revision it must show.

use std::borrow::Cow;

use axum::http::Uri;
use demining::Revision;

use crate::http::{
    cached_response::Keep,
    params::Params,
    problem::{Answer, Problem},
};

/// The parameter that names a revision: the answer shows it, or a later one. Whoever was told of
/// a change asks with it, so that no cache on the way answers with what was before.
const REVISION: &str = "revision";

/// The address of a request, without the revision that it may name.
pub struct Address<'a> {
    path: &'a str,
    query: Cow<'a, str>,
    name: Cow<'a, str>,
    revision: Option<Revision>,
}

impl<'a> Address<'a> {
    /// Reads the address of a request, where `newest` is the last revision that the caller sees. Nothing
    /// else in its query is looked at.
    ///
    /// # Errors
    /// 400 for a revision that is none, that is given twice or that is still to come.
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
            return Err(wrong("is given twice"));
        }
        let revision = text.parse().map(Revision).map_err(|_| wrong("is no revision"))?;
        if revision > newest {
            return Err(wrong(&format!("is beyond revision {}, the newest", newest.0)));
        }
        let rest: Vec<&str> = query.split('&').filter(|pair| value(pair).is_none()).collect();
        let query = rest.join("&");
        let name = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        Ok(Self { path, query: query.into(), name: name.into(), revision: Some(revision) })
    }

    /// The path, as it was sent.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// What an answer is kept under. The same parameters in another order are another name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What an answer is kept under that is the same at another path with the same parameters.
    pub fn name_at(&self, path: &str) -> String {
        if self.query.is_empty() { path.to_owned() } else { format!("{path}?{}", self.query) }
    }

    /// The parameters, but for the revision.
    ///
    /// # Errors
    /// 400 when one is given twice.
    pub fn params(&self) -> Answer<Params> {
        Params::read(&self.query)
    }

    /// How long an answer may be kept that last changed at `changed`. What has not changed since
    /// the revision named is what was so at that revision, and that cannot change any more.
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
