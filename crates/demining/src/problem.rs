//! What is wrong with a row.

/// One thing wrong with one field of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The row: the feature counted from 1, or the line in a CSV file.
    pub row: u64,
    /// The record's id, when the row names one.
    pub id: Option<String>,
    /// The field, by its name in the domain; `location`, or empty for the row as a whole.
    pub field: String,
    /// The value as it came, cut to 80 characters.
    pub value: String,
    /// Why it cannot stand, for the person who can mend it.
    pub reason: String,
    /// Its name, for whoever says it in other words; none where only the sentence tells.
    pub code: Option<&'static str>,
}

impl FieldProblem {
    /// A problem of `field` in `row`.
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

    /// The same with its name.
    #[must_use]
    pub fn called(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }
}
