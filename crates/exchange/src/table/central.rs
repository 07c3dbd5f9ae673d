//! Tables exported by ODK Central: the answers of a form, and columns that Central adds.
//!
//! A row must become the same record as the submission sent by the phone. Therefore the columns added by
//! Central are ignored, as in the submission itself, and the `instanceID` is the id. A mapping in the request
//! takes precedence.

use demining::folded_name;

use crate::column::Column;

/// Returns whether a header is that of such an export.
pub(super) fn is_export(names: &[String]) -> bool {
    ["SubmissionDate", "KEY"].iter().all(|own| names.iter().any(|name| name == own))
}

/// Returns the meaning of a column added by Central; `None` for an answer. Group names precede the column
/// name, separated by a hyphen.
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
