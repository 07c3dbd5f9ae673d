//! Records as a list to choose from (<https://getodk.github.io/xforms-spec/entities>).

use std::fmt::Write;

use demining::Record;

use crate::csv;

/// The header line of a list of entities.
pub const ENTITY_HEADER: &str = "name,label,geometry,__version\n";

/// Appends a record: its id, what is shown of it, its place as latitude, longitude, altitude and accuracy, and
/// its revision.
pub fn entity_to(record: &Record, out: &mut String) {
    let found = &record.detection;
    let (model, gap) = found.model.as_deref().map_or(("", ""), |model| (model, " "));
    let label = format!("{}{gap}{model} × {}, {}", found.kind, found.quantity, found.detected_on);
    let accuracy_m = found.accuracy_m.unwrap_or(0.0);
    let (at, id, revision) = (found.location, found.id, record.revision.0);
    // Writing to a text does not fail.
    let _ = writeln!(out, "{id},{},{} {} 0 {accuracy_m},{revision}", csv::cell(&label), at.lat(), at.lon());
}
