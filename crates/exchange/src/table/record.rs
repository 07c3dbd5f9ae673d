//! Splits a table into records and cells (RFC 4180).
//!
//! This is not left to a crate because a row must be identified by its line, lines may break inside quotes,
//! and one row must not take more memory than allowed. A test compares it with the `csv` crate.

use std::io::Read;

use super::shield::unshielded;
use crate::{error::ReadError, window::Window};

/// The records of a table.
pub(super) struct Records<R> {
    window: Window<R>,
    separator: u8,
    limit: usize,
    /// The line on which the next record begins, counted from 1.
    line: u64,
}

/// The cells of one record.
#[derive(Debug, Default)]
pub(super) struct Cells {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    has_stray_quote: bool,
}

impl Cells {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether text follows the closing quote of a cell: a quote is superfluous or missing.
    pub(super) fn has_stray_quote(&self) -> bool {
        self.has_stray_quote
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.bytes[start..*end])
    }

    /// Removes the shields that an export added to its cells. Cells that are not UTF-8 stay unchanged.
    pub(super) fn unshield(&mut self) {
        if !self.bytes.contains(&b'\'') {
            return;
        }
        let cells: Vec<Vec<u8>> = self
            .iter()
            .map(|cell| match std::str::from_utf8(cell) {
                Ok(text) => unshielded(text).into_owned().into_bytes(),
                Err(_) => cell.to_vec(),
            })
            .collect();
        self.bytes.clear();
        self.ends.clear();
        for cell in cells {
            self.bytes.extend_from_slice(&cell);
            self.ends.push(self.bytes.len());
        }
    }

    /// Splits a record. An opening quote hides separators up to the closing quote; two quotes inside mean
    /// one.
    fn split(&mut self, record: &[u8], separator: u8) {
        self.bytes.clear();
        self.ends.clear();
        self.has_stray_quote = false;
        let mut rest = record;
        loop {
            let quoted = rest.strip_prefix(b"\"");
            if let Some(quoted) = quoted {
                rest = self.unquote(quoted);
            }
            let end = rest.iter().position(|b| *b == separator).unwrap_or(rest.len());
            self.has_stray_quote |= quoted.is_some() && !rest[..end].trim_ascii().is_empty();
            self.bytes.extend_from_slice(&rest[..end]);
            self.ends.push(self.bytes.len());
            match rest.get(end + 1..) {
                Some(after) => rest = after,
                None => return,
            }
        }
    }

    /// Reads a cell up to its closing quote; returns the rest.
    fn unquote<'a>(&mut self, mut quoted: &'a [u8]) -> &'a [u8] {
        while let Some(quote) = quoted.iter().position(|b| *b == b'"') {
            self.bytes.extend_from_slice(&quoted[..quote]);
            quoted = &quoted[quote + 1..];
            match quoted.strip_prefix(b"\"") {
                Some(after) => {
                    self.bytes.push(b'"');
                    quoted = after;
                }
                None => return quoted,
            }
        }
        self.bytes.extend_from_slice(quoted);
        &[]
    }
}

/// The state of the search for the end of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// At the beginning of a cell.
    Start,
    /// In a cell without quotes, or after its closing quote.
    Plain,
    /// In quotes.
    Quotes,
    /// After a quote inside quotes: it closes them, or is the first of two.
    Quote,
}

impl<R: Read> Records<R> {
    pub(super) fn new(window: Window<R>, separator: u8, limit: usize) -> Self {
        Self { window, separator, limit, line: 1 }
    }

    /// Returns the number of bytes read so far.
    pub(super) fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Returns the next record that is not a blank line, and the line on which it begins.
    pub(super) fn next(&mut self, cells: &mut Cells) -> Result<Option<u64>, ReadError> {
        loop {
            let line = self.line;
            let Some((length, end)) = self.record_length()? else { return Ok(None) };
            let record = &self.window.bytes()[..length];
            let is_blank = record.is_empty();
            cells.split(record, self.separator);
            self.line += record.split(|byte| *byte == b'\n').count() as u64;
            self.window.consume(end);
            if !is_blank {
                return Ok(Some(line));
            }
        }
    }

