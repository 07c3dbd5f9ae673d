//! The parts of an address: path and query parameters. A handler takes each parameter once; any left over is
//! an error that names it.

use axum::{
    extract::{FromRequestParts, Path as AnyPath},
    http::{StatusCode, request::Parts},
};
use demining::Collection;
use serde::de::DeserializeOwned;
use service::intake::Statements;

use crate::http::problem::{Answer, Problem};

/// The variable parts of the path.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let AnyPath(path) = AnyPath::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::new(StatusCode::BAD_REQUEST, "path", rejection.body_text()))?;
        Ok(Self(path))
    }
}

/// The parameters of a request.
pub struct Params {
    given: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(parts.uri.query().unwrap_or(""))
    }
}

impl Params {
    /// Reads the parameters of a query.
    ///
    /// # Errors
    /// 400 when one is sent twice.
    pub fn read(query: &str) -> Answer<Self> {
        let given: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (at, (name, value)) in given.iter().enumerate() {
            if given[..at].iter().any(|(n, _)| n == name) {
                return Err(Problem::parameter(
                    name,
                    value,
                    "is sent twice; separate several values with commas",
                ));
            }
        }
        Ok(Self { given })
    }

    /// Returns whether no parameters are left.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// Returns the names of the parameters that are left.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(|(name, _)| name.as_str())
    }

    /// Returns all parameters except these, in a fixed order, for a link to another page.
    pub fn without(&self, names: &[&str]) -> String {
        let mut kept: Vec<_> = self.given.iter().filter(|(n, _)| !names.contains(&n.as_str())).collect();
        kept.sort();
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }

    /// Takes the value of a parameter, if it was sent.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.given.iter().position(|(n, _)| n == name)?;
        Some(self.given.swap_remove(at).1)
    }

    /// Takes a value and parses it.
    ///
    /// # Errors
    /// 400 with the parameter, its value and the reason.
    pub fn parse<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Answer<Option<T>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        parse(&value).map(Some).map_err(|reason| Problem::parameter(name, &value, &reason))
    }

    /// Takes a comma-separated list and parses each item.
    ///
    /// # Errors
    /// 400 as for [`Self::parse`].
    pub fn list<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Answer<Option<Vec<T>>> {
        self.parse(name, |value| value.split(',').map(|item| parse(item.trim())).collect())
    }

    /// Takes `collection`, which names the records that a route is about; detections if absent.
    ///
    /// # Errors
    /// 400 when it names no collection of records.
    pub fn collection(&mut self) -> Answer<Collection> {
        let parsed = self.parse("collection", str::parse)?;
        Ok(parsed.unwrap_or(Collection::Detections))
    }

    /// Takes `true` or `false`; false if absent.
    ///
    /// # Errors
    /// 400 for anything else.
    pub fn flag(&mut self, name: &str) -> Answer<bool> {
        let parsed = self.parse(name, |value| match value {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err("is not true or false".to_owned()),
        })?;
        Ok(parsed.unwrap_or(false))
    }

    /// Takes those of the named parameters that were sent, to be parsed elsewhere.
    pub fn said(&mut self, names: &[&'static str]) -> Statements {
        names.iter().filter_map(|name| Some((*name, self.take(name)?))).collect()
    }

    /// Checks that no parameter is left. `known` lists this path's parameters, for the message.
    ///
    /// # Errors
    /// 400 that names the first unknown parameter.
    pub fn finish(self, known: &str) -> Answer<()> {
        match self.given.first() {
            None => Ok(()),
            Some((name, _)) => {
                let shown: String = name.chars().take(80).collect();
                let detail = format!("unknown parameter {shown:?}; this path accepts: {known}");
                Err(Problem::new(StatusCode::BAD_REQUEST, "unknown-parameter", detail))
            }
        }
    }
}
