//! Problems of rows, as JSON.

use serde::{Deserialize, Serialize};

/// A problem of a row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RowProblem {
    /// The feature counted from 1, or the line in a CSV file.
    pub row: u64,
    /// The record's id, if the row had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The field's name.
    pub field: String,
    /// The value as sent.
    pub value: String,
    /// Why the value is refused.
    pub reason: String,
    /// The problem's code, so that clients can word it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl RowProblem {
    /// Creates the problem of a whole document, at the row where reading ended.
    pub fn of_document(row: u64, reason: String) -> Self {
        Self { row, id: None, field: String::new(), value: String::new(), reason, code: None }
    }

    /// Formats the problem as a sentence for a person.
    pub fn sentence(&self) -> String {
        let Self { field, value, reason, .. } = self;
        let shown: String = value.chars().take(80).collect();
        format!("{field} {shown} {reason}")
    }
}
