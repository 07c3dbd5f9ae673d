//! The kinds of field values.

use super::{Group, Words};

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
    /// A whole number.
    Whole {
        /// The minimum.
        min: u32,
        /// The maximum.
        max: u32,
    },
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
    /// A time of the day, to the minute.
    Time,
    /// A repeated group: a list of rows.
    Rows(&'static Group),
}
