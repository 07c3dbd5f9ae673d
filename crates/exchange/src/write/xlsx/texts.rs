//! Texts of cells. Workbooks escape characters as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19), so a text that
//! contains such a sequence has its underscore escaped.

use crate::xml::push_text;

/// The escaped form of an underscore that would begin an escape.
const UNDERSCORE: &[u8] = b"_x005F_";

/// Appends the text of a cell, so that it reads back unchanged.
pub(super) fn push_cell(out: &mut Vec<u8>, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.match_indices('_').map(|(at, _)| at).find(|at| begins_escape(&rest[*at..])) {
        push_text(out, &rest[..at]);
        out.extend_from_slice(UNDERSCORE);
        rest = &rest[at + 1..];
    }
    push_text(out, rest);
}

/// Returns whether a reader would decode the beginning of the text as an escape.
fn begins_escape(text: &str) -> bool {
    let [b'_', b'x', digits @ ..] = text.as_bytes() else { return false };
    digits.get(4) == Some(&b'_') && digits[..4].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_be_read_as_a_character_is_escaped() {
        for (text, written) in [
            ("_x0041_", "_x005F_x0041_"),
            ("a_x00e9_x0041_b", "a_x005F_x00e9_x005F_x0041_b"),
            ("__x0041_", "__x005F_x0041_"),
            ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
            ("PMN_2, _x41_, _xZZZZ_, _X0041_, _x0041", "PMN_2, _x41_, _xZZZZ_, _X0041_, _x0041"),
            ("\u{259}_x", "\u{259}_x"),
        ] {
            let mut out = Vec::new();
            push_cell(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), written, "{text}");
        }
    }
}
