//! Cells of text that no spreadsheet takes for a formula.
//!
//! A cell that begins with one of `= + - @`, their full-width forms, a tab or a carriage return,
//! perhaps behind apostrophes, gets one more apostrophe in front when it is written, and loses one
//! when it is read: what is written reads back as it was.

use std::borrow::Cow;

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// Appends a cell of text, shielded, and quoted where it must be.
pub fn push_cell(out: &mut Vec<u8>, text: &str) {
    let shield = if is_formula(text) { "'" } else { "" };
    let needs_quotes = text.bytes().any(|b| matches!(b, b',' | b';' | b'\t' | b'"' | b'\n' | b'\r'))
        || text.starts_with(' ')
        || text.ends_with(' ');
    if !needs_quotes {
        out.extend_from_slice(shield.as_bytes());
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(shield.as_bytes());
    for (nth, part) in text.split('"').enumerate() {
        if nth > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// The text of a cell that may have been shielded.
pub(super) fn unshielded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text) => text,
        _ => cell,
    }
}

/// A number that may have a decimal comma.
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
    }

    proptest! {
        #[test]
        fn every_text_reads_back_as_it_was(text in "[='+@a -]{0,6}|\\PC{0,20}") {
            let shield = if is_formula(&text) { "'" } else { "" };
            let cell = format!("{shield}{text}");
            prop_assert!(!cell.starts_with(['=', '+', '-', '@']));
            prop_assert_eq!(unshielded(&cell), text);
        }
    }
}
