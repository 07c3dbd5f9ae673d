//! An attribute of a feature, decoded from a binary format.

use std::borrow::Cow;

use super::cell::{BadCell, Cell};

/// An attribute before it becomes a [`Cell`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Attribute<'a> {
    /// No value.
    Blank,
    /// Text.
    Text(Cow<'a, str>),
    /// A number, as decimal digits.
    Number(String),
    /// True or false.
    Bool(bool),
    /// An array or object, as JSON text.
    Json(&'a str),
    /// A part of a day from 0 to 1, in a cell formatted as a time or a date.
    PartOfDay(f64),
    /// An unreadable value.
    Bad(BadCell),
}

/// The reason for rejecting a cell that is formatted as a time or a date.
pub(crate) const NOT_A_DAY: &str = "is a number formatted as a time or a date, but not a valid day";

impl<'a> Attribute<'a> {
    /// Creates a number. NaN is no value: programs write it for a missing one.
    pub(crate) fn real(number: f64) -> Self {
        if number.is_nan() {
            Self::Blank
        } else if number.is_infinite() {
            Self::bad(number.to_string(), "is not a finite number")
        } else {
            Self::Number(number.to_string())
        }
    }

    /// Creates a text from UTF-8 bytes.
    pub(crate) fn text(bytes: &'a [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(Cow::Borrowed(text)),
            Err(_) => Self::bad(String::from_utf8_lossy(bytes), "is not UTF-8"),
        }
    }

    /// Creates an unreadable attribute; the reason is the end of a sentence.
    pub(crate) fn bad(value: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Bad(BadCell::new(value, reason))
    }

    /// Returns the time of the day, if it is a part of a day; seconds are dropped, as from any time.
    pub(crate) fn time_of_day(&self) -> Option<Self> {
        let Self::PartOfDay(part) = self else { return None };
        let seconds = (part * 86_400.0).round() as u32;
        let (hour, minute) = (seconds / 3600, seconds / 60 % 60);
        (hour < 24).then(|| Self::Text(Cow::Owned(format!("{hour:02}:{minute:02}"))))
    }

    /// Returns the attribute as a cell.
    pub(crate) fn cell(&self) -> Result<Cell<'_>, BadCell> {
        Ok(match self {
            Self::Blank => Cell::Blank,
            Self::Text(text) => Cell::Text(text),
            Self::Number(digits) => Cell::Number(digits),
            Self::Bool(is) => Cell::Bool(*is),
            Self::Json(json) => Cell::Json(json),
            Self::PartOfDay(part) => return Err(BadCell::new(part.to_string(), NOT_A_DAY)),
            Self::Bad(bad) => return Err(bad.clone()),
        })
    }
}