    /// Returns the length of the record that begins here, without and with its line end.
    fn record_length(&mut self) -> Result<Option<(usize, usize)>, ReadError> {
        let row = self.line;
        let (mut at, mut inside) = (0, Inside::Start);
        let mut opened = 0;
        loop {
            let bytes = self.window.bytes();
            while let Some(byte) = bytes.get(at) {
                if inside == Inside::Start && *byte == b'"' {
                    opened = at;
                }
                inside = match (inside, byte) {
                    (Inside::Quotes, b'"') => Inside::Quote,
                    (Inside::Quotes, _) | (Inside::Start | Inside::Quote, b'"') => Inside::Quotes,
                    (_, b'\n') => return self.within_limit(at, at + 1).map(Some),
                    (_, b'\r') => {
                        // A line feed may follow that has not been read yet.
                        if at + 1 == bytes.len() && self.fill(row)? {
                            break;
                        }
                        let end = at + 1 + usize::from(self.window.bytes().get(at + 1) == Some(&b'\n'));
                        return self.within_limit(at, end).map(Some);
                    }
                    (_, byte) if *byte == self.separator => Inside::Start,
                    _ => Inside::Plain,
                };
                at += 1;
            }
            if at > self.limit {
                return Err(ReadError::RowTooLong { row, limit: self.limit });
            }
            if at < self.window.bytes().len() {
                continue;
            }
            if !self.fill(row)? {
                let bytes = self.window.bytes();
                if inside == Inside::Quotes {
                    let breaks = bytes[..opened].split(|byte| *byte == b'\n').count() - 1;
                    return Err(ReadError::UnclosedQuote { line: row + breaks as u64 });
                }
                let length = bytes.len();
                return if length == 0 { Ok(None) } else { self.within_limit(length, length).map(Some) };
            }
        }
    }

    fn within_limit(&self, length: usize, end: usize) -> Result<(usize, usize), ReadError> {
        if length > self.limit {
            return Err(ReadError::RowTooLong { row: self.line, limit: self.limit });
        }
        Ok((length, end))
    }

    fn fill(&mut self, row: u64) -> Result<bool, ReadError> {
        self.window.fill().map_err(|source| ReadError::Io { row, source })
    }
}

/// The separator of a table's cells.
pub(super) struct Separator {
    /// The byte.
    pub byte: u8,
    /// Whether the first line states it, as Excel writes it, and the header follows.
    pub is_stated: bool,
}

/// The supported separators, with their names.
const SEPARATORS: [(u8, &str); 3] = [(b',', "comma"), (b';', "semicolon"), (b'\t', "tab")];

/// Separators that other programs use.
const UNREAD: [u8; 4] = [b'|', b'^', b'~', 0x1f];

/// Returns the byte that separates cells: the one stated in a first line `sep=;`, else the most frequent of
/// comma, semicolon and tab outside quotes in the first line.
///
/// # Errors
/// Returns an error if the first line states another separator, or appears to use one.
pub(super) fn find_separator(window: &mut Window<impl Read>, limit: usize) -> Result<Separator, ReadError> {
    while !window.bytes().iter().any(|b| matches!(b, b'\n' | b'\r')) && window.bytes().len() <= limit {
        if !window.fill().map_err(|source| ReadError::Io { row: 1, source })? {
            break;
        }
    }
    if let Some(stated) = stated(window.bytes()) {
        if SEPARATORS.iter().any(|(byte, _)| *byte == stated) {
            return Ok(Separator { byte: stated, is_stated: true });
        }
        return Err(unread("names the separator", stated));
    }
    let count = |byte: u8, bytes: &[u8]| {
        let mut in_quotes = false;
        let signs = bytes.iter().take_while(|b| {
            in_quotes ^= **b == b'"';
            in_quotes || !matches!(b, b'\n' | b'\r')
        });
        let mut is_quoted = false;
        signs
            .filter(|b| {
                is_quoted ^= **b == b'"';
                !is_quoted && **b == byte
            })
            .count()
    };
    // Of equal counts the first separator wins, and the comma is first.
    let separators = SEPARATORS.into_iter().map(|(byte, _)| byte);
    let most = separators.rev().max_by_key(|byte| count(*byte, window.bytes())).unwrap_or(b',');
    let line = window.bytes().split(|b| matches!(b, b'\n' | b'\r')).next().unwrap_or_default();
    let line = &line[..line.len().min(limit)];
    let other = UNREAD.into_iter().find(|byte| count(*byte, line) > 0);
    match other.filter(|_| count(most, line) == 0) {
        Some(other) => Err(unread("appears to be separated by", other)),
        None => Ok(Separator { byte: most, is_stated: false }),
    }
}

