//! Tests the formats from outside: accepted input, rejected input, and round trips.
#![allow(clippy::unwrap_used, clippy::doc_markdown)]

mod accident_round_trip;
mod accidents;
mod binary;
mod documents;
mod geopackages;
mod geoparquet;
mod hostile;
mod positions;
mod round_trip;
mod sequences;
mod shapefiles;
mod statements;
mod tables;
mod workbooks;

use std::{fmt::Write, io::Read, ops::ControlFlow};

use demining::{RawLocation, RawRecord, Value};
use exchange::{Format, ReadOptions, ReadSummary, Row};
use flate2::{Compression, write::DeflateEncoder};

/// Returns the result of reading: a line for each row, and the error at the end if any. The bytes arrive in
/// small pieces, so that every row crosses the edge of one somewhere.
fn read(format: Format, body: &[u8], options: &ReadOptions) -> String {
    read_from(Pieces(body), format, options)
}

fn read_from(input: impl Read, format: Format, options: &ReadOptions) -> String {
    let mut seen = String::new();
    let result = exchange::read(format, input, options, |row| {
        writeln!(seen, "{}", shown(&row)).unwrap();
        ControlFlow::Continue(())
    });
    if let Err(error) = result {
        writeln!(seen, "error: {error}").unwrap();
    }
    seen
}

fn check(format: Format, body: impl AsRef<[u8]>, expected: &[&str]) {
    let seen = read(format, body.as_ref(), &ReadOptions::default());
    let seen: Vec<&str> = seen.lines().collect();
    assert_eq!(seen, expected, "{}", String::from_utf8_lossy(body.as_ref()));
}

fn rows(format: Format, body: &[u8]) -> (Vec<Row>, ReadSummary) {
    let mut rows = Vec::new();
    let summary = exchange::read(format, body, &ReadOptions::default(), |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    (rows, summary.unwrap())
}

struct Pieces<'a>(&'a [u8]);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.0.len().min(7).min(buffer.len());
        buffer[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

/// Returns a row on one line: its number, id, place and properties, or its problem.
fn shown(row: &Row) -> String {
    match row {
        Ok(RawRecord { row, id, location, properties }) => {
            let mut line = format!("{row} {} {}", value(id), place(location));
            for (name, given) in properties {
                write!(line, " {name}={}", value(given)).unwrap();
            }
            line
        }
        Err(problem) => {
            let id = problem.id.as_deref().map_or(String::new(), |id| format!(" of {id}"));
            format!("problem {}{id}: {} {:?} {}", problem.row, problem.field, problem.value, problem.reason)
        }
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Text(text) => format!("{text:?}"),
        other => other.as_text().to_owned(),
    }
}

fn place(location: &RawLocation) -> String {
    match location {
        RawLocation::Missing => "nowhere".to_owned(),
        RawLocation::Unreadable { value, reason } => format!("unreadable({value}: {reason})"),
        RawLocation::At { lon, lat, as_given: None, .. } => format!("{lon},{lat}"),
        RawLocation::At { lon, lat, as_given: Some(given), .. } => {
            format!("{lon:.5},{lat:.5}({} {})", given.coordinates, given.crs)
        }
    }
}

/// Returns a zip archive of files, compressed if `is_packed`.
fn zip(files: &[(&str, &[u8])], is_packed: bool) -> Vec<u8> {
    let (mut out, mut table) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let packed = if is_packed {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
            std::io::Write::write_all(&mut encoder, bytes).unwrap();
            encoder.finish().unwrap()
        } else {
            bytes.to_vec()
        };
        let mut head = vec![20, 0, 0, 0, if is_packed { 8 } else { 0 }, 0, 0, 0, 0, 0];
        head.extend(crc32fast::hash(bytes).to_le_bytes());
        head.extend((packed.len() as u32).to_le_bytes());
        head.extend((bytes.len() as u32).to_le_bytes());
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        table.extend(b"PK\x01\x02\x14\x00");
        table.extend(&head);
        table.extend([0; 10]);
        table.extend((out.len() as u32).to_le_bytes());
        table.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(&packed);
    }
    let start = out.len() as u32;
    out.extend(&table);
    out.extend(b"PK\x05\x06\0\0\0\0");
    let n = (files.len() as u16).to_le_bytes();
    out.extend([n, n].concat());
    out.extend((table.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}
