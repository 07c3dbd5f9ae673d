//! Removes white space from JSON.

use super::string::plain_length;

/// Returns the same JSON without white space between its parts: one line, and the same text for the same
/// content.
pub(crate) fn compact(json: &str) -> String {
    let mut compact = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(quote) = rest.find('"') {
        compact.extend(rest[..quote].split_ascii_whitespace());
        let mut end = quote + 1;
        loop {
            end += plain_length(&rest.as_bytes()[end..]);
            match rest.as_bytes().get(end) {
                Some(b'\\') => end += 2,
                _ => break,
            }
        }
        let end = (end + 1).min(rest.len());
        compact.push_str(&rest[quote..end]);
        rest = &rest[end..];
    }
    compact.extend(rest.split_ascii_whitespace());
    compact
}
