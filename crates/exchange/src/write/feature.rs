//! A record as a GeoJSON Feature.

use demining::{Detection, Record};
use uuid::fmt::Hyphenated;

use super::{
    Fields,
    digits::{push_day, push_instant, push_json_text, push_position, push_real, push_whole},
};

/// Appends a record as a GeoJSON Feature, on one line and without a line's end.
///
/// Its `properties` have the names of the domain; those that are not known are left out, except
/// `region`, which is null for a record outside every region. `review`, `revision` and
/// `updated_at` are written for the reader and not believed when they come back. The properties
/// that the model does not know stand after them, as they were given. The public's fields are fewer:
/// [`PUBLIC_FIELDS`](demining::PUBLIC_FIELDS).
pub fn feature_to(record: &Record, region: Option<&str>, fields: Fields, out: &mut Vec<u8>) {
    place_to(&record.detection, out, |out| push_position(out, record.detection.location, b','));
    fields_to(&record.detection, fields, out);
    end_to(record, region, fields, out);
}

/// The same with its place in another reference system: two coordinates in the order that it defines.
pub fn feature_at_to(
    record: &Record,
    region: Option<&str>,
    fields: Fields,
    [first, second]: [f64; 2],
    out: &mut Vec<u8>,
) {
    place_to(&record.detection, out, |out| {
        push_real(out, first);
        out.push(b',');
        push_real(out, second);
    });
    fields_to(&record.detection, fields, out);
    end_to(record, region, fields, out);
}

/// What the store and the boundaries say of a record, and the end of the Feature.
fn end_to(record: &Record, region: Option<&str>, fields: Fields, out: &mut Vec<u8>) {
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
    extra_to(&record.detection, out);
}

/// Appends a detection that is no record yet as a GeoJSON Feature: as [`feature_to`], without what
/// the store and the boundaries say of a record.
pub fn detection_to(detection: &Detection, out: &mut Vec<u8>) {
    place_to(detection, out, |out| push_position(out, detection.location, b','));
    fields_to(detection, Fields::All, out);
    extra_to(detection, out);
}

/// The beginning of a Feature, up to its properties.
fn place_to(d: &Detection, out: &mut Vec<u8>, coordinates: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":\"");
    let mut id = [0; Hyphenated::LENGTH];
    out.extend_from_slice(d.id.hyphenated().encode_lower(&mut id).as_bytes());
    out.extend_from_slice(b"\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[");
    coordinates(out);
    out.extend_from_slice(b"]},\"properties\":{");
}

/// The fields that were recorded.
fn fields_to(d: &Detection, fields: Fields, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"kind\":\"");
    out.extend_from_slice(d.kind.word().as_bytes());
    out.push(b'"');

    text(out, "model", d.model.as_deref());
    if let Some(year) = d.made_in_year {
        key(out, "made_in_year");
        push_whole(out, u64::from(year.unsigned_abs()));
    }
    key(out, "quantity");
    push_whole(out, u64::from(d.quantity));
    if let Some(depth_cm) = d.depth_cm {
        key(out, "depth_cm");
        push_real(out, depth_cm);
    }
    key(out, "detected_on");
    day(out, d.detected_on);
    word(out, "status", Some(d.status.word()));
    if let Some(on) = d.neutralised_on {
        key(out, "neutralised_on");
        day(out, on);
    }
    word(out, "disposal", d.disposal.map(demining::Disposal::word));
    text(out, "operator", d.operator.as_deref());
    if let Some(accuracy_m) = d.accuracy_m {
        key(out, "accuracy_m");
        push_real(out, accuracy_m);
    }
    word(out, "fix", d.fix.map(demining::Fix::word));
    if fields == Fields::All {
        inner_fields_to(d, out);
    }
}

/// The fields that were recorded and are not for the public.
fn inner_fields_to(d: &Detection, out: &mut Vec<u8>) {
    text(out, "team", d.team.as_deref());
    text(out, "hazard_area", d.hazard_area.as_deref());
    word(out, "source_reliability", d.source_reliability.map(demining::SourceReliability::word));
    if let Some(given) = &d.location_as_given {
        key(out, "location_as_given");
        out.extend_from_slice(b"{\"coordinates\":");
        push_json_text(out, &given.coordinates);
        out.extend_from_slice(b",\"crs\":");
        push_json_text(out, &given.crs);
        out.push(b'}');
    }
    text(out, "note", d.note.as_deref());
    if !d.photos.is_empty() {
        key(out, "photos");
        photos_to(&d.photos, out);
    }
}

/// The properties that the model does not know, and the end of the Feature.
fn extra_to(d: &Detection, out: &mut Vec<u8>) {
    if let Some(members) = d.extra.as_deref().and_then(members) {
        out.push(b',');
        out.extend_from_slice(members.as_bytes());
    }
    out.extend_from_slice(b"}}");
}

/// Names of photos as a JSON array.
pub(super) fn photos_to(photos: &[String], out: &mut Vec<u8>) {
    out.push(b'[');
    for (nth, photo) in photos.iter().enumerate() {
        if nth > 0 {
            out.push(b',');
        }
        push_json_text(out, photo);
    }
    out.push(b']');
}

/// What stands between the braces of a JSON object, if anything.
fn members(object: &str) -> Option<&str> {
    let inner = object.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
    (!inner.is_empty()).then_some(inner)
}

/// A comma, and a key that needs no escape.
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

/// A word of a list of values: it needs no escape.
fn word(out: &mut Vec<u8>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        key(out, name);
        out.push(b'"');
        out.extend_from_slice(value.as_bytes());
        out.push(b'"');
    }
}

fn day(out: &mut Vec<u8>, day: jiff::civil::Date) {
    out.push(b'"');
    push_day(out, day);
    out.push(b'"');
}
