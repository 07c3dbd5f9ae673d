//! The small part of JSON that a row carries as text: strings, lists of them, and the members of an object.

use std::{fmt, io};

use serde::{
    Serialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::{
    Serializer, Value as Json,
    ser::{CharEscape, Formatter},
};

/// Writes control characters in one form only, `\u0009` for a tab: the log covers the bytes of a text.
struct OneForm;

impl Formatter for OneForm {
    fn write_char_escape<W: io::Write + ?Sized>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let byte = match escape {
            CharEscape::Quote => return out.write_all(br#"\""#),
            CharEscape::ReverseSolidus => return out.write_all(br"\\"),
            CharEscape::LineFeed => return out.write_all(br"\n"),
            CharEscape::Solidus => return out.write_all(b"/"),
            CharEscape::Backspace => 0x08,
            CharEscape::FormFeed => 0x0c,
            CharEscape::CarriageReturn => 0x0d,
            CharEscape::Tab => 0x09,
            CharEscape::AsciiControl(byte) => byte,
        };
        write!(out, "\\u{byte:04x}")
    }
}

/// Appends a text as a JSON string.
pub(crate) fn push_json_text(json: &mut Vec<u8>, text: &str) {
    // Writing to a Vec cannot fail.
    let _ = text.serialize(&mut Serializer::with_formatter(json, OneForm));
}

/// Returns JSON that was put together from texts.
pub(crate) fn into_text(json: Vec<u8>) -> String {
    String::from_utf8(json).expect("pieces of JSON text are UTF-8")
}

/// Returns the texts of a JSON array of strings; `None` for anything else.
pub(crate) fn read_texts(json: &str) -> Option<Vec<String>> {
    serde_json::from_str(json).ok()
}

/// Returns the members of a JSON object in their order, with repeated names; `None` for anything else.
pub(crate) fn members(json: &str) -> Option<Vec<(String, Json)>> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, Json)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            std::iter::from_fn(|| map.next_entry().transpose()).collect()
        }
    }
    serde_json::Deserializer::from_str(json).deserialize_map(Members).ok()
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

    #[test]
    fn a_text_has_one_form() {
        let mut json = Vec::new();
        push_json_text(&mut json, "\"\\/\n\t\r\u{8}\u{c}\u{1f}\u{7f}ə😀");
        assert_eq!(into_text(json), "\"\\\"\\\\/\\n\\u0009\\u000d\\u0008\\u000c\\u001f\u{7f}ə😀\"");
    }

    proptest! {
        #[test]
        fn texts_read_back_as_they_were_written(texts in proptest::collection::vec(any::<String>(), 0..4)) {
            let mut json = b"[".to_vec();
            for (nth, text) in texts.iter().enumerate() {
                if nth > 0 {
                    json.push(b',');
                }
                push_json_text(&mut json, text);
            }
            json.push(b']');
            prop_assert_eq!(read_texts(&into_text(json)), Some(texts));
        }
    }
}
