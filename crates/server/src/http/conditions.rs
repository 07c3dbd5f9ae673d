//! The conditions of a request (RFC 9110, 13): what its sender knows of the current state. All methods
//! evaluate them here.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use service::intake::Encoding;

use crate::http::problem::Problem;

/// The conditions of a request.
#[derive(Clone, Copy)]
pub struct Conditions<'h>(&'h HeaderMap);

/// The current state, as conditions name it.
#[derive(Clone, Copy, Debug)]
pub enum Tag<'a> {
    /// Content with this tag, in any coding: a hyphen and the name of the coding may follow.
    Content(&'a str),
    /// One representation with exactly this tag.
    Exact(&'a str),
}

/// The outcome of a conditional read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Send the content.
    Content,
    /// Send 304: the client already has the content.
    NotModified,
    /// Send 412.
    Failed,
}

/// One entry of a list of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EntityTag<'h> {
    /// `*`
    Any,
    /// A tag without its quotes.
    Tag { text: &'h str, is_weak: bool },
}

impl<'h> Conditions<'h> {
    /// Returns the conditions in these headers.
    pub fn of(headers: &'h HeaderMap) -> Self {
        Self(headers)
    }

    /// Returns whether there are any conditions.
    pub fn are_there(self) -> bool {
        self.0.contains_key(header::IF_MATCH) || self.0.contains_key(header::IF_NONE_MATCH)
    }

    /// Returns whether the sender wants to change only the version that it knows: `If-Match`.
    pub fn want_the_known(self) -> bool {
        self.0.contains_key(header::IF_MATCH)
    }

    /// Returns whether the sender wants to create something only if it does not exist: `If-None-Match: *`.
    pub fn want_nothing_there(self) -> bool {
        self.entries(header::IF_NONE_MATCH).any(|entry| entry == EntityTag::Any)
    }

    /// Returns whether a write is permitted, for the current state.
    pub fn hold(self, there: Option<Tag<'_>>) -> bool {
        self.match_is_met(there) && !self.names_any(there)
    }

    /// Returns the outcome of a read.
    pub fn reading(self, there: Tag<'_>) -> Reading {
        if !self.match_is_met(Some(there)) {
            Reading::Failed
        } else if self.names_any(Some(there)) {
            Reading::NotModified
        } else {
            Reading::Content
        }
    }

    /// Evaluates `If-Match` by strong comparison, so a weak tag never matches.
    fn match_is_met(self, there: Option<Tag<'_>>) -> bool {
        let is_named = |entry: EntityTag<'_>| match (entry, there) {
            (_, None) => false,
            (EntityTag::Any, Some(_)) => true,
            (EntityTag::Tag { text, is_weak }, Some(tag)) => !is_weak && tag.is_named(text),
        };
        !self.want_the_known() || self.entries(header::IF_MATCH).any(is_named)
    }

    /// Evaluates `If-None-Match` by weak comparison.
    fn names_any(self, there: Option<Tag<'_>>) -> bool {
        let Some(tag) = there else { return false };
        self.entries(header::IF_NONE_MATCH).any(|entry| match entry {
            EntityTag::Any => true,
            EntityTag::Tag { text, .. } => tag.is_named(text),
        })
    }

    fn entries(self, name: HeaderName) -> impl Iterator<Item = EntityTag<'h>> {
        let lists = self.0.get_all(name).iter().filter_map(|value| value.to_str().ok());
        lists.flat_map(|list| Entries { rest: list })
    }
}

/// Builds the problem for a failed condition.
pub fn failed() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "stale",
        "the record has changed since the revision that its sender knows, or already exists; \
         read it again",
    )
}

impl Tag<'_> {
    fn is_named(self, given: &str) -> bool {
        match self {
            Self::Exact(own) => given == own,
            Self::Content(own) => given.strip_prefix(own).is_some_and(|rest| {
                rest.is_empty()
                    || rest
                        .strip_prefix('-')
                        .is_some_and(|coding| Encoding::COMPRESSED.iter().any(|known| known.name() == coding))
            }),
        }
    }
}

