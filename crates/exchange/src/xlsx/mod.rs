//! Reads Office Open XML workbooks with calamine. A row is identified by its line in the sheet; lines of the
//! second sheet of records continue from 1,048,577, as if it were appended to the first.

mod scan;
mod texts;

use std::{
    io::{BufReader, Read, Seek, Write},
    ops::ControlFlow,
};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetVisible, Xlsx, XlsxCellReader, XlsxError};

use demining::FieldProblem;
use scan::Scan;
use texts::Texts;

use crate::{
    archive,
    error::ReadError,
    limits::ReadLimits,
    options::ReadOptions,
    rows::{Document, ReadSummary, Row, Rows},
    table::{Attribute, NOT_A_DAY, TableLines},
};

/// The maximum number of lines of a sheet.
pub(crate) const LINES: u64 = 1 << 20;

/// The valid day numbers of the spreadsheet calendar, up to the year 9999.
const DAYS: std::ops::RangeInclusive<f64> = 1.0..=2_958_465.0;

/// Reads the first visible sheet, and every further one with the same header.
pub(crate) fn read_workbook<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    input: R,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let mut file = archive::open(input, options, |name| -> Option<Box<dyn Write>> {
        // calamine finds the shared texts in any folder, ignoring case.
        if name.to_ascii_lowercase().ends_with("sharedstrings.xml") {
            return Some(Box::new(Texts::new(ReadLimits::DEFAULT.held_bytes)));
        }
        name.starts_with("xl/worksheets/").then(|| Box::new(Scan::new(options.max_row_bytes)) as _)
    })?
    .into_inner();
    file.rewind().map_err(|source| ReadError::Io { row: 0, source })?;
    let bytes = file.metadata().map_or(0, |about| about.len());
    let mut workbook: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|error| broken(0, &error))?;
    let seen = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible;
    let names: Vec<String> = workbook.sheets_metadata().iter().filter(seen).map(|s| s.name.clone()).collect();
    let mut first: Option<(Vec<String>, TableLines)> = None;
    let (mut n_sheets, mut stopped) = (0, false);
    for name in &names {
        let mut lines = match workbook.worksheet_cells_reader(name) {
            Ok(cells) => Lines {
                cells,
                next: None,
                ended: false,
                before: LINES * n_sheets,
                limit: options.max_row_bytes,
            },
            // A chart sheet has no cells.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(broken(0, &error)),
        };
        let mut line = Vec::new();
        if lines.next(&mut line)?.is_none() {
            continue;
        }
        let header: Vec<String> = line.iter().map(text).collect();
        let table = match &mut first {
            None => &mut first.insert((header.clone(), TableLines::new(&header, options, false)?)).1,
            Some((known, table)) if *known == header => table,
            // A list of words, or remarks; but records are never skipped silently.
            Some(_) if TableLines::new(&header, options, false).is_err() => continue,
            Some(_) => {
                let reason = format!(
                    "the sheet {name:?} has different columns than the one before: move it to a separate file"
                );
                return Err(ReadError::Broken { row: 0, reason });
            }
        };
        n_sheets += 1;
        while !stopped && let Some(number) = lines.next(&mut line)? {
            let fault = fit(table, number, &mut line);
            stopped = table.line(number, line.iter().map(Attribute::cell), fault, rows)?.is_break();
        }
        if stopped {
            break;
        }
    }
    let Some((_, mut table)) = first else { return Err(ReadError::Empty) };
    stopped = stopped || table.end(rows).is_break();
    Ok(ReadSummary { document: Document::Table, rows: rows.count, bytes, stopped })
}

/// Fits a line of cells to the columns. Returns the problem of a line with a cell beyond the header, which
/// has no name.
fn fit(table: &TableLines, number: u64, line: &mut Vec<Attribute<'static>>) -> Option<FieldProblem> {
    let n_columns = table.n_columns();
    let beyond = line.get(n_columns..).and_then(|cells| cells.iter().find(|cell| !is_blank(cell)));
    let fault =
        beyond.map(|cell| FieldProblem::new(number, None, "", &text(cell), "is in a column without a name"));
    line.resize(n_columns, Attribute::Blank);
    for (column, cell) in line.iter_mut().enumerate() {
        if let Some(time) = cell.time_of_day().filter(|_| table.is_of_times(column)) {
            *cell = time;
        }
    }
    fault
}

