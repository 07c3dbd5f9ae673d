//! Reads a series of features: after record separators (RFC 8142), or one per line.
//!
//! The first byte tells which of the two it is. A broken record is a problem of its row only: reading
//! continues at the next separator.

use std::{io::Read, ops::ControlFlow};

use demining::FieldProblem;

use super::features::Features;
use crate::{
    error::ReadError,
    options::ReadOptions,
    rows::{Document, ReadSummary, Row, Rows},
    window::Window,
};

/// ASCII RS, which precedes every record of a text sequence.
const RECORD_SEPARATOR: u8 = 0x1e;

pub(crate) fn read_sequence<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    mut window: Window<R>,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let mut common = Features::new(options);
    let mut stopped = false;
    let first = window.peek().map_err(|source| ReadError::Io { row: 0, source })?;
    let separator = match first {
        None => return Err(ReadError::Empty),
        Some(RECORD_SEPARATOR) => RECORD_SEPARATOR,
        Some(_) => b'\n',
    };
    loop {
        let (length, is_last) = record_length(&mut window, separator, options.max_row_bytes, rows.count + 1)?;
        let record = window.bytes()[..length].trim_ascii();
        if !record.is_empty() {
            let row = rows.next()?;
            let read = match std::str::from_utf8(record) {
                Ok(text) => common.read_text(text, row),
                Err(_) => Err(FieldProblem::new(row, None, "", "", "is not UTF-8")),
            };
            stopped = rows.give(read).is_break();
        }
        window.consume(if is_last { length } else { length + 1 });
        if stopped || is_last {
            let document = Document::Sequence;
            return Ok(ReadSummary { document, rows: rows.count, bytes: window.offset(), stopped });
        }
    }
}

/// Returns the length of the record that begins here, without its separator, and whether the stream ends with
/// it.
fn record_length(
    window: &mut Window<impl Read>,
    separator: u8,
    limit: usize,
    row: u64,
) -> Result<(usize, bool), ReadError> {
    let mut seen = 0;
    loop {
        let found = window.bytes()[seen..].iter().position(|b| *b == separator);
        let length = found.map_or(window.bytes().len(), |at| seen + at);
        if length > limit {
            return Err(ReadError::RowTooLong { row, limit });
        }
        if found.is_some() {
            return Ok((length, false));
        }
        seen = length;
        if !window.fill().map_err(|source| ReadError::Io { row, source })? {
            return Ok((length, true));
        }
    }
}
