//! Common parts of KML and GPX: rows are elements, each with its own attributes.

mod gpx;
mod kml;

use std::{io::Read, ops::ControlFlow};

pub(crate) use gpx::read_gpx;
pub(crate) use kml::{read_kml, read_kmz};

use crate::{
    error::ReadError,
    options::{Naming, ReadOptions},
    reference::Reference,
    rows::{Document, ReadSummary, Row, Rows},
    table::{Attribute, Meaning, Shape, stands_for},
    xml::{Element, Elements},
};

/// A row as in its element.
#[derive(Debug, Default)]
struct Draft {
    /// An id outside the attributes.
    id: Option<String>,
    names: Vec<String>,
    values: Vec<Attribute<'static>>,
    shape: Option<Shape>,
}

impl Draft {
    fn add(&mut self, name: &str, text: &str) {
        self.names.push(name.to_owned());
        self.values.push(Attribute::Text(text.to_owned().into()));
    }

    /// Adds a text to an attribute, which may already exist.
    fn add_to(&mut self, name: &str, text: &str) {
        match self.names.iter().position(|own| own == name).map(|nth| &mut self.values[nth]) {
            Some(Attribute::Text(all)) => {
                let all = all.to_mut();
                all.push(';');
                all.push_str(text);
            }
            _ => self.add(name, text),
        }
    }

    /// Adds an attribute, unless one of that name exists or there is nothing to add.
    fn add_new(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|_| !self.names.iter().any(|own| own == name)) {
            self.add(name, text);
        }
    }

    /// Adds the value that an element of the format has for a field. A mapping in the request that names the
    /// element takes precedence, then an attribute of the file. A repeated value is dropped, a different one
    /// is kept under `otherwise`.
    fn add_field(
        &mut self,
        element: &str,
        field: &str,
        text: Option<&str>,
        otherwise: Option<&str>,
        naming: Naming<'_>,
    ) {
        let Some(text) = text else { return };
        if naming.mapping.field(element).is_some() && !self.names.iter().any(|own| own == element) {
            return self.add(element, text);
        }
        let Some(nth) = self.names.iter().position(|name| stands_for(name, naming, field)) else {
            return self.add(field, text);
        };
        let is_same = matches!(&self.values[nth], Attribute::Text(own) if own.trim() == text);
        if let Some(name) = otherwise.filter(|name| !is_same && !self.names.iter().any(|own| own == name)) {
            self.add(name, text);
        }
    }
}

/// Reads the elements with these names as rows.
fn read_elements<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    mut elements: Elements<R>,
    (root, what): (&str, &str),
    draft: impl Fn(&Element, Naming<'_>) -> Draft,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    // Most rows have the same attributes as the one before.
    let mut meaning: Option<(Vec<String>, Meaning)> = None;
    let mut stopped = false;
    while !stopped {
        let Some(element) = elements.next(rows.count + 1)? else { break };
        let number = rows.next()?;
        let Draft { id, names, values, shape } = draft(&element, options.naming());
        let known = match &mut meaning {
            Some((known, meaning)) if *known == names => Ok(meaning),
            // Both formats are WGS84 longitude and latitude by definition.
            other => match Meaning::of_attributes(&names, Some(&Reference::default()), options) {
                Ok(meaning) => Ok(&mut other.insert((names, meaning)).1),
                Err(ReadError::Header(reason)) => Err(reason),
                Err(error) => return Err(error),
            },
        };
        let row = match known {
            Ok(meaning) => {
                let cells = values.iter().map(Attribute::cell);
                meaning.row(number, id.as_deref(), cells, shape.unwrap_or(Shape::Missing))
            }
            Err(reason) => Err(demining::FieldProblem::new(number, id.as_deref(), "", "", reason)),
        };
        stopped = rows.give(row).is_break();
    }
    if elements.root.as_deref() != Some(root) {
        return Err(ReadError::Broken { row: 0, reason: format!("the file is not {what}") });
    }
    Ok(ReadSummary { document: Document::Table, rows: rows.count, bytes: elements.bytes(), stopped })
}

/// Returns the point at two numbers given as text.
fn point(x: &str, y: &str) -> Shape {
    match (x.trim().parse(), y.trim().parse()) {
        (Ok(x), Ok(y)) => Shape::Point { x, y },
        _ => Shape::Other("has coordinates that are not numbers"),
    }
}

/// Returns whether a text is a UUID, as record ids are.
fn is_uuid(text: &&str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}
