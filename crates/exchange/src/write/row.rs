//! A record as a line of CSV.

use demining::{Detection, Disposal, Fix, Record, SourceReliability};
use uuid::fmt::Hyphenated;

use super::{
    digits::{push_day, push_instant, push_position, push_real, push_whole},
    feature::photos_to,
};
use crate::table::push_cell;

/// The header line that belongs to [`csv_row_to`], with its line's end.
pub const CSV_HEADER: &str = "id,longitude,latitude,kind,model,made_in_year,quantity,depth_cm,detected_on,status,\
neutralised_on,disposal,operator,team,hazard_area,source_reliability,accuracy_m,fix,location_as_given,\
location_as_given_crs,note,photos,region,review,revision,updated_at,extra\r\n";

/// Appends a record as a line of CSV (RFC 4180), with its line's end, in the columns of [`CSV_HEADER`].
///
/// What is not known is an empty cell. `photos` are separated by semicolons, or a JSON array where
/// a name holds one; `extra` is a JSON object of the properties that the model does not know.
/// Text that a spreadsheet would take for a formula gets an apostrophe in front, which reading
/// takes away again; numbers stay numbers.
pub fn csv_row_to(record: &Record, region: Option<&str>, out: &mut Vec<u8>) {
    fields_to(&record.detection, out);
    text(out, region);
    plain(out, record.review.word());
    optional(out, Some(record.revision.0), push_whole);
    optional(out, Some(record.updated_at), push_instant);
    text(out, record.detection.extra.as_deref());
    out.extend_from_slice(b"\r\n");
}

/// Appends a detection that is no record yet: as [`csv_row_to`], without what the store and the
/// boundaries say of a record.
pub fn csv_detection_to(detection: &Detection, out: &mut Vec<u8>) {
    fields_to(detection, out);
    out.extend_from_slice(b",,,,");
    text(out, detection.extra.as_deref());
    out.extend_from_slice(b"\r\n");
}

/// The cells up to the last field that was recorded.
fn fields_to(d: &Detection, out: &mut Vec<u8>) {
    let mut id = [0; Hyphenated::LENGTH];
    out.extend_from_slice(d.id.hyphenated().encode_lower(&mut id).as_bytes());
    out.push(b',');
    push_position(out, d.location, b',');
    plain(out, d.kind.word());
    text(out, d.model.as_deref());
    optional(out, d.made_in_year, |out, year| push_whole(out, u64::from(year.unsigned_abs())));
    optional(out, Some(d.quantity), |out, quantity| push_whole(out, u64::from(quantity)));
    optional(out, d.depth_cm, push_real);
    optional(out, Some(d.detected_on), push_day);
    plain(out, d.status.word());
    optional(out, d.neutralised_on, push_day);
    plain(out, d.disposal.map_or("", Disposal::word));
    text(out, d.operator.as_deref());
    text(out, d.team.as_deref());
    text(out, d.hazard_area.as_deref());
    plain(out, d.source_reliability.map_or("", SourceReliability::word));
    optional(out, d.accuracy_m, push_real);
    plain(out, d.fix.map_or("", Fix::word));
    text(out, d.location_as_given.as_ref().map(|given| given.coordinates.as_str()));
    text(out, d.location_as_given.as_ref().map(|given| given.crs.as_str()));
    text(out, d.note.as_deref());
    text(out, photos(&d.photos).as_deref());
}

fn plain(out: &mut Vec<u8>, word: &str) {
    out.push(b',');
    out.extend_from_slice(word.as_bytes());
}

fn text(out: &mut Vec<u8>, value: Option<&str>) {
    out.push(b',');
    push_cell(out, value.unwrap_or(""));
}

fn optional<T>(out: &mut Vec<u8>, value: Option<T>, push: impl FnOnce(&mut Vec<u8>, T)) {
    out.push(b',');
    if let Some(value) = value {
        push(out, value);
    }
}

fn photos(names: &[String]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    if !names.iter().any(|name| name.contains(';') || name.starts_with(['[', '\''])) {
        return Some(names.join(";"));
    }
    let mut json = Vec::new();
    photos_to(names, &mut json);
    String::from_utf8(json).ok()
}
