//! Writes records as KML and GPX.

use std::io;

use super::{
    Form,
    digits::{push_day, push_instant, push_position, push_real, push_whole},
    fields::{CellKind, CellValue, Cells, Column, Fields},
};
use crate::xml::push_text;

/// Appends a value as the text of an element.
fn value_to(value: CellValue<'_>, out: &mut Vec<u8>) {
    match value {
        CellValue::Null => {}
        CellValue::Text(text) => push_text(out, &text),
        CellValue::Whole(number) => push_whole(out, number),
        CellValue::Real(number) => push_real(out, number),
        CellValue::Day(day) => push_day(out, day),
        CellValue::Instant(instant) => push_instant(out, instant),
    }
}

/// Returns the name of a field in KML. GDAL reads a field named `model` as the address of a 3D model, and
/// draws that instead of the point.
fn kml_name(field: &Column) -> &'static str {
    match field.name {
        "model" => "device_model",
        name => name,
    }
}

/// KML 2.2: a placemark for each record, in one of two styles.
pub(super) struct Placemarks(pub(super) Fields);

impl Form for Placemarks {
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n\
            <name>detections</name>\n<Style id=\"detected\"><IconStyle><color>ff2d5fd9</color></IconStyle></Style>\n\
            <Style id=\"neutralised\"><IconStyle><color>ff8a7a2f</color></IconStyle></Style>\n\
            <Schema name=\"detection\" id=\"detection\">\n",
        );
        for field in self.0.iter() {
            let kind = match field.kind {
                CellKind::Text | CellKind::Day | CellKind::Instant => "string",
                CellKind::Whole => "int",
                CellKind::Real => "double",
            };
            out.extend_from_slice(
                format!("<SimpleField name=\"{}\" type=\"{kind}\"/>\n", kml_name(field)).as_bytes(),
            );
        }
        out.extend_from_slice(b"</Schema>\n");
        Ok(())
    }

    fn record_to(&mut self, cells: Cells<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let detection = cells.detection;
        out.extend_from_slice(b"<Placemark><name>");
        out.extend_from_slice(detection.kind.word().as_bytes());
        out.extend_from_slice(b"</name><TimeStamp><when>");
        push_day(out, detection.detected_on);
        out.extend_from_slice(b"</when></TimeStamp><styleUrl>#");
        out.extend_from_slice(detection.status.word().as_bytes());
        out.extend_from_slice(b"</styleUrl><ExtendedData><SchemaData schemaUrl=\"#detection\">");
        for (field, value) in cells.values().filter(|(_, value)| *value != CellValue::Null) {
            out.extend_from_slice(b"<SimpleData name=\"");
            out.extend_from_slice(kml_name(field).as_bytes());
            out.extend_from_slice(b"\">");
            value_to(value, out);
            out.extend_from_slice(b"</SimpleData>");
        }
        out.extend_from_slice(b"</SchemaData></ExtendedData><Point><coordinates>");
        push_position(out, detection.location, b',');
        out.extend_from_slice(b"</coordinates></Point></Placemark>\n");
        Ok(())
    }

    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        out.extend_from_slice(b"</Document></kml>");
        Ok(false)
    }
}

/// GPX 1.1: a waypoint for each record, with its fields as extensions in GDAL's form.
pub(super) struct Waypoints;

impl Form for Waypoints {
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\" creator=\"Clearline\" \
            xmlns=\"http://www.topografix.com/GPX/1/1\" xmlns:ogr=\"http://osgeo.org/gdal\">\n",
        );
        Ok(())
    }

    fn record_to(&mut self, cells: Cells<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let detection = cells.detection;
        let mut place = Vec::with_capacity(24);
        push_position(&mut place, detection.location, b' ');
        let (lon, lat) = place.split_at(place.iter().position(|byte| *byte == b' ').unwrap_or(0));
        out.extend_from_slice(b"<wpt lat=\"");
        out.extend_from_slice(lat.trim_ascii());
        out.extend_from_slice(b"\" lon=\"");
        out.extend_from_slice(lon);
        out.extend_from_slice(b"\"><time>");
        push_day(out, detection.detected_on);
        out.extend_from_slice(b"T00:00:00Z</time><type>");
        out.extend_from_slice(detection.kind.word().as_bytes());
        out.extend_from_slice(b"</type><extensions>");
        for (field, value) in cells.values().filter(|(_, value)| *value != CellValue::Null) {
            out.extend_from_slice(b"<ogr:");
            out.extend_from_slice(field.name.as_bytes());
            out.extend_from_slice(b">");
            value_to(value, out);
            out.extend_from_slice(b"</ogr:");
            out.extend_from_slice(field.name.as_bytes());
            out.extend_from_slice(b">");
        }
        out.extend_from_slice(b"</extensions></wpt>\n");
        Ok(())
    }

    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        out.extend_from_slice(b"</gpx>");
        Ok(false)
    }
}
