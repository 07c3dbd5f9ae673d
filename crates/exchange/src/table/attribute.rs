//! An attribute of a feature, made from the bytes of a binary format.

use std::borrow::Cow;

use super::cell::{BadCell, Cell};

/// An attribute, before it becomes a [`Cell`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attribute<'a> {
    /// Nothing.
    Blank,
    /// Text.
    Text(Cow<'a, str>),
    /// A number in digits.
    Number(String),
    /// True or false.
    Bool(bool),
    /// An array or object, as JSON text.
    Json(&'a str),
    /// Something that cannot be read.
    Bad(BadCell),
}

impl<'a> Attribute<'a> {
    /// A number. What is "not a number" is nothing: programs write it where a value is missing.
    pub(crate) fn real(number: f64) -> Self {
        if number.is_nan() {
            Self::Blank
        } else if number.is_infinite() {
            Self::bad(number.to_string(), "is not a finite number")
        } else {
            Self::Number(number.to_string())
        }
    }

    /// Text in UTF-8.
    pub(crate) fn text(bytes: &'a [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(Cow::Borrowed(text)),
            Err(_) => Self::bad(String::from_utf8_lossy(bytes), "is not UTF-8"),
        }
    }

    /// An attribute that cannot be read, with the end of a sentence why.
    pub(crate) fn bad(value: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Bad(BadCell::new(value, reason))
    }

    /// What it holds.
    pub(crate) fn cell(&self) -> Result<Cell<'_>, BadCell> {
        Ok(match self {
            Self::Blank => Cell::Blank,
            Self::Text(text) => Cell::Text(text),
            Self::Number(digits) => Cell::Number(digits),
            Self::Bool(is) => Cell::Bool(*is),
            Self::Json(json) => Cell::Json(json),
            Self::Bad(bad) => return Err(bad.clone()),
        })
    }
}
