//! Records as a workbook, by rust_xlsxwriter.

use std::io::{self, Seek};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{
    Form,
    fields::{Cells, FieldValue, Fields},
    pieces::Pieces,
};
use crate::xlsx::LINES;

/// Widths of columns, in characters.
const WIDTH: f64 = 14.0;
const WIDE: f64 = 38.0;

/// Lines are put down in a temporary file as they come. A sheet that is full is followed by another.
pub(super) struct Sheets {
    fields: Fields,
    workbook: Workbook,
    bold: Format,
    day: Format,
    /// Lines in the last sheet, the header among them.
    n_lines: u32,
    count: usize,
    done: Option<Pieces>,
}

impl Sheets {
    pub(super) fn new(fields: Fields) -> Self {
        Self {
            fields,
            workbook: Workbook::new(),
            bold: Format::new().set_bold(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            n_lines: 0,
            count: 0,
            done: None,
        }
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        self.count += 1;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        let number = if self.count == 1 { String::new() } else { format!(" {}", self.count) };
        sheet.set_name(format!("detections{number}"))?;
        sheet.set_freeze_panes(1, 0)?;
        let names = self.fields.iter().map(|field| field.name);
        let with_place = names.clone().take(1).chain(["longitude", "latitude"]).chain(names.skip(1));
        for (column, name) in (0..).zip(with_place) {
            sheet.set_column_width(
                column,
                if matches!(name, "id" | "note" | "extra") { WIDE } else { WIDTH },
            )?;
            sheet.write_string_with_format(0, column, name, &self.bold)?;
        }
        self.n_lines = 1;
        Ok(())
    }

    fn line(&mut self, cells: Cells<'_>) -> Result<(), XlsxError> {
        if self.n_lines == 0 || u64::from(self.n_lines) == LINES {
            self.begin_sheet()?;
        }
        let (at, place) = (self.n_lines, cells.detection.location);
        let sheet = self.workbook.worksheet_from_index(self.count - 1)?;
        let mut column = 0;
        for (_, value) in cells.values() {
            cell(sheet, at, column, value, &self.day)?;
            column += 1;
            if column == 1 {
                sheet.write_number(at, 1, place.lon())?.write_number(at, 2, place.lat())?;
                column = 3;
            }
        }
        self.n_lines += 1;
        Ok(())
    }
}

fn cell(
    sheet: &mut Worksheet,
    line: u32,
    column: u16,
    value: FieldValue<'_>,
    day: &Format,
) -> Result<(), XlsxError> {
    let written = match value {
        FieldValue::Null => return Ok(()),
        FieldValue::Text(text) => sheet.write_string(line, column, text),
        FieldValue::Whole(number) => sheet.write_number(line, column, number as f64),
        FieldValue::Real(number) => sheet.write_number(line, column, number),
        // The calendar of sheets begins in 1900; an older day is text.
        FieldValue::Day(date) if date.year() < 1901 => sheet.write_string(line, column, date.to_string()),
        FieldValue::Day(date) => {
            let (year, month, of_month) =
                (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs());
            let date = ExcelDateTime::from_ymd(year, month, of_month)?;
            sheet.write_datetime_with_format(line, column, &date, day)
        }
        FieldValue::Instant(instant) => sheet.write_string(line, column, instant.to_string()),
    };
    written.map(|_| ())
}

impl Form for Sheets {
    fn head_to(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        self.begin_sheet().map_err(io::Error::other)
    }

    fn record_to(&mut self, cells: Cells<'_>, _out: &mut Vec<u8>) -> io::Result<()> {
        self.line(cells).map_err(io::Error::other)
    }

    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        if self.done.is_none() {
            let mut file = tempfile::tempfile()?;
            self.workbook.save_to_writer(&mut file).map_err(io::Error::other)?;
            file.rewind()?;
            self.done = Some(Pieces(file));
        }
        self.done.as_mut().map_or(Ok(false), |pieces| pieces.next_to(out))
    }
}
