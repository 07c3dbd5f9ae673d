//! Reads KML placemarks as rows.

use std::{
    borrow::Cow,
    io::{self, Read},
    ops::ControlFlow,
};

use super::{Draft, is_uuid, point, read_elements};
use crate::{
    archive,
    error::ReadError,
    options::{Naming, ReadOptions},
    rows::{ReadSummary, Row, Rows},
    table::Shape,
    xml::{Element, Elements},
};

/// Geometries that are not points.
const OTHERS: [(&str, &str); 5] = [
    ("LineString", "is a LineString, not a Point"),
    ("LinearRing", "is a LinearRing, not a Point"),
    ("Polygon", "is a Polygon, not a Point"),
    ("Track", "is a Track, not a Point"),
    ("MultiTrack", "is a MultiTrack, not a Point"),
];

pub(crate) fn read_kml<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    input: R,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let elements = Elements::new(input, &["Placemark"], options);
    read_elements(elements, ("kml", "KML"), draft, options, rows)
}

/// Reads every KML file in an archive: `doc.kml` first, which may only refer to the others. Files added by
/// macOS and empty files are skipped.
pub(crate) fn read_kmz<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    input: R,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let mut archive = archive::open(input, options, |_| Some(Box::new(io::sink())))?;
    let is_kml = |name: &str| name.to_ascii_lowercase().ends_with(".kml") && !archive::is_of_a_mac(name);
    let names = archive.file_names().filter_map(Result::ok).filter(|name| is_kml(name));
    let mut names: Vec<String> = names.map(Cow::into_owned).collect();
    names.sort_by_key(|name| (name != "doc.kml", name.clone()));
    let mut all: Option<ReadSummary> = None;
    for name in names {
        let document = archive.by_name(&name).map_err(|error| archive::broken(&error))?;
        let read = match read_kml(document, options, rows) {
            Err(ReadError::Empty) => continue,
            read => read?,
        };
        let bytes = all.map_or(0, |all| all.bytes) + read.bytes;
        all = Some(ReadSummary { bytes, ..read });
        if read.stopped {
            break;
        }
    }
    all.ok_or_else(|| ReadError::Broken { row: 0, reason: "the archive has no .kml with content".to_owned() })
}

fn draft(placemark: &Element, naming: Naming<'_>) -> Draft {
    let id = placemark.attribute("id").filter(is_uuid).map(str::to_owned);
    let mut draft = Draft { id, shape: shape(placemark), ..Draft::default() };
    if let Some(extended) = placemark.child("ExtendedData") {
        for part in &extended.children {
            match part.name.as_str() {
                "Data" => {
                    let value = part.child("value").map_or("", |value| &value.text);
                    draft.add(part.attribute("name").unwrap_or(""), value);
                }
                "SchemaData" => {
                    for simple in part.children.iter().filter(|simple| simple.name == "SimpleData") {
                        draft.add(simple.attribute("name").unwrap_or(""), &simple.text);
                    }
                }
                // Elements of another namespace.
                other => draft.add(other, &part.text),
            }
        }
    }
    if let Some(class) = naming.table.class() {
        draft.add_field("name", class.name, placemark.child_text("name"), Some("name"), naming);
    }
    let description = placemark.child_text("description");
    draft.add_field("description", "note", description, Some("kml_description"), naming);
    let day = placemark.child("TimeStamp").and_then(|time| time.child_text("when"));
    if let Some(field) = naming.table.day() {
        draft.add_field("when", field.name, day, None, naming);
    }
    // GDAL converts a field named `model` to a 3D model, whose link is the field's value.
    let link = placemark.child("Model").and_then(|model| model.child("Link"));
    draft.add_field(
        "model",
        "model",
        link.and_then(|link| link.child_text("href")),
        Some("kml_model"),
        naming,
    );
    draft
}

/// Returns the place; `None` if it has no geometry.
fn shape(parent: &Element) -> Option<Shape> {
    for child in &parent.children {
        if let Some((_, reason)) = OTHERS.iter().find(|(name, _)| *name == child.name) {
            return Some(Shape::Other(reason));
        }
        match child.name.as_str() {
            "Point" => return Some(coordinates(child.child_text("coordinates").unwrap_or(""))),
            "Model" => return child.child("Location").map(model_location),
            "MultiGeometry" if child.children.len() == 1 => return shape(child),
            "MultiGeometry" => return Some(Shape::Other("is a MultiGeometry of several, not a Point")),
            _ => {}
        }
    }
    None
}

/// Returns the location of a 3D model.
fn model_location(location: &Element) -> Shape {
    match (location.child_text("longitude"), location.child_text("latitude")) {
        (Some(lon), Some(lat)) => point(lon, lat),
        _ => Shape::Missing,
    }
}

/// Reads longitude, latitude and an optional height, separated by commas.
fn coordinates(text: &str) -> Shape {
    let mut parts = text.split(',');
    let (Some(lon), Some(lat), None | Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Shape::Other("has coordinates that are not longitude,latitude");
    };
    point(lon, lat)
}
