//! Converts between rows of a form and records.

use std::sync::Arc;

use demining::{Change, Details, Detection, FieldProblem, Record, Value, Write};
use exchange::Row;

use crate::{
    access::Caller,
    intake::{
        commit::own_operator,
        judge::{judge_row, today},
        options::UploadOptions,
    },
};

/// Returns the write for a new record.
pub(super) fn record(row: Row, photos: &[&str], caller: &Caller) -> Result<Write, Vec<FieldProblem>> {
    let mut raw = row.map_err(|problem| vec![problem])?;
    raw.properties.push(("photos".into(), Value::Text(photos.join(";"))));
    let upload_options = UploadOptions { operator: own_operator(caller), ..UploadOptions::default() };
    judge_row(raw, today(), &upload_options)
}

pub(super) fn after(change: &Change) -> Option<&Arc<Record>> {
    change.after.as_ref()
}

pub(super) fn without_photos(detection: &Detection) -> Details {
    let mut details = detection.clone().into_details();
    details.photos.clear();
    details
}
