//! Problems of a row.

/// A problem with one field of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The row: the position of the feature, counted from 1, or the line in a CSV file.
    pub row: u64,
    /// The record's id, if the row has one.
    pub id: Option<String>,
    /// The name of the field; `location`, or empty if the problem concerns the whole row.
    pub field: String,
    /// The value as received, cut to 80 characters.
    pub value: String,
    /// The reason, for the person who can correct the row.
    pub reason: String,
    /// The code, for clients with their own texts; `None` if there is only the reason.
    pub code: Option<&'static str>,
}

impl FieldProblem {
    /// Creates a problem of `field` in `row`.
    pub fn new(row: u64, id: Option<&str>, field: &str, value: &str, reason: impl Into<String>) -> Self {
        Self {
            row,
            id: id.map(str::to_owned),
            field: field.to_owned(),
            value: value.chars().take(80).collect(),
            reason: reason.into(),
            code: None,
        }
    }

    /// Sets the code.
    #[must_use]
    pub fn called(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }
}