fn is_blank(cell: &Attribute<'_>) -> bool {
    match cell {
        Attribute::Blank => true,
        Attribute::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Returns the text of a header cell.
fn text(cell: &Attribute<'_>) -> String {
    cell.cell().map_or_else(|bad| bad.value, |cell| cell.text().to_owned())
}

/// The lines of a sheet that are not blank.
struct Lines<'a, R: Read + Seek> {
    cells: XlsxCellReader<'a, R>,
    /// A cell that was read and belongs to the next line.
    next: Option<(u32, u32, Attribute<'static>)>,
    /// Whether the last cell was read: the reader must not continue past it.
    ended: bool,
    /// The number of lines in the sheets before.
    before: u64,
    /// The maximum size of a line's text, bytes.
    limit: usize,
}

impl<R: Read + Seek> Lines<'_, R> {
    /// Reads the next line that is not blank, and returns its number.
    fn next(&mut self, line: &mut Vec<Attribute<'static>>) -> Result<Option<u64>, ReadError> {
        loop {
            line.clear();
            let Some((at, column, cell)) = self.cell(0)? else { return Ok(None) };
            let number = self.before + u64::from(at) + 1;
            let mut left = self.limit;
            put(line, column, cell, number, (&mut left, self.limit))?;
            while let Some((row, column, cell)) = self.cell(number)? {
                if row != at {
                    self.next = Some((row, column, cell));
                    break;
                }
                put(line, column, cell, number, (&mut left, self.limit))?;
            }
            // Sheets are padded with blank lines.
            if !line.iter().all(is_blank) {
                return Ok(Some(number));
            }
        }
    }

    fn cell(&mut self, row: u64) -> Result<Option<(u32, u32, Attribute<'static>)>, ReadError> {
        if let Some(next) = self.next.take() {
            return Ok(Some(next));
        }
        if self.ended {
            return Ok(None);
        }
        let cell = self.cells.next_cell().map_err(|error| broken(row, &error))?;
        self.ended = cell.is_none();
        Ok(cell.map(|cell| {
            let (row, column) = cell.get_position();
            (row, column, attribute(cell.get_value()))
        }))
    }
}

/// Adds a cell to its column if its text fits into the line. Blank cells beyond the last allowed column are
/// ignored.
fn put(
    line: &mut Vec<Attribute<'static>>,
    column: u32,
    cell: Attribute<'static>,
    row: u64,
    (left, limit): (&mut usize, usize),
) -> Result<(), ReadError> {
    if is_blank(&cell) {
        return Ok(());
    }
    let column = column as usize;
    if column >= ReadLimits::DEFAULT.columns {
        let reason = format!("has more than {} columns", ReadLimits::DEFAULT.columns);
        return Err(ReadError::Broken { row, reason });
    }
    *left = left.checked_sub(text(&cell).len()).ok_or(ReadError::RowTooLong { row, limit })?;
    if line.len() <= column {
        line.resize(column + 1, Attribute::Blank);
    }
    line[column] = cell;
    Ok(())
}

fn attribute(value: &DataRef<'_>) -> Attribute<'static> {
    match value {
        DataRef::Empty => Attribute::Blank,
        DataRef::Int(number) => Attribute::Number(number.to_string()),
        DataRef::Float(number) => Attribute::real(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Attribute::Text(text.clone().into())
        }
        DataRef::SharedString(text) => Attribute::Text((*text).to_owned().into()),
        DataRef::Bool(is) => Attribute::Bool(*is),
        DataRef::DateTime(date) => moment(date),
        DataRef::Error(error) => Attribute::bad(error.to_string(), "is a spreadsheet error"),
    }
}

/// Converts a date to a day, or to an instant if it has a time. A cell with a time only has a part of a day.
fn moment(date: &ExcelDateTime) -> Attribute<'static> {
    let number = date.as_f64();
    if (0.0..1.0).contains(&number) {
        return Attribute::PartOfDay(number);
    }
    if !date.is_datetime() || !DAYS.contains(&number) {
        return Attribute::bad(number.to_string(), NOT_A_DAY);
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    Attribute::Text(if (hour, minute, second) == (0, 0, 0) {
        day.into()
    } else {
        format!("{day}T{hour:02}:{minute:02}:{second:02}").into()
    })
}

fn broken(row: u64, error: &XlsxError) -> ReadError {
    ReadError::of_library(row, error, "the workbook cannot be read")
}
