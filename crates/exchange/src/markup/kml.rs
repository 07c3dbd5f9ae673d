//! KML: placemarks as rows.

use std::{
    borrow::Cow,
    io::{self, Read},
    ops::ControlFlow,
};

use super::{Draft, is_uuid, point, read_elements};
use crate::{
    archive,
    error::ReadError,
    limits::{Mapping, ReadOptions},
    rows::{ReadSummary, Row, Rows},
    table::Shape,
    xml::{Element, Elements},
};

/// Geometries that are no points.
const OTHERS: [(&str, &str); 6] = [
    ("LineString", "is a LineString, not a Point"),
    ("LinearRing", "is a LinearRing, not a Point"),
    ("Polygon", "is a Polygon, not a Point"),
    ("Model", "is a Model, not a Point"),
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

/// Reads every KML in an archive: `doc.kml` first, which may only name the others.
pub(crate) fn read_kmz<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    input: R,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let mut archive = archive::open(input, options, |_| Some(Box::new(io::sink())))?;
    let is_kml = |name: &str| name.to_ascii_lowercase().ends_with(".kml");
    let names = archive.file_names().filter_map(Result::ok).filter(|name| is_kml(name));
    let mut names: Vec<String> = names.map(Cow::into_owned).collect();
    names.sort_by_key(|name| (name != "doc.kml", name.clone()));
    let mut all: Option<ReadSummary> = None;
    for name in names {
        let document = archive.by_name(&name).map_err(|error| archive::broken(&error))?;
        let read = read_kml(document, options, rows)?;
        let bytes = all.map_or(0, |all| all.bytes) + read.bytes;
        all = Some(ReadSummary { bytes, ..read });
        if read.stopped {
            break;
        }
    }
    all.ok_or_else(|| ReadError::Broken { row: 0, reason: "the archive has no .kml in it".to_owned() })
}

fn draft(placemark: &Element, mapping: &Mapping) -> Draft {
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
    draft.add_field("kind", placemark.child_text("name"), Some("name"), mapping);
    draft.add_field("note", placemark.child_text("description"), Some("kml_description"), mapping);
    let day = placemark.child("TimeStamp").and_then(|time| time.child_text("when"));
    draft.add_field("detected_on", day, None, mapping);
    draft
}

/// Where it is; `None` is nowhere.
fn shape(parent: &Element) -> Option<Shape> {
    for child in &parent.children {
        if let Some((_, reason)) = OTHERS.iter().find(|(name, _)| *name == child.name) {
            return Some(Shape::Other(reason));
        }
        match child.name.as_str() {
            "Point" => return Some(coordinates(child.child_text("coordinates").unwrap_or(""))),
            "MultiGeometry" if child.children.len() == 1 => return shape(child),
            "MultiGeometry" => return Some(Shape::Other("is a MultiGeometry of several, not a Point")),
            _ => {}
        }
    }
    None
}

/// Longitude, latitude and perhaps a height, with commas between.
fn coordinates(text: &str) -> Shape {
    let mut parts = text.split(',');
    let (Some(lon), Some(lat), None | Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Shape::Other("has coordinates that are not longitude,latitude");
    };
    point(lon, lat)
}
