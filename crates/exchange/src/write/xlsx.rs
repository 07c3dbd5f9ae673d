//! Writes records as a workbook (ECMA-376), packed into a temporary file as they arrive.
//!
//! Each sheet is one stream of lines with inline texts, so memory does not grow with the records, and every
//! write failure is returned as an error: workbook libraries panic when the disk is full.

mod parts;
mod texts;

use std::{
    fs::File,
    io::{self, BufWriter, Seek, Write},
};

use demining::Content;
use jiff::civil::{Date, date};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    Form,
    digits::{push_instant, push_real, push_whole},
    fields::{CellValue, Cells, Columns, Fields},
    pieces::Pieces,
};
use crate::xlsx::LINES;

/// Day 0 of the spreadsheet calendar, for all days after February 1900.
const DAY_0: Date = date(1899, 12, 30);

/// The size of the lines after which another sheet begins, bytes: a part of a plain zip archive has less than
/// 4 GiB.
const FULL: u64 = 3 << 30;

/// The names of the place columns; they follow the first field.
const PLACE: [&str; 2] = ["longitude", "latitude"];

/// Writes lines to a temporary file as they arrive. When a sheet is full, another one begins.
pub(super) struct Sheets<T: Content> {
    columns: Columns<T>,
    book: Book,
}

/// The workbook, as far as it is written.
struct Book {
    /// The name of its sheets.
    name: &'static str,
    /// The names of the columns.
    columns: Vec<String>,
    /// The number of lines in the last sheet, including the header.
    n_lines: u64,
    /// The size of those lines, bytes.
    n_bytes: u64,
    /// The number of sheets begun.
    count: u32,
    state: State,
    line: Vec<u8>,
}

enum State {
    Making(Box<ZipWriter<BufWriter<File>>>),
    Made(Pieces),
    /// A write failed.
    Failed,
}

impl<T: Content> Sheets<T> {
    /// Creates a workbook without sheets.
    pub(super) fn new(fields: Fields) -> io::Result<Self> {
        let columns = Columns::of_lines(fields);
        let names = columns.iter().map(|column| &*column.name);
        let names = names.clone().take(1).chain(PLACE).chain(names.skip(1)).map(str::to_owned).collect();
        let book = Book::new(T::COLLECTION.name(), names)?;
        Ok(Self { columns, book })
    }
}

impl Book {
    fn new(name: &'static str, columns: Vec<String>) -> io::Result<Self> {
        let zip = ZipWriter::new(BufWriter::new(tempfile::tempfile()?));
        let state = State::Making(Box::new(zip));
        Ok(Self { name, columns, n_lines: 0, n_bytes: 0, count: 0, state, line: Vec::new() })
    }

    fn begin_sheet(&mut self) -> io::Result<()> {
        self.end_sheet()?;
        self.count += 1;
        self.n_lines = 0;
        self.n_bytes = 0;
        let head = parts::sheet_head(self.columns.iter().map(String::as_str));
        self.begin_part(&parts::sheet_path(self.count))?;
        self.write(head.as_bytes())?;
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        let mut cells = Line::begin(&mut line, 1);
        for name in &self.columns {
            cells.text(name, parts::BOLD);
        }
        cells.end();
        self.write(&line)?;
        self.line = line;
        self.n_lines = 1;
        Ok(())
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        if self.count > 0 { self.write(parts::SHEET_TAIL.as_bytes()) } else { Ok(()) }
    }

