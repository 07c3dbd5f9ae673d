//! Tables that ODK Central exports: the answers of a form, and columns of its own beside them.
//!
//! A submission that also came by phone must be the same record. So what Central adds is left out, as it is where
//! the submission itself is read, and the `instanceID` is the id. A mapping of the request comes first.

use demining::folded_name;

use crate::column::Column;

/// Whether a header is that of such an export.
pub(super) fn is_export(names: &[String]) -> bool {
    ["SubmissionDate", "KEY"].iter().all(|own| names.iter().any(|name| name == own))
}

/// What a column of Central's own means; none for an answer. Groups stand before the name, with a hyphen.
pub(super) fn column(name: &str) -> Option<Column> {
    match name {
        "meta-instanceID" | "instanceID" => Some(Column::Id),
        "SubmissionDate"
        | "KEY"
        | "SubmitterID"
        | "SubmitterName"
        | "AttachmentsPresent"
        | "AttachmentsExpected"
        | "Status"
        | "ReviewState"
        | "DeviceID"
        | "Edits"
        | "FormVersion"
        | "meta-instanceName"
        | "instanceName"
        | "meta-deprecatedID" => Some(Column::Ignored),
        _ if folded_name(name) == "location_altitude" => Some(Column::Ignored),
        _ => None,
    }
}
