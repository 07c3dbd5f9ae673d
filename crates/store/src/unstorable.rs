//! Texts that no store can keep: those with the character U+0000, see `value`. Upload parsers refuse rows
//! with such texts; the store refuses any that still reach it.

use demining::Author;

use crate::{
    access::Bearer,
    error::{StoreError, UploadError},
    inbox::Received,
    upload::Upload,
    value::{Value, is_storable},
};

/// Refuses an upload with such a text outside its writes. [`refuse_value`] checks the texts of writes as they
/// are written, because there may be many.
///
/// # Errors
/// [`UploadError::Unstorable`] with the field.
pub(crate) fn refuse_upload(upload: &Upload) -> Result<(), UploadError> {
    let Upload { by, decides, settles, receives, .. } = upload;
    let found = of_author(by)
        .or_else(|| decides.iter().find_map(|decision| in_text("reason", decision.reason.as_ref())))
        .or_else(|| settles.iter().find_map(|settlement| in_text("reason", Some(&settlement.how))))
        .or_else(|| receives.as_ref().and_then(of_received));
    found.map_or(Ok(()), |field| Err(UploadError::Unstorable { field }))
}

/// Refuses such a text in a column.
///
/// # Errors
/// [`UploadError::Unstorable`] with the field.
pub(crate) fn refuse_value(field: &'static str, value: Value<'_>) -> Result<(), UploadError> {
    match value {
        Value::Text(text) if text.contains(&0) => Err(UploadError::Unstorable { field }),
        _ => Ok(()),
    }
}

/// Returns the field of a received upload that has such a text.
pub(crate) fn of_received(received: &Received) -> Option<&'static str> {
    let Received { by, sender, door, key, request_meta, .. } = received;
    of_author(by)
        .or_else(|| in_text("sender", Some(sender)))
        .or_else(|| in_text("door", Some(door)))
        .or_else(|| in_text("key", key.as_ref()))
        .or_else(|| in_text("envelope", Some(request_meta)))
}

/// Refuses such a text of a token's holder.
///
/// # Errors
/// [`StoreError::Unstorable`] with the field.
pub(crate) fn refuse_bearer(bearer: &Bearer) -> Result<(), StoreError> {
    let Bearer { name, operator, .. } = bearer;
    refuse([("name", Some(name)), ("operator", operator.as_ref())])
}

/// Refuses such texts.
///
/// # Errors
/// [`StoreError::Unstorable`] with the first field.
pub(crate) fn refuse<'a>(
    texts: impl IntoIterator<Item = (&'static str, Option<&'a String>)>,
) -> Result<(), StoreError> {
    let found = texts.into_iter().find_map(|(field, text)| in_text(field, text));
    found.map_or(Ok(()), |field| Err(StoreError::Unstorable { field }))
}

fn of_author(Author { name, operator }: &Author) -> Option<&'static str> {
    in_text("name", Some(name)).or_else(|| in_text("operator", operator.as_ref()))
}

fn in_text(field: &'static str, text: Option<&String>) -> Option<&'static str> {
    text.is_some_and(|text| !is_storable(text)).then_some(field)
}
