//! What an address holds: parts of its path, and query parameters, of which each is taken once and
//! what nobody took is an error that names it.

use axum::{
    extract::{FromRequestParts, Path as AnyPath},
    http::{StatusCode, request::Parts},
};
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
    /// The parameters of a query.
    ///
    /// # Errors
    /// 400 when one is given twice.
    pub fn read(query: &str) -> Answer<Self> {
        let given: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (at, (name, value)) in given.iter().enumerate() {
            if given[..at].iter().any(|(n, _)| n == name) {
                return Err(Problem::parameter(
                    name,
                    value,
                    "is given twice; separate several values by commas",
                ));
            }
        }
        Ok(Self { given })
    }

    /// Whether none is left.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// The names of those that are left.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(|(name, _)| name.as_str())
    }

    /// All parameters but these, in one order: what a link to another page carries on.
    pub fn without(&self, names: &[&str]) -> String {
        let mut kept: Vec<_> = self.given.iter().filter(|(n, _)| !names.contains(&n.as_str())).collect();
        kept.sort();
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }

    /// The value of a parameter, if it is given.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.given.iter().position(|(n, _)| n == name)?;
        Some(self.given.swap_remove(at).1)
    }

    /// The value, read by `parse`.
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

    /// A value of a comma-separated list, each read by `parse`.
    ///
    /// # Errors
    /// 400 as above.
    pub fn list<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Answer<Option<Vec<T>>> {
        self.parse(name, |value| value.split(',').map(|item| parse(item.trim())).collect())
    }

    /// `true` or `false`; false when absent.
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

    /// Those of these names that are given, to be read elsewhere.
    pub fn said(&mut self, names: &[&'static str]) -> Statements {
        names.iter().filter_map(|name| Some((*name, self.take(name)?))).collect()
    }

    /// Ends the taking. `known` is what this path understands, for the message.
    ///
    /// # Errors
    /// 400 that names the first parameter nobody took.
    pub fn finish(self, known: &str) -> Answer<()> {
        match self.given.first() {
            None => Ok(()),
            Some((name, _)) => {
                let shown: String = name.chars().take(80).collect();
                let detail = format!("unknown parameter {shown:?}; known here: {known}");
                Err(Problem::new(StatusCode::BAD_REQUEST, "unknown-parameter", detail))
            }
        }
    }
}
