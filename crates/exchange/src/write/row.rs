//! Writes records as lines of CSV.

use std::io;

use demining::{Content, Judged, Record};

use super::{
    Form,
    digits::{push_day, push_instant, push_position, push_real, push_whole},
    fields::{CellValue, Cells, Columns, Fields},
};
use crate::table::push_cell;

/// Appends a record as a line of CSV (RFC 4180), including the line end, in the columns of an export. A
/// record with a repeated group has a line for each of its rows, each with all other values.
///
/// Unknown values are empty cells. `photos` are separated by semicolons, or are a JSON array if a name
/// contains one; `extra` is a JSON object of the unknown properties. Text that a spreadsheet would read as a
/// formula is prefixed with an apostrophe, which import removes; numbers stay numbers.
///
/// # Errors
/// Returns an error if the record's group is not a JSON array of objects, which it always is.
pub fn csv_row_to<T: Content>(
    record: &Record<Judged<T>>,
    region: Option<&str>,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    let columns = Columns::of_lines(Fields::All);
    lines_to(Cells::of_record(record, region, Fields::All), &columns, out)
}

fn lines_to<T: Content>(cells: Cells<'_, T>, columns: &Columns<T>, out: &mut Vec<u8>) -> io::Result<()> {
    cells.lines(columns, |cells| {
        line_to(cells, columns, out);
        Ok(())
    })
}

fn line_to<T: Content>(cells: Cells<'_, T>, columns: &Columns<T>, out: &mut Vec<u8>) {
    for (nth, (_, value)) in cells.values(columns).enumerate() {
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
            push_position(out, cells.content.location(), b',');
            out.push(b',');
        }
    }
    out.pop();
    out.extend_from_slice(b"\r\n");
}

/// A table.
pub(super) struct Lines<T: Content>(Columns<T>);

impl<T: Content> Lines<T> {
    /// Creates a table of these fields.
    pub(super) fn new(fields: Fields) -> Self {
        Self(Columns::of_lines(fields))
    }
}

impl<T: Content> Form<T> for Lines<T> {
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

    fn record_to(&mut self, cells: Cells<'_, T>, out: &mut Vec<u8>) -> io::Result<()> {
        lines_to(cells, &self.0, out)
    }

    fn tail_to(&mut self, _out: &mut Vec<u8>) -> io::Result<bool> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use demining::{AccidentDetails, Details};

    use super::*;

    /// Export consumers that address columns by position rely on this order.
    const DETECTIONS: &str = "id,longitude,latitude,kind,model,made_in_year,quantity,depth_cm,detected_on,status,\
neutralised_on,disposal,operator,team,hazard_area,source_reliability,information_reliability,\
accuracy_m,fix,location_as_given,\
location_as_given_crs,note,photos,region,review,revision,updated_at,extra\r\n";

    const ACCIDENTS: &str = "id,longitude,latitude,class,occurred_on,time,device,model,area_marked,set_off,killed,injured,\
victim_outcome,victim_sex,victim_age_group,victim_status,victim_activity,victim_touched,\
victim_risk_education_received,certified_on,operator,team,hazard_area,source_reliability,information_reliability,\
accuracy_m,fix,location_as_given,location_as_given_crs,note,region,review,revision,updated_at,extra\r\n";

    fn header<T: Content>() -> String {
        let mut header = Vec::new();
        Lines::<T>::new(Fields::All).head_to(&mut header).unwrap();
        String::from_utf8(header).unwrap()
    }

    #[test]
    fn the_header_names_every_field_and_the_place_after_the_id() {
        assert_eq!(header::<Details>(), DETECTIONS);
        assert_eq!(header::<AccidentDetails>(), ACCIDENTS);
    }
}
