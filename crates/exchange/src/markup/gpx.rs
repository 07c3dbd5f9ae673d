//! GPX 1.0 and 1.1: waypoints as rows.

use std::{io::Read, ops::ControlFlow};

use super::{Draft, point, read_elements};
use crate::{
    error::ReadError,
    limits::{Mapping, ReadOptions},
    rows::{ReadSummary, Row, Rows},
    table::Shape,
    xml::{Element, Elements},
};

pub(crate) fn read_gpx<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    input: R,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let elements = Elements::new(input, &["wpt", "rte", "trk"], options);
    read_elements(elements, ("gpx", "GPX"), draft, options, rows)
}

fn draft(element: &Element, mapping: &Mapping) -> Draft {
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
    let name = element.child_text("name");
    match element.child_text("type") {
        Some(kind) => {
            draft.add_field("kind", Some(kind), Some("gpx_type"), mapping);
            draft.add_field("name", name, None, mapping);
        }
        None => draft.add_field("kind", name, Some("name"), mapping),
    }
    draft.add_field("note", element.child_text("desc"), Some("gpx_desc"), mapping);
    draft.add_field("note", element.child_text("cmt"), Some("gpx_cmt"), mapping);
    draft.add_field("detected_on", element.child_text("time"), None, mapping);
    draft
}

/// Extensions have any shape: the elements with nothing in them but text are attributes. Those of
/// one name are one attribute, their texts separated by semicolons.
fn leaves(parent: &Element, draft: &mut Draft) {
    for child in &parent.children {
        if child.children.is_empty() {
            draft.add_to(&child.name, &child.text);
        } else {
            leaves(child, draft);
        }
    }
}
