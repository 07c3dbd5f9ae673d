//! The kinds of field values.

use super::Words;

/// The kind of a field's values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldKind {
    /// A UUID.
    Id,
    /// A position, WGS84.
    Position,
    /// Text of limited length.
    Text {
        /// The maximum number of characters.
        max_chars: usize,
    },
    /// A word of a vocabulary.
    Word(&'static Words),
    /// A whole number, at least 1.
    Whole,
    /// A year.
    Year,
    /// A number from 0 to `max`, in the unit at the end of the field's name.
    Measure {
        /// The maximum.
        max: f64,
    },
    /// A day.
    Day,
    /// An instant, UTC.
    Instant,
    /// A list of texts.
    Texts,
    /// A JSON object.
    Object,
}
