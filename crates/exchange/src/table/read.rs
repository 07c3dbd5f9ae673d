//! Reads a table as rows. The row number is the line of the file on which the row begins.

use std::{io::Read, ops::ControlFlow};

use demining::FieldProblem;

use super::{
    cell::{BadCell, Cell},
    lines::TableLines,
    record::{Cells, Records, find_separator},
};
use crate::{
    error::ReadError,
    options::ReadOptions,
    rows::{Document, ReadSummary, Row, Rows},
    window::Window,
};

pub(crate) fn read_table<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    mut window: Window<R>,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let separator = find_separator(&mut window, options.max_row_bytes)?;
    let mut records = Records::new(window, separator.byte, options.max_row_bytes);
    let mut cells = Cells::default();
    if separator.is_stated {
        records.next(&mut cells)?;
    }
    if records.next(&mut cells)?.is_none() {
        return Err(ReadError::Empty);
    }
    let header: Result<Vec<String>, _> = cells.iter().map(|cell| String::from_utf8(cell.to_vec())).collect();
    let header = header.map_err(|_| ReadError::Header("is not UTF-8".to_owned()))?;
    // Tables have a decimal comma if their cells are not separated by commas.
    let mut lines = TableLines::new(&header, options, separator.byte != b',')?;
    let mut stopped = false;
    while !stopped && let Some(line) = records.next(&mut cells)? {
        // Spreadsheets append blank rows.
        if cells.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        cells.unshield();
        let fault = fault(&cells, lines.n_columns(), line);
        stopped = lines.line(line, cells.iter().map(text), fault, rows)?.is_break();
    }
    stopped = stopped || lines.end(rows).is_break();
    Ok(ReadSummary { document: Document::Table, rows: rows.count, bytes: records.offset(), stopped })
}

/// Returns the problem of a line whose cells do not belong to the columns.
fn fault(cells: &Cells, wanted: usize, line: u64) -> Option<FieldProblem> {
    let found = cells.len();
    // Spreadsheets omit blank cells at the end of a line, or add some.
    let is_blank = |cell: &[u8]| cell.trim_ascii().is_empty();
    let reason = if !cells.iter().skip(wanted).all(is_blank) {
        format!("has {found} cells where the header has {wanted}; is a quote not closed?")
    } else if cells.has_stray_quote() {
        "has text after a closing quote; is a quote not closed, or not doubled?".to_owned()
    } else {
        return None;
    };
    Some(FieldProblem::new(line, None, "", "", reason))
}

/// Returns the text of a cell.
fn text(cell: &[u8]) -> Result<Cell<'_>, BadCell> {
    match std::str::from_utf8(cell) {
        Ok(text) => Ok(Cell::Text(text.trim())),
        Err(_) => Err(BadCell::new(String::from_utf8_lossy(cell), "is not UTF-8")),
    }
}
