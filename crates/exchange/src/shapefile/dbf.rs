//! Reads attributes from a dBASE table, whose header states the lengths of rows and cells.

use std::{borrow::Cow, io::Read};

use super::{broken, encoding::Encoding, fill, skip};
use crate::{error::ReadError, limits::ReadLimits, table::Attribute};

/// The rows of a `.dbf`, one after another.
pub(super) struct Table<R> {
    pub input: R,
    fields: Vec<Field>,
    encoding: Encoding,
    row: Vec<u8>,
    /// The number of rows according to the header, including deleted ones.
    pub rows: u64,
}

struct Field {
    name: String,
    kind: u8,
    length: usize,
}

impl<R: Read> Table<R> {
    /// Opens a table and reads its header; `code_page` is the content of the `.cpg`; rows of more than
    /// `limit` bytes are rejected.
    pub(super) fn new(mut input: R, code_page: Option<&str>, limit: usize) -> Result<Self, ReadError> {
        let mut head = [0; 32];
        fill(&mut input, 0, &mut head)?;
        let [_, _, _, _, n0, n1, n2, n3, h0, h1, r0, r1, ..] = head;
        let mut left = u64::from(u16::from_le_bytes([h0, h1]))
            .checked_sub(32)
            .ok_or_else(|| broken(0, "the .dbf states an impossible header length"))?;
        let row_bytes = usize::from(u16::from_le_bytes([r0, r1]));
        if row_bytes > limit {
            return Err(ReadError::RowTooLong { row: 1, limit });
        }
        let encoding =
            Encoding::of(code_page, head.get(29).copied().unwrap_or(0)).map_err(|e| broken(0, e))?;
        let mut fields = Vec::new();
        let mut wanted = 1;
        while left > 0 {
            let mut first = [0];
            fill(&mut input, 0, &mut first)?;
            left -= 1;
            if first == [b'\r'] {
                break;
            }
            if fields.len() == ReadLimits::DEFAULT.columns {
                return Err(broken(
                    0,
                    format!("the .dbf has more than {} columns", ReadLimits::DEFAULT.columns),
                ));
            }
            let mut rest = [0; 31];
            left = left.checked_sub(31).ok_or_else(|| broken(0, "the header of the .dbf is truncated"))?;
            fill(&mut input, 0, &mut rest)?;
            let name: Vec<u8> =
                first.iter().chain(rest.iter().take(10)).copied().take_while(|byte| *byte != 0).collect();
            let name =
                encoding.text(&name).map_err(|_| broken(0, "the .dbf has an unreadable column name"))?;
            let (kind, length) = (rest[10], usize::from(rest[15]));
            wanted += length;
            fields.push(Field { name: name.trim().to_owned(), kind, length });
        }
        skip(&mut input, 0, left)?;
        if wanted > row_bytes {
            return Err(broken(0, "the columns of the .dbf are longer than its rows"));
        }
        let rows = u64::from(u32::from_le_bytes([n0, n1, n2, n3]));
        Ok(Self { input, fields, encoding, row: vec![0; row_bytes], rows })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// Returns the cells of the next row; `None` if it is deleted.
    pub(super) fn next(&mut self, number: u64) -> Result<Option<Vec<Attribute<'_>>>, ReadError> {
        fill(&mut self.input, number, &mut self.row)?;
        let Some((mark, mut rest)) = self.row.split_first() else { return Ok(None) };
        if *mark == b'*' {
            return Ok(None);
        }
        let mut cells = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let (cell, after) = rest.split_at_checked(field.length).unwrap_or((rest, &[]));
            cells.push(attribute(cell, field.kind, self.encoding));
            rest = after;
        }
        Ok(Some(cells))
    }
}

fn attribute(cell: &[u8], kind: u8, encoding: Encoding) -> Attribute<'_> {
    let trimmed = cell.trim_ascii();
    let trimmed = trimmed.split(|byte| *byte == 0).next().unwrap_or_default();
    let shown = || String::from_utf8_lossy(trimmed).into_owned();
    match (kind, trimmed) {
        // Missing numbers are filled with asterisks.
        (_, []) | (b'N' | b'F', [b'*', ..]) | (b'L', b"?") | (b'D', b"00000000") => Attribute::Blank,
        (b'C', text) => match encoding.text(text) {
            Ok(text) => Attribute::Text(text),
            Err(reason) => Attribute::bad(shown(), reason),
        },
        (b'N' | b'F', digits) => number(digits).unwrap_or_else(|| Attribute::bad(shown(), "is not a number")),
        (b'L', b"T" | b"t" | b"Y" | b"y") => Attribute::Bool(true),
        (b'L', b"F" | b"f" | b"N" | b"n") => Attribute::Bool(false),
        (b'D', day) => {
            self::day(day).unwrap_or_else(|| Attribute::bad(shown(), "is not a date in the form YYYYMMDD"))
        }
        (kind, _) => {
            let kind = char::from(kind);
            Attribute::bad(shown(), format!("has the dBASE type {kind:?}, which is not supported"))
        }
    }
}

fn number(digits: &[u8]) -> Option<Attribute<'static>> {
    let text = std::str::from_utf8(digits).ok()?;
    match text.parse::<i64>() {
        Ok(whole) => Some(Attribute::Number(whole.to_string())),
        Err(_) => text.parse().ok().map(Attribute::real),
    }
}

fn day(digits: &[u8]) -> Option<Attribute<'static>> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
    let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..8)?);
    (text.len() == 8).then(|| Attribute::Text(Cow::Owned(format!("{year}-{month}-{day}"))))
}
