//! What the values of a field are.

use super::Words;

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldKind {
    /// A UUID.
    Id,
    /// A position, WGS84.
    Position,
    /// Text of so many characters at most.
    Text {
        /// Characters.
        max_chars: usize,
    },
    /// A word of a vocabulary.
    Word(&'static Words),
    /// A whole number from 1 on.
    Whole,
    /// A year.
    Year,
    /// A number from 0 to `max`, in the unit that the field's name ends with.
    Measure {
        /// The largest.
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
