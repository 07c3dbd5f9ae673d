//! Reads elements from a stream one by one, within limits.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

use super::Element;
use crate::{error::ReadError, limits::ReadLimits, options::ReadOptions};

/// The elements with certain names, at any depth of a document, each with all its content. Without names, the
/// root element.
///
/// Everything around them is skipped piece by piece. Only the five predefined entities of XML are supported:
/// document types are ignored.
pub(crate) struct Elements<R: Read> {
    reader: Reader<Metered<R>>,
    names: &'static [&'static str],
    limit: usize,
    depth: usize,
    /// The name of the root element, which identifies the format.
    pub root: Option<String>,
}

impl<R: Read> Elements<R> {
    pub(crate) fn new(input: R, names: &'static [&'static str], options: &ReadOptions) -> Self {
        let limit = options.max_row_bytes;
        let mut reader = Reader::from_reader(Metered { input: BufReader::new(input), left: limit, total: 0 });
        reader.config_mut().expand_empty_elements = true;
        Self { reader, names, limit, depth: 0, root: None }
    }

    /// Returns the number of bytes read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.reader.get_ref().total
    }

    /// Returns the next element, read as row `row`; `None` at the end of the document.
    pub(crate) fn next(&mut self, row: u64) -> Result<Option<Element>, ReadError> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            self.reader.get_mut().left = self.limit;
            let event = self.reader.read_event_into(&mut buffer);
            match event.map_err(|error| self.fault(row, error))? {
                Event::Start(start) => {
                    let name = start.local_name().as_ref().to_owned();
                    if self.names.is_empty() || self.names.contains(&name.as_str()) {
                        let element = begin(&start).map_err(|reason| broken(row, reason))?;
                        return self.whole(element, row).map(Some);
                    }
                    self.root.get_or_insert(name);
                    self.deeper(row)?;
                }
                Event::End(_) => self.depth = self.depth.saturating_sub(1),
                Event::Decl(declaration) => {
                    let encoding = declaration.encoding().transpose().ok().flatten();
                    if let Some(encoding) = encoding.filter(|e| !e.eq_ignore_ascii_case("utf-8")) {
                        return Err(broken(
                            row,
                            format!("the text is in {encoding}; only UTF-8 is supported"),
                        ));
                    }
                }
                Event::Eof if self.depth > 0 => return Err(broken(row, "the file is truncated")),
                Event::Eof if self.root.is_none() => return Err(ReadError::Empty),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// Reads an element whose start tag was read, up to its end.
    fn whole(&mut self, root: Element, row: u64) -> Result<Element, ReadError> {
        let (mut open, mut buffer) = (vec![root], Vec::new());
        loop {
            buffer.clear();
            let event = self.reader.read_event_into(&mut buffer);
            let event = event.map_err(|error| self.fault(row, error))?;
            let Some(inner) = open.last_mut() else { return Err(broken(row, "has an unmatched end tag")) };
            match event {
                Event::Start(start) => {
                    open.push(begin(&start).map_err(|reason| broken(row, reason))?);
                    if open.len() > ReadLimits::DEFAULT.depth {
                        return Err(broken(row, too_deep()));
                    }
                }
                Event::Text(text) => inner.text.push_str(&text.xml_content(XmlVersion::Implicit1_0)),
                Event::CData(text) => inner.text.push_str(&text),
                Event::GeneralRef(reference) => {
                    inner.text.push(character(&reference).map_err(|reason| broken(row, reason))?);
                }
                Event::End(_) => {
                    let Some(done) = open.pop() else { return Err(broken(row, "has an unmatched end tag")) };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
                Event::Eof => return Err(broken(row, "the file is truncated")),
                _ => {}
            }
        }
    }

    fn deeper(&mut self, row: u64) -> Result<(), ReadError> {
        self.depth += 1;
        if self.depth > ReadLimits::DEFAULT.depth { Err(broken(row, too_deep())) } else { Ok(()) }
    }

    fn fault(&self, row: u64, error: quick_xml::Error) -> ReadError {
        if self.reader.get_ref().left == 0 {
            return ReadError::RowTooLong { row, limit: self.limit };
        }
        match error {
            quick_xml::Error::Io(source) => {
                let source = match source.raw_os_error() {
                    Some(code) => io::Error::from_raw_os_error(code),
                    None => io::Error::new(source.kind(), source.to_string()),
                };
                ReadError::Io { row, source }
            }
            error => broken(row, format!("byte {}: {error}", self.reader.error_position())),
        }
    }
}

fn broken(row: u64, reason: impl Into<String>) -> ReadError {
    ReadError::Broken { row, reason: reason.into() }
}

fn too_deep() -> String {
    format!("has more than {} nested elements", ReadLimits::DEFAULT.depth)
}

/// Creates an element from its start tag.
fn begin(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| format!("an attribute cannot be read: {error}"))?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|error| format!("an attribute cannot be read: {error}"))?;
        if attributes.len() == ReadLimits::DEFAULT.members {
            return Err(format!("an element has more than {} attributes", ReadLimits::DEFAULT.members));
        }
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    Ok(Element { name: start.local_name().as_ref().to_owned(), attributes, ..Element::default() })
}

/// Returns the character of an entity or character reference.
fn character(reference: &BytesRef<'_>) -> Result<char, String> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(character);
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other => {
            Err(format!("the entity {other:?} is unknown; only the predefined entities of XML are supported"))
        }
    }
}

/// A reader that fails once as many bytes were read as one row may have.
struct Metered<R> {
    input: BufReader<R>,
    left: usize,
    total: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let length = ready.len().min(buffer.len());
        buffer[..length].copy_from_slice(&ready[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let ready = self.input.fill_buf()?;
        if self.left == 0 && !ready.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a row is too long"));
        }
        Ok(&ready[..ready.len().min(self.left)])
    }

    fn consume(&mut self, length: usize) {
        self.left = self.left.saturating_sub(length);
        self.total += length as u64;
        self.input.consume(length);
    }
}
