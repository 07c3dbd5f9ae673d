//! An entry of the change log as JSON.

use atlas::ReferenceData;
use demining::{Change, Content, Judged, Record};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::http::problem::{Answer, Problem};

/// An entry.
#[derive(Serialize)]
pub struct HistoryEntry {
    revision: u64,
    /// `put` or `delete`.
    action: &'static str,
    id: uuid::Uuid,
    at: String,
    by: String,
    /// The operator that `by` worked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_operator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The record after the change; `None` if it was deleted.
    feature: Option<Box<RawValue>>,
}

/// Creates the entry for a change. The record's region follows from its place and today's boundaries.
///
/// # Errors
/// When the record cannot be serialised, which would be a bug.
pub fn entry<T: Content>(reference: &ReferenceData, change: &Change<Judged<T>>) -> Answer<HistoryEntry> {
    Ok(HistoryEntry {
        revision: change.revision.0,
        action: if change.after.is_some() { "put" } else { "delete" },
        id: change.id,
        at: change.at.to_string(),
        by: change.by.name.clone(),
        by_operator: change.by.operator.clone(),
        reason: change.reason.clone(),
        feature: change.after.as_ref().map(|record| feature(reference, record)).transpose()?,
    })
}

/// Formats a record with all fields. Its region follows from its place and today's boundaries.
///
/// # Errors
/// When the record cannot be serialised, which would be a bug.
pub fn feature<T: Content>(reference: &ReferenceData, record: &Record<Judged<T>>) -> Answer<Box<RawValue>> {
    let mut json = Vec::new();
    exchange::feature_to(
        record,
        reference.locate(record.content.location()),
        exchange::Fields::All,
        &mut json,
    );
    let text = String::from_utf8(json).map_err(|e| Problem::internal(&e))?;
    RawValue::from_string(text).map_err(|e| Problem::internal(&e))
}
