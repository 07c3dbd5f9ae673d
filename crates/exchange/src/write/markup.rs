//! Writes records as KML and GPX.

use std::{fmt::Write, io};

use demining::{
    Content,
    field::{Field, FieldKind, FieldRole, FieldValue},
};

use super::{
    Form,
    digits::{push_day, push_instant, push_position, push_real, push_whole},
    fields::{CellKind, CellValue, Cells, Column, Columns, Fields},
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

/// The fields that have elements of their own in both formats.
struct Marks<T: 'static> {
    /// What a record is about: the first required word.
    class: Option<&'static Field<T>>,
    /// The first required day.
    day: Option<&'static Field<T>>,
    /// The field whose word is a [style](STYLES).
    style: Option<&'static Field<T>>,
}

impl<T: Content> Marks<T> {
    fn new() -> Self {
        let required = || T::FIELDS.iter().filter(|field| field.role == FieldRole::Required);
        Self {
            class: required().find(|field| matches!(field.kind, FieldKind::Word(_))),
            day: required().find(|field| field.kind == FieldKind::Day),
            style: T::FIELDS.iter().find(|field| has_styles(field.kind)),
        }
    }
}

/// Appends the word of a field, if there is one, which needs no escape.
fn word_to<T: Content>(field: Option<&Field<T>>, content: &T, out: &mut Vec<u8>) {
    if let Some(FieldValue::Word(word)) = field.map(|field| (field.get)(content)) {
        out.extend_from_slice(word.text.as_bytes());
    }
}

/// Appends the day of a field, if there is one.
fn day_to<T: Content>(field: Option<&Field<T>>, content: &T, out: &mut Vec<u8>) {
    if let Some(FieldValue::Day(day)) = field.map(|field| (field.get)(content)) {
        push_day(out, day);
    }
}

/// The words that have a style in KML, with its colour. A record without such a word has the usual pin.
const STYLES: [(&str, &str); 2] = [("detected", "ff2d5fd9"), ("neutralised", "ff8a7a2f")];

fn has_styles(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Word(words) if STYLES.iter().all(|(word, _)| words.find(word.as_bytes()).is_some()))
}

/// Returns the name of one record of a collection, such as `detection`.
fn one_of<T: Content>() -> &'static str {
    let name = T::COLLECTION.name();
    name.strip_suffix('s').unwrap_or(name)
}

/// Returns the name of a field in KML. GDAL reads a field named `model` as the address of a 3D model, and
/// draws that instead of the point.
fn kml_name<T>(field: &Column<T>) -> &str {
    match &*field.name {
        "model" => "device_model",
        name => name,
    }
}

/// KML 2.2: a placemark for each record, in one of two styles.
pub(super) struct Placemarks<T: Content> {
    columns: Columns<T>,
    marks: Marks<T>,
}

impl<T: Content> Placemarks<T> {
    /// Creates a document of these fields.
    pub(super) fn new(fields: Fields) -> Self {
        Self { columns: Columns::of(fields), marks: Marks::new() }
    }
}

impl<T: Content> Form<T> for Placemarks<T> {
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let (collection, one) = (T::COLLECTION.name(), one_of::<T>());
        let mut head = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n\
            <name>{collection}</name>\n"
        );
        // Writing to a String cannot fail.
        for (word, colour) in STYLES.iter().filter(|_| self.marks.style.is_some()) {
            let _ =
                writeln!(head, "<Style id=\"{word}\"><IconStyle><color>{colour}</color></IconStyle></Style>");
        }
        let _ = writeln!(head, "<Schema name=\"{one}\" id=\"{one}\">");
        for field in self.columns.iter() {
            let kind = match field.kind {
                CellKind::Text | CellKind::Day | CellKind::Instant => "string",
                CellKind::Whole => "int",
                CellKind::Real => "double",
            };
            let _ = writeln!(head, "<SimpleField name=\"{}\" type=\"{kind}\"/>", kml_name(field));
        }
        head.push_str("</Schema>\n");
        out.extend_from_slice(head.as_bytes());
        Ok(())
    }

    fn record_to(&mut self, cells: Cells<'_, T>, out: &mut Vec<u8>) -> io::Result<()> {
        let (content, marks) = (cells.content, &self.marks);
        out.extend_from_slice(b"<Placemark><name>");
        word_to(marks.class, content, out);
        out.extend_from_slice(b"</name><TimeStamp><when>");
        day_to(marks.day, content, out);
        out.extend_from_slice(b"</when></TimeStamp>");
        if marks.style.is_some() {
            out.extend_from_slice(b"<styleUrl>#");
            word_to(marks.style, content, out);
            out.extend_from_slice(b"</styleUrl>");
        }
        out.extend_from_slice(b"<ExtendedData><SchemaData schemaUrl=\"#");
        out.extend_from_slice(one_of::<T>().as_bytes());
        out.extend_from_slice(b"\">");
        for (field, value) in cells.values(&self.columns).filter(|(_, value)| *value != CellValue::Null) {
            out.extend_from_slice(b"<SimpleData name=\"");
            out.extend_from_slice(kml_name(field).as_bytes());
            out.extend_from_slice(b"\">");
            value_to(value, out);
            out.extend_from_slice(b"</SimpleData>");
        }
        out.extend_from_slice(b"</SchemaData></ExtendedData><Point><coordinates>");
        push_position(out, content.location(), b',');
        out.extend_from_slice(b"</coordinates></Point></Placemark>\n");
        Ok(())
    }

    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        out.extend_from_slice(b"</Document></kml>");
        Ok(false)
    }
}

/// GPX 1.1: a waypoint for each record, with its fields as extensions in GDAL's form.
pub(super) struct Waypoints<T: Content> {
    columns: Columns<T>,
    marks: Marks<T>,
}

impl<T: Content> Waypoints<T> {
    /// Creates a document of these fields.
    pub(super) fn new(fields: Fields) -> Self {
        Self { columns: Columns::of(fields), marks: Marks::new() }
    }
}

impl<T: Content> Form<T> for Waypoints<T> {
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\" creator=\"Clearline\" \
            xmlns=\"http://www.topografix.com/GPX/1/1\" xmlns:ogr=\"http://osgeo.org/gdal\">\n",
        );
        Ok(())
    }

    fn record_to(&mut self, cells: Cells<'_, T>, out: &mut Vec<u8>) -> io::Result<()> {
        let content = cells.content;
        let mut place = Vec::with_capacity(24);
        push_position(&mut place, content.location(), b' ');
        let (lon, lat) = place.split_at(place.iter().position(|byte| *byte == b' ').unwrap_or(0));
        out.extend_from_slice(b"<wpt lat=\"");
        out.extend_from_slice(lat.trim_ascii());
        out.extend_from_slice(b"\" lon=\"");
        out.extend_from_slice(lon);
        out.extend_from_slice(b"\"><time>");
        day_to(self.marks.day, content, out);
        out.extend_from_slice(b"T00:00:00Z</time><type>");
        word_to(self.marks.class, content, out);
        out.extend_from_slice(b"</type><extensions>");
        for (field, value) in cells.values(&self.columns).filter(|(_, value)| *value != CellValue::Null) {
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
