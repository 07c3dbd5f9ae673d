//! A text to be removed from the log, for example because it names a person.

use demining::{Author, Collection};
use uuid::Uuid;

use crate::{chain::second, collections::columns};

/// A text of a record to be removed from its whole history. See [`Store::redact`](crate::Store::redact).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// The record.
    pub id: Uuid,
    /// Which of its texts.
    pub field: FreeText,
    /// Who removes it.
    pub by: Author,
    /// The reason, stored beside the log.
    pub reason: String,
}

/// A text that can be redacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreeText {
    /// The note of a record.
    Note,
    /// All properties of a record that the model does not know.
    Extra,
    /// The reasons of its changes.
    Reason,
}

/// Where a free text is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The permanent number of the field.
    pub number: u16,
    pub column: &'static str,
    pub seal: &'static str,
    /// Whether it is content of the record, not part of the change.
    pub is_content: bool,
}

/// The reason of a change.
pub(crate) const REASON: Place =
    Place { number: second::REASON, column: "reason", seal: "reason_seal", is_content: false };

impl FreeText {
    /// Returns where a collection stores this text; `None` if its records have none.
    pub(crate) fn place(self, collection: Collection) -> Option<Place> {
        let name = match self {
            Self::Note => "note",
            Self::Extra => "extra",
            Self::Reason => return Some(REASON),
        };
        let column = columns(collection).iter().find(|column| column.name == name)?;
        Some(Place { number: column.number, column: name, seal: column.seal()?, is_content: true })
    }
}
