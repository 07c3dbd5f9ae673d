//! The small part of JSON that a row carries as text: strings, and lists of them.

use std::fmt::Write;

/// Appends a text as a JSON string.
pub(crate) fn push_json_text(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            c if c < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(json, "\\u{:04x}", c as u32);
            }
            c => json.push(c),
        }
    }
    json.push('"');
}

/// Returns the texts of a JSON array of strings; `None` for anything else.
pub(crate) fn read_texts(json: &str) -> Option<Vec<String>> {
    let mut rest = json.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut texts = Vec::new();
    while !rest.is_empty() {
        let (text, after) = read_text(rest.strip_prefix('"')?)?;
        texts.push(text);
        rest = after.trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix(',')?.trim_start();
            if rest.is_empty() {
                return None;
            }
        }
    }
    Some(texts)
}

/// Reads a string from after its opening quote; returns it with the text after its closing quote.
fn read_text(inside: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((text, &inside[at + 1..])),
            '\\' => text.push(match chars.next()?.1 {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => read_unicode(&mut chars)?,
                c @ ('"' | '\\' | '/') => c,
                _ => return None,
            }),
            c => text.push(c),
        }
    }
    None
}

/// Reads a character from four hexadecimal digits, or from two groups of them that form a surrogate pair.
fn read_unicode(chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    let first = read_unit(chars)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    if (chars.next()?.1, chars.next()?.1) != ('\\', 'u') {
        return None;
    }
    let low = read_unit(chars)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    char::from_u32(0x10000 + ((first - 0xd800) << 10) + low)
}

fn read_unit(chars: &mut std::str::CharIndices<'_>) -> Option<u32> {
    (0..4).try_fold(0, |sum, _| Some(sum * 16 + chars.next()?.1.to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_list_of_texts_is_none() {
        for json in ["", "[", "{}", "[1]", "[\"a\",]", "[\"a\" \"b\"]", "[\"a]", "[\"\\ud800\"]", "[\"\\x\"]"]
        {
            assert_eq!(read_texts(json), None, "{json}");
        }
        assert_eq!(read_texts(" [ ] "), Some(Vec::new()));
        assert_eq!(read_texts(r#"["\u0259\ud83d\ude00\/"]"#), Some(vec!["ə😀/".to_owned()]));
    }

    proptest! {
        #[test]
        fn texts_read_back_as_they_were_written(texts in proptest::collection::vec(any::<String>(), 0..4)) {
            let mut json = String::from("[");
            for (nth, text) in texts.iter().enumerate() {
                if nth > 0 {
                    json.push(',');
                }
                push_json_text(&mut json, text);
            }
            json.push(']');
            prop_assert_eq!(read_texts(&json), Some(texts));
        }
    }
}
