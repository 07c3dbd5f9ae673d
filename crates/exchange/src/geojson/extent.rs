//! Finds the end of a JSON value in a stream without parsing the value.

use std::io::Read;

use crate::{error::ReadError, window::Window};

/// The state of the search for the end of a value.
#[derive(Default)]
struct Search {
    at: usize,
    depth: usize,
    in_string: bool,
}

impl Search {
    /// Continues through `bytes`, which begin where the value does; returns its length if it ends here.
    fn advance(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(rest) = bytes.get(self.at..).filter(|rest| !rest.is_empty()) {
            if self.in_string {
                let stop = rest.iter().position(|b| matches!(b, b'"' | b'\\'));
                self.at += stop.unwrap_or(rest.len());
                match stop.map(|at| rest[at]) {
                    Some(b'"') => {
                        self.at += 1;
                        self.in_string = false;
                        if self.depth == 0 {
                            return Some(self.at);
                        }
                    }
                    // The character after a backslash may not have been read yet.
                    Some(_) if self.at + 1 == bytes.len() => return None,
                    Some(_) => self.at += 2,
                    None => return None,
                }
                continue;
            }
            match rest[0] {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth <= 1 => {
                    return Some(self.at + self.depth);
                }
                b'}' | b']' => self.depth -= 1,
                b',' | b' ' | b'\n' | b'\r' | b'\t' if self.depth == 0 => return Some(self.at),
                _ => {}
            }
            self.at += 1;
        }
        None
    }
}

/// Returns the length of the value at the window's first byte, with all of it in the window.
///
/// Counts brackets of any kind without matching them, so the result is a value only if the JSON is valid.
pub(super) fn value_length(
    window: &mut Window<impl Read>,
    limit: usize,
    row: u64,
) -> Result<usize, ReadError> {
    let mut search = Search::default();
    loop {
        if let Some(length) = search.advance(window.bytes()) {
            return if length > limit { Err(ReadError::RowTooLong { row, limit }) } else { Ok(length) };
        }
        if search.at > limit {
            return Err(ReadError::RowTooLong { row, limit });
        }
        if !window.fill().map_err(|source| ReadError::Io { row, source })? {
            if search.depth == 0 && !search.in_string {
                return Ok(window.bytes().len());
            }
            let byte = window.offset() + window.bytes().len() as u64;
            return Err(ReadError::Json { row, byte, reason: "the file is truncated".to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, length: usize) {
        // One byte at a time, so that the search is interrupted and resumed in every state.
        let mut search = Search::default();
        let found = (0..=text.len()).find_map(|end| search.advance(&text.as_bytes()[..end]));
        assert_eq!(found, Some(length), "{text}");
        assert_eq!(Search::default().advance(text.as_bytes()), Some(length), "{text}");
    }

    #[test]
    fn a_value_ends_with_its_bracket_its_quote_or_before_what_follows() {
        check(r#"{"a":[1,{"b":"}]\"{"}]},"#, 23);
        check(r#""\\" "#, 4);
        check("12.5e3,", 6);
        check("null}", 4);
        check("[]]", 2);
        check(",", 0);
    }
}
