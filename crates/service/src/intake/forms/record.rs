//! Converts between rows of a form and records.

use std::sync::Arc;

use demining::{Change, Content, FieldProblem, Judged, Record, Value, Write, field::FieldValue};
use exchange::Row;

use crate::{
    access::Caller,
    collections::photos_field,
    intake::{
        commit::own_operator,
        judge::{judge_row, today},
        options::UploadOptions,
    },
};

/// Returns the write for a new record.
pub(super) fn record<T: Content>(
    row: Row,
    photos: &[&str],
    caller: &Caller,
) -> Result<Write<Judged<T>>, Vec<FieldProblem>> {
    let mut raw = row.map_err(|problem| vec![problem])?;
    if let Some(field) = photos_field::<T>() {
        raw.properties.push((field.name.into(), Value::Text(photos.join(";"))));
    }
    let upload_options = UploadOptions { operator: own_operator(caller), ..UploadOptions::default() };
    judge_row(raw, today(), &upload_options)
}

pub(super) fn after<T>(change: &Change<Judged<T>>) -> Option<&Arc<Record<Judged<T>>>> {
    change.after.as_ref()
}

pub(super) fn without_photos<T: Content>(content: &Judged<T>) -> T {
    with_photos(content.clone().into_details(), &[])
}

/// Returns the content with these photos, if its collection has any.
pub(super) fn with_photos<T: Content>(mut content: T, photos: &[String]) -> T {
    if let Some(field) = photos_field() {
        (field.set)(&mut content, FieldValue::Texts(photos));
    }
    content
}
