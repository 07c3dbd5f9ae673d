//! Reads a GeoJSON document: a Feature, or a `FeatureCollection` whose features are read one by one.
//!
//! Only one feature of a collection is in memory at a time, and the order of the members does not matter.
//! Everything outside the features is kept until the end, because it is the whole Feature if the document is
//! one.

use std::{io::Read, ops::ControlFlow};

use super::{extent::value_length, features::Features, reference_name::read_reference_name};
use crate::{
    error::ReadError,
    json::{Cursor, Fault, Json},
    options::ReadOptions,
    reference::{AxisOrder, Reference},
    rows::{Document, ReadSummary, Row, Rows},
    window::Window,
};

pub(crate) fn read_document<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    window: Window<R>,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let mut reader = Reader {
        window,
        options,
        rows,
        head: String::from("{"),
        kind: None,
        own_reference: None,
        common: Features::new(options),
        has_features: false,
        length_ahead: 1024,
    };
    reader.document()
}

struct Reader<'r, R, F> {
    window: Window<R>,
    options: &'r ReadOptions,
    rows: &'r mut Rows<F>,
    /// The document without its features.
    head: String,
    kind: Option<String>,
    /// The reference system that the document names.
    own_reference: Option<Reference>,
    common: Features<'r>,
    has_features: bool,
    /// How many bytes ahead to look for the end of the next feature.
    length_ahead: usize,
}

