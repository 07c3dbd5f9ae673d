//! Protects text cells from being executed as formulas by spreadsheets.
//!
//! Text gets an apostrophe before `=`, `+`, `-`, `@` and their full-width forms wherever a spreadsheet may
//! start a cell: at the beginning, and after a semicolon, tab or line end inside the text, because a program
//! that separates cells by semicolons ignores the quotes around them. Text that begins with a tab or a
//! carriage return gets one too. Apostrophes already there are kept after it. Reading removes one in the same
//! places, so text reads back unchanged.

use std::borrow::Cow;

/// Characters after which a spreadsheet may start the next cell.
const ENDS: [char; 4] = [';', '\t', '\n', '\r'];

/// Returns whether the rest would be a formula, ignoring leading apostrophes.
fn is_formula(rest: &str, is_start: bool) -> bool {
    let rest = rest.trim_start_matches('\'');
    rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || is_start && rest.starts_with(['\t', '\r'])
}

/// Iterates over the positions where a spreadsheet may start a cell.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices(ENDS).map(|(at, end)| at + end.len()))
}

/// Returns the text with its shields.
fn shielded(text: &str) -> Cow<'_, str> {
    edited(text, |rest, is_start| is_formula(rest, is_start).then_some(("\'", 0)))
}

/// Returns the text of a cell without its shields.
pub(super) fn unshielded(cell: &str) -> Cow<'_, str> {
    edited(cell, |rest, is_start| {
        rest.strip_prefix('\'').is_some_and(|rest| is_formula(rest, is_start)).then_some(("", 1))
    })
}

/// Edits the text where a cell may begin: inserts a string and removes a number of bytes.
fn edited(text: &str, edit: impl Fn(&str, bool) -> Option<(&'static str, usize)>) -> Cow<'_, str> {
    let (mut new, mut done) = (String::new(), 0);
    for at in starts(text) {
        if let Some((put, taken)) = edit(&text[at..], at == 0) {
            new.push_str(&text[done..at]);
            new.push_str(put);
            done = at + taken;
        }
    }
    if new.is_empty() && done == 0 {
        return Cow::Borrowed(text);
    }
    new.push_str(&text[done..]);
    Cow::Owned(new)
}

/// Appends a text cell, shielded, and quoted where necessary.
pub fn push_cell(out: &mut Vec<u8>, text: &str) {
    let text = shielded(text);
    let needs_quotes = text.bytes().any(|b| matches!(b, b',' | b';' | b'\t' | b'"' | b'\n' | b'\r'))
        || text.starts_with(' ')
        || text.ends_with(' ');
    if !needs_quotes {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for (nth, part) in text.split('"').enumerate() {
        if nth > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// Normalises a number that may have a decimal comma.
pub(super) fn with_decimal_point(cell: &str, has_decimal_comma: bool) -> Cow<'_, str> {
    if has_decimal_comma && !cell.contains('.') && cell.matches(',').count() == 1 {
        return Cow::Owned(cell.replace(',', "."));
    }
    Cow::Borrowed(cell)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        push_cell(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_formula_becomes_text() {
        assert_eq!(written("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        assert_eq!(written("@x"), "'@x");
        assert_eq!(written("''-1"), "'''-1");
        assert_eq!(written("O'Brien's = +"), "O'Brien's = +");
        assert_eq!(written("\t=x"), "\"'\t'=x\"");
    }

    #[test]
    fn no_formula_stands_behind_a_sign_that_separates_cells_elsewhere() {
        assert_eq!(written("x;=cmd|'/C calc'!A0;y"), "\"x;'=cmd|'/C calc'!A0;y\"");
        assert_eq!(written("x\n@y\t-z; -1"), "\"x\n'@y\t'-z; -1\"");
        assert_eq!(written("a;'=b"), "\"a;''=b\"");
    }

    proptest! {
        #[test]
        fn every_text_reads_back_as_it_was(text in "[='+@a;\t\n\r -]{0,8}|\\PC{0,20}") {
            let cell = shielded(&text);
            for part in cell.split(ENDS) {
                prop_assert!(!part.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']));
            }
            prop_assert_eq!(unshielded(&cell), text.as_str());
        }
    }
}
