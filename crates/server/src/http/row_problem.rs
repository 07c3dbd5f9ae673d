//! What is wrong with a row, as JSON.

use serde::{Deserialize, Serialize};

/// A problem of a row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RowProblem {
    /// The feature counted from 1, or the line in a CSV file.
    pub row: u64,
    /// The record's id, if the row had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The field.
    pub field: String,
    /// The value as it came.
    pub value: String,
    /// Why it cannot stand.
    pub reason: String,
    /// The name of the problem, so that clients can word it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl RowProblem {
    /// What is wrong with a document as a whole, at the row where reading ended.
    pub fn of_document(row: u64, reason: String) -> Self {
        Self { row, id: None, field: String::new(), value: String::new(), reason, code: None }
    }

    /// What it says, as a sentence for a person.
    pub fn sentence(&self) -> String {
        let Self { field, value, reason, .. } = self;
        let shown: String = value.chars().take(80).collect();
        format!("{field} {shown} {reason}")
    }
}
