//! Reads the waypoints of GPX 1.0 and 1.1 as rows.

use std::{io::Read, ops::ControlFlow};

use demining::Fix;

use super::{Draft, point, read_elements};
use crate::{
    error::ReadError,
    options::{Naming, ReadOptions},
    rows::{ReadSummary, Row, Rows},
    table::{Shape, stands_for},
    xml::{Element, Elements},
};

/// Elements of a waypoint without a field: they are kept under their own names.
const OTHERS: [&str; 12] = [
    "ele",
    "magvar",
    "geoidheight",
    "src",
    "url",
    "urlname",
    "sym",
    "sat",
    "vdop",
    "pdop",
    "ageofdgpsdata",
    "dgpsid",
];

pub(crate) fn read_gpx<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    input: R,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let elements = Elements::new(input, &["wpt", "rte", "trk"], options);
    read_elements(elements, ("gpx", "GPX"), draft, options, rows)
}

fn draft(element: &Element, naming: Naming<'_>) -> Draft {
    let shape = match element.name.as_str() {
        "rte" => Shape::Other("is a route, not a waypoint"),
        "trk" => Shape::Other("is a track, not a waypoint"),
        _ => match (element.attribute("lon"), element.attribute("lat")) {
            (Some(lon), Some(lat)) => point(lon, lat),
            _ => Shape::Missing,
        },
    };
    let mut draft = Draft { shape: Some(shape), ..Draft::default() };
    if let Some(extensions) = element.child("extensions") {
        leaves(extensions, &mut draft);
    }
    class(element, &mut draft, naming);
    draft.add_field("desc", "note", element.child_text("desc"), Some("gpx_desc"), naming);
    draft.add_field("cmt", "note", element.child_text("cmt"), Some("gpx_cmt"), naming);
    if let Some(day) = naming.table.day() {
        draft.add_field("time", day.name, element.child_text("time"), None, naming);
    }
    fix(element, &mut draft, naming);
    for own in OTHERS {
        draft.add_new(own, element.child_text(own));
    }
    for link in element.children.iter().filter(|child| child.name == "link") {
        draft.add_to("link", link.attribute("href").unwrap_or(""));
    }
    draft
}

/// Reads what the record is about, from `type` or `name`. Programs write their own categories into `type`: if
/// that is not a word of the field, the name is used.
fn class(element: &Element, draft: &mut Draft, naming: Naming<'_>) {
    let Naming { table, mapping } = naming;
    let Some(field) = table.class() else { return };
    let (class, name) = (element.child_text("type"), element.child_text("name"));
    let is_mapped = mapping.field("type").is_some();
    let says_class = if is_mapped {
        stands_for("type", naming, field.name)
    } else {
        class.is_some_and(|text| table.is_class(text))
    };
    if class.is_some() && (says_class || name.is_none() && !is_mapped) {
        draft.add_field("type", field.name, class, Some("gpx_type"), naming);
        draft.add_new("name", name);
    } else {
        draft.add_new(if is_mapped { "type" } else { "gpx_type" }, class);
        draft.add_field("name", field.name, name, Some("name"), naming);
    }
}

/// Reads how the position was determined, and its accuracy. A receiver's dilution of precision is converted
/// to metres with its range error; the original figure is kept too.
fn fix(element: &Element, draft: &mut Draft, naming: Naming<'_>) {
    /// The assumed error of the range to a satellite, metres.
    const RANGE_ERROR_M: f64 = 5.0;
    let given = element.child_text("fix");
    let fix = match given {
        Some("2d" | "3d" | "pps") => Some("gnss"),
        Some("dgps") => Some("gnss_corrected"),
        other => other.filter(|word| naming.mapping.field("fix").is_some() || word.parse::<Fix>().is_ok()),
    };
    if fix.is_some() {
        draft.add_field("fix", "fix", fix, Some("gpx_fix"), naming);
    }
    if fix != given {
        draft.add_new("gpx_fix", given);
    }
    let hdop = element
        .child_text("hdop")
        .and_then(|hdop| hdop.parse::<f64>().ok())
        .filter(|hdop| hdop.is_finite() && *hdop > 0.0);
    let is_mapped = naming.mapping.field("hdop").is_some();
    if let Some(hdop) = hdop.filter(|_| !is_mapped) {
        let metres = (hdop * RANGE_ERROR_M * 100.0).round() / 100.0;
        draft.add_field("hdop", "accuracy_m", Some(&metres.to_string()), None, naming);
    }
    draft.add_new("hdop", element.child_text("hdop"));
}

/// Extensions have any structure: elements that contain only text are attributes. Elements with the same name
/// are one attribute, their texts separated by semicolons.
fn leaves(parent: &Element, draft: &mut Draft) {
    for child in &parent.children {
        if child.children.is_empty() {
            draft.add_to(&child.name, &child.text);
        } else {
            leaves(child, draft);
        }
    }
}
