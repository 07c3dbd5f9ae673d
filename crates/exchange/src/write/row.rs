//! Writes records as lines of CSV.

use std::io;

use demining::Record;

use super::{
    Form,
    digits::{push_day, push_instant, push_position, push_real, push_whole},
    fields::{CellValue, Cells, Fields},
};
use crate::table::push_cell;

/// Appends a record as a line of CSV (RFC 4180), including the line end, in the columns of an export.
///
/// Unknown values are empty cells. `photos` are separated by semicolons, or are a JSON array if a name
/// contains one; `extra` is a JSON object of the unknown properties. Text that a spreadsheet would read as a
/// formula is prefixed with an apostrophe, which import removes; numbers stay numbers.
pub fn csv_row_to(record: &Record, region: Option<&str>, out: &mut Vec<u8>) {
    cells_to(Cells { fields: Fields::All, detection: &record.content, record: Some((record, region)) }, out);
}

fn cells_to(cells: Cells<'_>, out: &mut Vec<u8>) {
    for (nth, (_, value)) in cells.values().enumerate() {
        match value {
            CellValue::Null => {}
            CellValue::Text(text) => push_cell(out, &text),
            CellValue::Whole(number) => push_whole(out, number),
            CellValue::Real(number) => push_real(out, number),
            CellValue::Day(day) => push_day(out, day),
            CellValue::Instant(instant) => push_instant(out, instant),
        }
        out.push(b',');
        if nth == 0 {
            push_position(out, cells.detection.location, b',');
            out.push(b',');
        }
    }
    out.pop();
    out.extend_from_slice(b"\r\n");
}

/// A table.
pub(super) struct Lines(pub(super) Fields);

impl Form for Lines {
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        for (nth, field) in self.0.iter().enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            out.extend_from_slice(field.name.as_bytes());
            if nth == 0 {
                out.extend_from_slice(b",longitude,latitude");
            }
        }
        out.extend_from_slice(b"\r\n");
        Ok(())
    }

    fn record_to(&mut self, cells: Cells<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        cells_to(cells, out);
        Ok(())
    }

    fn tail_to(&mut self, _out: &mut Vec<u8>) -> io::Result<bool> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Export consumers that address columns by position rely on this order.
    const HEADER: &str = "id,longitude,latitude,kind,model,made_in_year,quantity,depth_cm,detected_on,status,\
neutralised_on,disposal,operator,team,hazard_area,source_reliability,information_reliability,\
accuracy_m,fix,location_as_given,\
location_as_given_crs,note,photos,region,review,revision,updated_at,extra\r\n";

    #[test]
    fn the_header_names_every_field_and_the_place_after_the_id() {
        let mut header = Vec::new();
        Lines(Fields::All).head_to(&mut header).unwrap();
        assert_eq!(String::from_utf8(header).unwrap(), HEADER);
    }
}