impl<R: Read, F: FnMut(Row) -> ControlFlow<()>> Reader<'_, R, F> {
    fn document(&mut self) -> Result<ReadSummary, ReadError> {
        match self.peek()? {
            None => return Err(ReadError::Empty),
            Some(b'{') => self.window.consume(1),
            Some(_) => return Err(self.no_object()?),
        }
        if self.members()?.is_break() {
            return Ok(self.summary(Document::FeatureCollection, true));
        }
        if self.peek()?.is_some() {
            let hint =
                "text follows the end of the document; for a sequence of features use geojsonseq or ndjson";
            return Err(self.broken(hint));
        }
        match self.kind.as_deref() {
            Some("FeatureCollection") if self.has_features => {
                let head = Cursor::new(&self.head).value();
                head.map_err(|fault| self.broken(format!("{} {}", fault.field, fault.reason).trim_start()))?;
                Ok(self.summary(Document::FeatureCollection, false))
            }
            Some("FeatureCollection") => {
                Err(ReadError::NoFeatures { found: "the FeatureCollection has no features".to_owned() })
            }
            Some("Feature") if self.has_features => Err(ReadError::NoFeatures {
                found: "the document has the type Feature, but also has features".to_owned(),
            }),
            Some("Feature") => {
                let row = self.rows.next()?;
                let feature = self.common.read_text(&self.head, row);
                let stopped = self.rows.give(feature).is_break();
                Ok(self.summary(Document::Feature, stopped))
            }
            Some(other) => Err(ReadError::NoFeatures { found: format!("the document is a {other}") }),
            None => Err(ReadError::NoFeatures { found: "the document has no type".to_owned() }),
        }
    }

    /// Reads everything between the outermost braces, and the closing brace.
    fn members(&mut self) -> Result<ControlFlow<()>, ReadError> {
        if self.peek()? == Some(b'}') {
            self.window.consume(1);
            self.head.push('}');
            return Ok(ControlFlow::Continue(()));
        }
        loop {
            if self.peek()? != Some(b'"') {
                return Err(self.expected("a key in double quotes"));
            }
            let key = self.take_value()?;
            let name = self.checked(&key)?;
            if self.peek()? != Some(b':') {
                return Err(self.expected("a colon"));
            }
            self.window.consume(1);
            let next = self.peek()?;
            self.head.push_str(&key);
            self.head.push(':');
            if name == "features" && self.kind.as_deref() != Some("Feature") {
                if next != Some(b'[') {
                    return Err(self.expected("an array of features"));
                }
                if self.has_features {
                    return Err(self.broken("features occurs twice"));
                }
                self.has_features = true;
                if self.features()?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                self.head.push_str("[]");
            } else {
                let value = self.take_value()?;
                self.member(&name, &value)?;
                self.head.push_str(&value);
            }
            if self.head.len() > self.options.max_row_bytes {
                let limit = self.options.max_row_bytes;
                return Err(ReadError::RowTooLong { row: self.rows.count.max(1), limit });
            }
            match self.peek()? {
                Some(b',') => self.head.push(','),
                Some(b'}') => {
                    self.window.consume(1);
                    self.head.push('}');
                    return Ok(ControlFlow::Continue(()));
                }
                _ => return Err(self.expected("a comma or }")),
            }
            self.window.consume(1);
        }
    }

    /// Reads a member other than the features.
    fn member(&mut self, name: &str, value: &str) -> Result<(), ReadError> {
        match name {
            "type" => {
                if self.kind.is_some() {
                    return Err(self.broken("type occurs twice"));
                }
                self.kind = Some(self.checked(value)?);
            }
            "crs" => self.names_reference(value)?,
            _ => {}
        }
        Ok(())
    }

    /// Reads an old-style `crs` member. It applies to all features, so it must agree with the request or
    /// precede them.
    fn names_reference(&mut self, value: &str) -> Result<(), ReadError> {
        let named = read_reference_name(&mut Cursor::new(value));
        let named =
            named.map_err(|fault| ReadError::Reference(format!("the member crs {}", fault.reason)))?;
        let Some(name) = named else { return Ok(()) };
        let own = Reference::parse(&name, AxisOrder::EastNorth).map_err(ReadError::Reference)?;
        if self.own_reference.is_some() {
            return Err(self.broken("crs occurs twice"));
        }
        if let Some(asked) = &self.options.crs {
            // The request defines the axis order, so it takes precedence if both name the same system.
            if asked.name() != own.name() && *asked != own {
                let (own, asked) = (own.name(), asked.name());
                return Err(ReadError::Reference(format!(
                    "the file is in {own}, but the request specifies {asked}"
                )));
            }
            self.own_reference = Some(own);
            return Ok(());
        }
        if self.has_features && own != *self.common.reference() {
            return Err(ReadError::Reference(format!(
                "the member crs, {}, comes after the features; put it before them, or specify it in the request",
                own.name()
            )));
        }
        self.common.set_reference(own.clone());
        self.own_reference = Some(own);
        Ok(())
    }

    /// Reads the array of features, from its opening to its closing bracket.
    fn features(&mut self) -> Result<ControlFlow<()>, ReadError> {
        self.window.consume(1);
        if self.peek()? == Some(b']') {
            self.window.consume(1);
            return Ok(ControlFlow::Continue(()));
        }
        loop {
            if self.peek()?.is_none() {
                return Err(self.expected("a feature"));
            }
            let (feature, length) = self.feature()?;
            self.window.consume(length);
            if self.rows.give(feature).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            match self.peek()? {
                Some(b',') => self.window.consume(1),
                Some(b']') => {
                    self.window.consume(1);
                    return Ok(ControlFlow::Continue(()));
                }
                _ => return Err(self.expected("a comma or ]")),
            }
        }
    }

    /// Reads the feature that begins here; returns it with its length.
    ///
    /// Most features are valid and about as long as the one before, so first try to read one directly. If
    /// that fails, find the end of the feature first, so that an error does not extend beyond it.
    fn feature(&mut self) -> Result<(Row, usize), ReadError> {
        let row = self.rows.next()?;
        let limit = self.options.max_row_bytes;
        let bytes = self.window.bytes();
        let ahead = &bytes[..bytes.len().min(self.length_ahead).min(limit)];
        let text = match std::str::from_utf8(ahead) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&ahead[..error.valid_up_to()]).unwrap_or(""),
        };
        let read = self.common.read_leading(text, row);
        let (feature, length) = if let Some(read) = read {
            read
        } else {
            let length = value_length(&mut self.window, limit, row)?;
            let text = utf8(&self.window, length, row)?;
            (self.common.read_text(text, row), length)
        };
        self.length_ahead = length + length / 4 + 64;
        Ok((feature, length))
    }

    fn take_value(&mut self) -> Result<String, ReadError> {
        let row = self.rows.count.max(1);
        let length = value_length(&mut self.window, self.options.max_row_bytes, row)?;
        let text = utf8(&self.window, length, row)?.to_owned();
        self.window.consume(length);
        Ok(text)
    }

    /// Returns the text that this JSON string contains.
    fn checked(&self, json: &str) -> Result<String, ReadError> {
        match Cursor::new(json).value() {
            Ok(Json::Text(text)) => Ok(text.into_owned()),
            Ok(other) => Err(self.broken(&format!("{} should be text", other.shown()))),
            Err(Fault { reason, .. }) => Err(self.broken(&reason)),
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        let row = self.rows.count;
        self.window.peek().map_err(|source| ReadError::Io { row, source })
    }

    /// Returns the error for a document that is not an object.
    fn no_object(&mut self) -> Result<ReadError, ReadError> {
        let text = self.take_value()?;
        Ok(match Cursor::new(&text).value() {
            Ok(other) => ReadError::NoFeatures { found: format!("the document is {}", other.what()) },
            Err(fault) => self.broken(&fault.reason),
        })
    }

    fn expected(&self, what: &str) -> ReadError {
        if self.window.bytes().is_empty() {
            return self.broken("the file is truncated");
        }
        self.broken(&format!("{what} was expected here"))
    }

    fn broken(&self, reason: &str) -> ReadError {
        ReadError::Json { row: self.rows.count, byte: self.window.offset(), reason: reason.to_owned() }
    }

    fn summary(&self, document: Document, stopped: bool) -> ReadSummary {
        ReadSummary { document, rows: self.rows.count, bytes: self.window.offset(), stopped }
    }
}

/// Returns the first bytes of the window as text.
pub(super) fn utf8<R: Read>(window: &Window<R>, length: usize, row: u64) -> Result<&str, ReadError> {
    std::str::from_utf8(&window.bytes()[..length])
        .map_err(|error| ReadError::Utf8 { row, byte: window.offset() + error.valid_up_to() as u64 })
}
