//! Lists of texts as JSON.

use super::digits::push_json_text;

/// Appends texts as a JSON array.
pub(super) fn list_to(texts: &[String], out: &mut Vec<u8>) {
    out.push(b'[');
    for (nth, text) in texts.iter().enumerate() {
        if nth > 0 {
            out.push(b',');
        }
        push_json_text(out, text);
    }
    out.push(b']');
}