/// The entries of one list. A tag without quotes is accepted as is.
struct Entries<'h> {
    rest: &'h str,
}

impl<'h> Iterator for Entries<'h> {
    type Item = EntityTag<'h>;

    fn next(&mut self) -> Option<EntityTag<'h>> {
        let begun = self.rest.trim_start_matches([',', ' ', '\t']);
        if begun.is_empty() {
            return None;
        }
        let (is_weak, tag) = begun.strip_prefix("W/").map_or((false, begun), |tag| (true, tag));
        let (text, rest) = match tag.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => tag.split_once(',').unwrap_or((tag, "")),
        };
        self.rest = rest;
        let is_any = tag.trim_end() == "*" || tag.starts_with('*') && text.trim_end() == "*";
        Some(if is_any && !is_weak {
            EntityTag::Any
        } else {
            EntityTag::Tag { text: text.trim_end(), is_weak }
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const OWN: Tag<'_> = Tag::Content("abc");

    fn with(name: &HeaderName, lists: &[&'static str]) -> HeaderMap {
        lists.iter().map(|list| (name.clone(), HeaderValue::from_static(list))).collect()
    }

    fn matches(lists: &[&'static str], there: Option<Tag<'_>>) -> bool {
        Conditions::of(&with(&header::IF_MATCH, lists)).hold(there)
    }

    fn none_matches(lists: &[&'static str], there: Option<Tag<'_>>) -> bool {
        Conditions::of(&with(&header::IF_NONE_MATCH, lists)).hold(there)
    }

    #[test]
    fn if_match_wants_a_strong_tag_of_what_is_there_in_any_coding() {
        for list in ["\"abc\"", "\"x\", \"abc-br\"", "*", "abc", "\"a,b\",\"abc-gzip\"", ",, \"abc\""] {
            assert!(matches(&[list], Some(OWN)), "{list}");
        }
        assert!(matches(&["\"x\"", "\"abc\""], Some(OWN)));
        for list in
            ["W/\"abc\"", "W/\"abc-gzip\"", "\"abcd\", \"ab\"", "\"abc-s\"", "\"*\"", "", "W/*", "\"a,abc\""]
        {
            assert!(!matches(&[list], Some(OWN)), "{list}");
        }
        assert!(!matches(&["*"], None) && !matches(&["\"abc\""], None));
    }

    #[test]
    fn if_none_match_wants_no_tag_of_what_is_there_weak_or_strong() {
        for list in ["\"abc\"", "W/\"abc\"", "\"x\", W/\"abc-br\"", "*"] {
            assert!(!none_matches(&[list], Some(OWN)), "{list}");
            assert!(none_matches(&[list], None), "{list}");
            assert_eq!(
                Conditions::of(&with(&header::IF_NONE_MATCH, &[list])).reading(OWN),
                Reading::NotModified,
                "{list}"
            );
        }
        assert!(none_matches(&["\"x\""], Some(OWN)));
        assert!(Conditions::of(&with(&header::IF_NONE_MATCH, &["*"])).want_nothing_there());
        assert!(!Conditions::of(&with(&header::IF_NONE_MATCH, &["\"*\""])).want_nothing_there());
    }

    #[test]
    fn an_exact_tag_is_of_no_coding() {
        assert!(matches(&["\"abc\""], Some(Tag::Exact("abc"))));
        assert!(!matches(&["\"abc-gzip\""], Some(Tag::Exact("abc"))));
    }

    #[test]
    fn a_request_without_conditions_is_done() {
        let none = HeaderMap::new();
        assert!(Conditions::of(&none).hold(None) && Conditions::of(&none).hold(Some(OWN)));
        assert_eq!(Conditions::of(&none).reading(OWN), Reading::Content);
        let failing = with(&header::IF_MATCH, &["\"x\""]);
        assert_eq!(Conditions::of(&failing).reading(OWN), Reading::Failed);
    }
}
