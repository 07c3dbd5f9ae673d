//! Field values.

use geometry::LonLat;
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use uuid::Uuid;

use super::{Vocabulary, Word};

/// A field value, by its [kind](super::FieldKind).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldValue<'a> {
    /// No value.
    Null,
    /// An id.
    Id(Uuid),
    /// A position.
    Position(LonLat),
    /// Text.
    Text(&'a str),
    /// A word of a vocabulary.
    Word(Word),
    /// A whole number, or a year.
    Whole(u64),
    /// A measure, in the unit of the field.
    Real(f64),
    /// A day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
    /// A non-empty list of texts.
    Texts(&'a [String]),
    /// A JSON object.
    Object(&'a str),
    /// A time of the day.
    Time(Time),
    /// The rows of a group, as a JSON array of objects that is not empty.
    Rows(&'a str),
}

impl<'a> FieldValue<'a> {
    /// Returns whether the value is null.
    pub fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// Creates a value from an optional text.
    pub(crate) fn of_text(text: Option<&'a String>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text))
    }

    /// Creates a value from an optional word.
    pub(crate) fn of_word<V: Vocabulary>(word: Option<V>) -> Self {
        word.map_or(Self::Null, |word| {
            Self::Word(Word { index: word.position(), text: V::WORDS.all[word.position()] })
        })
    }

    /// Returns a copy of the text.
    pub(crate) fn to_text(self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Object(text) => Some(text.to_owned()),
            _ => None,
        }
    }

    /// Returns the word of a vocabulary.
    pub(crate) fn to_word<V: Vocabulary>(self) -> Option<V> {
        match self {
            Self::Word(word) => V::at(word.index),
            _ => None,
        }
    }

    /// Returns the whole number if it fits the type.
    pub(crate) fn to_whole<N: TryFrom<u64>>(self) -> Option<N> {
        match self {
            Self::Whole(number) => N::try_from(number).ok(),
            _ => None,
        }
    }

    /// Returns the measure.
    pub(crate) fn to_real(self) -> Option<f64> {
        match self {
            Self::Real(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the day.
    pub(crate) fn to_day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            _ => None,
        }
    }

    /// Returns the time of the day.
    pub(crate) fn to_time(self) -> Option<Time> {
        match self {
            Self::Time(time) => Some(time),
            _ => None,
        }
    }
}
