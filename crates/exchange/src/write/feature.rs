//! Writes a record as a GeoJSON Feature.

use demining::{
    Content, Judged, Record,
    field::{Field, FieldRole, FieldValue},
};
use uuid::fmt::Hyphenated;

use super::{
    digits::{push_day, push_instant, push_json_text, push_position, push_real, push_time, push_whole},
    fields::Fields,
    list::list_to,
    order::{AS_GIVEN, OrderOf},
};

/// Appends a record as a GeoJSON Feature, on one line and without a line end.
///
/// Its `properties` have the names of the fields; unknown values are omitted, except `region`, which is null
/// for a record outside every region. `review`, `revision` and `updated_at` are for information and are
/// ignored on import. The unknown properties follow, as received. `fields` may restrict the properties to the
/// public ones.
pub fn feature_to<T: Content>(
    record: &Record<Judged<T>>,
    region: Option<&str>,
    fields: Fields,
    out: &mut Vec<u8>,
) {
    place_to(&*record.content, out, |out| push_position(out, record.content.location(), b','));
    fields_to(&*record.content, fields, out);
    end_to(record, region, fields, out);
}

/// Like [`feature_to`], with the place in another reference system: two coordinates in the axis order that it
/// defines.
pub fn feature_at_to<T: Content>(
    record: &Record<Judged<T>>,
    region: Option<&str>,
    fields: Fields,
    [first, second]: [f64; 2],
    out: &mut Vec<u8>,
) {
    place_to(&*record.content, out, |out| {
        push_real(out, first);
        out.push(b',');
        push_real(out, second);
    });
    fields_to(&*record.content, fields, out);
    end_to(record, region, fields, out);
}

/// Appends the values from the store and the boundaries, and the end of the Feature.
fn end_to<T: Content>(record: &Record<Judged<T>>, region: Option<&str>, fields: Fields, out: &mut Vec<u8>) {
    match region {
        Some(region) => text(out, "region", Some(region)),
        None => out.extend_from_slice(b",\"region\":null"),
    }
    if fields == Fields::Public {
        out.extend_from_slice(b"}}");
        return;
    }
    word(out, "review", Some(record.review.word()));
    key(out, "revision");
    push_whole(out, record.revision.0);
    key(out, "updated_at");
    out.push(b'"');
    push_instant(out, record.updated_at);
    out.push(b'"');
    extra_to(&*record.content, out);
}

/// Appends content that is not yet a record as a GeoJSON Feature: like [`feature_to`], without the values
/// from the store and the boundaries.
pub fn content_to<T: Content>(content: &Judged<T>, out: &mut Vec<u8>) {
    let content: &T = content;
    place_to(content, out, |out| push_position(out, content.location(), b','));
    fields_to(content, Fields::All, out);
    extra_to(content, out);
}

/// Appends the beginning of a Feature, up to its properties.
fn place_to<T: Content>(content: &T, out: &mut Vec<u8>, coordinates: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":\"");
    let mut id = [0; Hyphenated::LENGTH];
    out.extend_from_slice(content.id().hyphenated().encode_lower(&mut id).as_bytes());
    out.extend_from_slice(b"\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[");
    coordinates(out);
    out.extend_from_slice(b"]},\"properties\":");
}

/// Appends the recorded fields: the public ones, then the others.
fn fields_to<T: Content>(content: &T, fields: Fields, out: &mut Vec<u8>) {
    let order = &OrderOf::<T>::ORDER;
    let start = out.len();
    for at in order.public() {
        field_to(&T::FIELDS[at], content, out);
    }
    // Every field is written with a leading comma, so turn the first comma into the brace.
    out[start] = b'{';
    if fields == Fields::All {
        for at in order.inner() {
            field_to(&T::FIELDS[at], content, out);
        }
    }
}

fn field_to<T: Content>(field: &Field<T>, content: &T, out: &mut Vec<u8>) {
    let value = (field.get)(content);
    if value.is_null() {
        return;
    }
    key(out, field.name);
    match value {
        FieldValue::Word(word) => {
            out.push(b'"');
            out.extend_from_slice(word.text.as_bytes());
            out.push(b'"');
        }
        FieldValue::Text(coordinates) if field.name == AS_GIVEN => {
            out.extend_from_slice(b"{\"coordinates\":");
            push_json_text(out, coordinates);
            out.extend_from_slice(b",\"crs\":");
            let crs = OrderOf::<T>::ORDER.as_given_crs().map(|at| (T::FIELDS[at].get)(content));
            push_json_text(out, if let Some(FieldValue::Text(crs)) = crs { crs } else { "" });
            out.push(b'}');
        }
        FieldValue::Text(text) => push_json_text(out, text),
        FieldValue::Whole(number) => push_whole(out, number),
        FieldValue::Real(number) => push_real(out, number),
        FieldValue::Day(day) => {
            out.push(b'"');
            push_day(out, day);
            out.push(b'"');
        }
        FieldValue::Time(time) => {
            out.push(b'"');
            push_time(out, time);
            out.push(b'"');
        }
        FieldValue::Texts(texts) => list_to(texts, out),
        FieldValue::Object(json) | FieldValue::Rows(json) => out.extend_from_slice(json.as_bytes()),
        FieldValue::Null | FieldValue::Id(_) | FieldValue::Position(_) | FieldValue::Instant(_) => {
            out.extend_from_slice(b"null");
        }
    }
}

/// Appends the unknown properties, and the end of the Feature.
fn extra_to<T: Content>(content: &T, out: &mut Vec<u8>) {
    let rest =
        T::FIELDS.iter().rfind(|field| field.role == FieldRole::Rest).map(|field| (field.get)(content));
    if let Some(FieldValue::Object(extra)) = rest
        && let Some(members) = members(extra)
    {
        out.push(b',');
        out.extend_from_slice(members.as_bytes());
    }
    out.extend_from_slice(b"}}");
}

/// Returns the text between the braces of a JSON object, if there is any.
fn members(object: &str) -> Option<&str> {
    let inner = object.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
    (!inner.is_empty()).then_some(inner)
}

/// Appends a comma, and a key that needs no escape.
fn key(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

fn text(out: &mut Vec<u8>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        key(out, name);
        push_json_text(out, value);
    }
}

/// Appends a word from a list of values, which needs no escape.
fn word(out: &mut Vec<u8>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        key(out, name);
        out.push(b'"');
        out.extend_from_slice(value.as_bytes());
        out.push(b'"');
    }
}
