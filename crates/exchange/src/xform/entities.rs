//! Records as a list to choose from (<https://getodk.github.io/xforms-spec/entities>).

use std::fmt::Write;

use demining::Record;

use crate::csv;

/// The header line of a list of entities.
pub const ENTITY_HEADER: &str = "name,label,geometry,__version\n";

/// Appends a record: its id, what is shown of it, its place as latitude, longitude, altitude and accuracy, and
/// its revision. Two of one kind and day are told from each other by the team and by the place, to about a metre.
pub fn entity_to(record: &Record, out: &mut String) {
    let found = &record.detection;
    let (model, gap) = found.model.as_deref().map_or(("", ""), |model| (model, " "));
    let (team, comma) = found.team.as_deref().map_or(("", ""), |team| (team, ", "));
    let (at, id, revision) = (found.location, found.id, record.revision.0);
    let (lat, lon) = (at.lat(), at.lon());
    let what = format!("{}{gap}{model} × {}, {}", found.kind, found.quantity, found.detected_on);
    let label = format!("{what}{comma}{team} · {lat:.5} {lon:.5}");
    let accuracy_m = found.accuracy_m.unwrap_or(0.0);
    // Writing to a text does not fail.
    let _ = writeln!(out, "{id},{},{lat} {lon} 0 {accuracy_m},{revision}", csv::cell(&label));
}