/// Returns the separator stated in a first line `sep=;`.
fn stated(bytes: &[u8]) -> Option<u8> {
    let line = bytes.split(|b| matches!(b, b'\n' | b'\r')).next()?;
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (word, rest) = line.split_at_checked(4)?;
    let (byte, rest) = word.eq_ignore_ascii_case(b"sep=").then(|| rest.split_first())??;
    // Programs that saved the file again may have padded the line with empty cells.
    rest.iter().all(|b| matches!(b, b'"' | b',' | b';' | b'\t' | b' ')).then_some(*byte)
}

fn unread(what: &str, byte: u8) -> ReadError {
    let names: Vec<&str> = SEPARATORS.iter().map(|(_, name)| *name).collect();
    let read = names.join(", ");
    ReadError::Header(format!("{what} {:?}; supported separators: {read}", char::from(byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Yields one byte at a time, so that reading is interrupted and resumed in every state.
    struct Dribble<'a>(&'a [u8]);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let length = self.0.len().min(1);
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    type Lines = Vec<(u64, Vec<String>)>;

    fn try_read(text: &str) -> Result<Lines, ReadError> {
        let mut records = Records::new(Window::new(Dribble(text.as_bytes())).unwrap(), b',', 1000);
        let mut cells = Cells::default();
        let mut all = Vec::new();
        while let Some(line) = records.next(&mut cells)? {
            all.push((line, cells.iter().map(|c| String::from_utf8(c.to_vec()).unwrap()).collect()));
        }
        Ok(all)
    }

    fn read(text: &str) -> Lines {
        try_read(text).unwrap()
    }

    #[test]
    fn a_record_is_named_by_the_line_it_begins_on() {
        let lines = |text| read(text).iter().map(|(line, _)| *line).collect::<Vec<_>>();
        assert_eq!(lines("a,b\n1,2\n3,4"), [1, 2, 3]);
        assert_eq!(lines("a,b\r\n\r\n1,\"x\r\ny\nz\"\r\n3,4\r\n"), [1, 3, 6]);
        assert_eq!(lines("\na\r1\r\r2"), [2, 3, 5]);
    }

    #[test]
    fn a_text_that_ends_inside_quotes_is_refused_with_the_line_of_the_quote() {
        let line_of = |text: &str| match try_read(text) {
            Err(ReadError::UnclosedQuote { line }) => line,
            other => panic!("{text:?}: {other:?}"),
        };
        assert_eq!(line_of("a,b\n1,\"2\n3,4\n5,6\n"), 2);
        assert_eq!(line_of("a,b\r\n\"x\r\ny\",\"cut \"\"he"), 3);
        assert_eq!(line_of("a,\"b"), 1);
        assert_eq!(line_of("a,\""), 1);
        assert_eq!(read("a,\"b\"").len(), 1);
    }

    #[test]
    fn a_row_without_end_is_refused_at_the_limit() {
        let text = format!("a,b\n1,\"{}", "x".repeat(5000));
        let mut records = Records::new(Window::new(text.as_bytes()).unwrap(), b',', 1000);
        let mut cells = Cells::default();
        assert_eq!(records.next(&mut cells).unwrap(), Some(1));
        let error = records.next(&mut cells).unwrap_err().to_string();
        assert_eq!(error, "row 2 takes more than 1000 bytes");
    }

    proptest! {
        #[test]
        fn it_reads_the_cells_that_the_csv_crate_reads(text in "[ab\",\n\r]{0,24}") {
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> =
                reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            // Where that crate accepts the end of the text as a closing quote, this test has to add one.
            let ours = try_read(&text).or_else(|_| try_read(&format!("{text}\""))).unwrap();
            let ours: Vec<Vec<String>> = ours.into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(ours, theirs, "{:?}", text);
        }
    }
}