    fn begin_part(&mut self, path: &str) -> io::Result<()> {
        match &mut self.state {
            State::Making(zip) => {
                zip.start_file(path, SimpleFileOptions::default()).map_err(io::Error::other)
            }
            State::Made(_) | State::Failed => Err(finished()),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.state {
            State::Making(zip) => zip.write_all(bytes),
            State::Made(_) | State::Failed => Err(finished()),
        }
    }

    fn line<T: Content>(&mut self, cells: Cells<'_, T>, columns: &Columns<T>) -> io::Result<()> {
        if self.n_lines == LINES || self.n_bytes > FULL {
            self.begin_sheet()?;
        }
        self.n_lines += 1;
        let (mut line, place) = (std::mem::take(&mut self.line), cells.content.location());
        line.clear();
        let mut into = Line::begin(&mut line, self.n_lines);
        for (nth, (_, value)) in cells.values(columns).enumerate() {
            into.value(value);
            if nth == 0 {
                into.value(CellValue::Real(place.lon()));
                into.value(CellValue::Real(place.lat()));
            }
        }
        into.end();
        self.n_bytes += line.len() as u64;
        self.write(&line)?;
        self.line = line;
        Ok(())
    }

    /// Writes the parts after the sheets.
    fn end(&mut self) -> io::Result<()> {
        self.end_sheet()?;
        for (path, content) in parts::others(self.name, self.count) {
            self.begin_part(path)?;
            self.write(content.as_bytes())?;
        }
        let State::Making(zip) = std::mem::replace(&mut self.state, State::Failed) else {
            return Err(finished());
        };
        let mut file =
            zip.finish().map_err(io::Error::other)?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.state = State::Made(Pieces(file));
        Ok(())
    }
}

fn finished() -> io::Error {
    io::Error::other("the workbook is finished")
}

impl<T: Content> Form<T> for Sheets<T> {
    fn head_to(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        self.book.begin_sheet()
    }

    fn record_to(&mut self, cells: Cells<'_, T>, _out: &mut Vec<u8>) -> io::Result<()> {
        cells.lines(&self.columns, |cells| self.book.line(cells, &self.columns))
    }

    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        if let State::Making(_) = self.book.state {
            self.book.end()?;
        }
        match &mut self.book.state {
            State::Made(pieces) => pieces.next_to(out),
            State::Making(_) | State::Failed => Err(finished()),
        }
    }
}

/// A line of a sheet.
struct Line<'a> {
    out: &'a mut Vec<u8>,
    number: u64,
    column: usize,
}

impl<'a> Line<'a> {
    fn begin(out: &'a mut Vec<u8>, number: u64) -> Self {
        out.extend_from_slice(b"<row r=\"");
        push_whole(out, number);
        out.extend_from_slice(b"\">");
        Self { out, number, column: 0 }
    }

    fn end(self) {
        self.out.extend_from_slice(b"</row>");
    }

    /// Appends the next cell; an unknown value is omitted.
    fn value(&mut self, value: CellValue<'_>) {
        match value {
            CellValue::Null => self.column += 1,
            CellValue::Text(text) => self.text(&text, parts::PLAIN),
            CellValue::Whole(number) => self.number(parts::PLAIN, |out| push_whole(out, number)),
            CellValue::Real(number) => self.number(parts::PLAIN, |out| push_real(out, number)),
            // The spreadsheet calendar begins in 1900; earlier days are written as text.
            CellValue::Day(day) if day.year() < 1901 => self.text(&day.to_string(), parts::PLAIN),
            CellValue::Day(day) => {
                let days = (day - DAY_0).get_days().unsigned_abs();
                self.number(parts::DAY, |out| push_whole(out, days.into()));
            }
            CellValue::Instant(instant) => {
                let mut text = Vec::new();
                push_instant(&mut text, instant);
                self.text(&String::from_utf8_lossy(&text), parts::PLAIN);
            }
        }
    }

    fn text(&mut self, text: &str, style: u8) {
        self.begin_cell(style);
        self.out.extend_from_slice(b" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        texts::push_cell(self.out, text);
        self.out.extend_from_slice(b"</t></is></c>");
    }

    fn number(&mut self, style: u8, push: impl FnOnce(&mut Vec<u8>)) {
        self.begin_cell(style);
        self.out.extend_from_slice(b"><v>");
        push(self.out);
        self.out.extend_from_slice(b"</v></c>");
    }

    fn begin_cell(&mut self, style: u8) {
        self.out.extend_from_slice(b"<c r=\"");
        parts::push_column(self.out, self.column);
        push_whole(self.out, self.number);
        self.out.push(b'"');
        if style != parts::PLAIN {
            self.out.extend_from_slice(b" s=\"");
            push_whole(self.out, style.into());
            self.out.push(b'"');
        }
        self.column += 1;
    }
}
