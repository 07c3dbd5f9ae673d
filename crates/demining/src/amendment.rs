//! Tells progress from a correction that takes back recorded values, for every collection.

use crate::{
    Status,
    field::{Field, FieldValue},
};

/// How a change of content treats what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amendment {
    /// It takes nothing back: an unknown value becomes known, a note gains lines, or an item is dealt with.
    Progress,
    /// It takes back a recorded value. On an approved record, this needs a reason.
    Correction,
    /// It takes back a status. This needs a reason whatever the review state.
    Reversal,
    /// No write may make this change of status.
    Illegal {
        /// The current status.
        from: Status,
        /// The requested status.
        to: Status,
    },
}

/// Returns whether a change takes back a recorded value of a field, except of those with the given numbers. A
/// free text may go on in further lines.
pub(crate) fn takes_back<T>(fields: &[Field<T>], (from, to): (&T, &T), except: &[u16]) -> bool {
    fields.iter().any(|field| match ((field.get)(from), (field.get)(to)) {
        (FieldValue::Null, _) => false,
        _ if except.contains(&field.number) => false,
        (FieldValue::Text(from), FieldValue::Text(to)) if field.is_free_text => !goes_on(from, to),
        (FieldValue::Texts(from), FieldValue::Texts(to)) => from.iter().any(|text| !to.contains(text)),
        (from, to) => from != to,
    })
}

/// Returns whether `to` is the same note, or the same note with further lines.
fn goes_on(from: &str, to: &str) -> bool {
    to.strip_prefix(from).is_some_and(|more| more.is_empty() || more.starts_with('\n'))
}
