//! Determines the text encoding of a `.dbf`.

use std::borrow::Cow;

use encoding_rs::{
    UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1257,
};

/// An encoding of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Encoding {
    /// A known one.
    Known(&'static encoding_rs::Encoding),
    /// No stated encoding: UTF-8 if the text is valid UTF-8, else Windows-1252.
    Unsaid,
}

impl Encoding {
    /// Returns the encoding from the `.cpg`, else from the language driver in the header of the `.dbf`.
    ///
    /// # Errors
    /// Returns a sentence if the `.cpg` names an unknown encoding.
    pub(super) fn of(code_page: Option<&str>, language_driver: u8) -> Result<Self, String> {
        if let Some(name) = code_page.map(str::trim).filter(|name| !name.is_empty()) {
            return by_name(name).map(Self::Known).ok_or_else(|| {
                let name: String = name.chars().take(40).collect();
                format!("the .cpg names the encoding {name:?}, which is unknown")
            });
        }
        Ok(match language_driver {
            0x03 | 0x57..=0x59 => Self::Known(WINDOWS_1252),
            0x26 | 0x65 => Self::Known(encoding_rs::IBM866),
            0xc8 => Self::Known(WINDOWS_1250),
            0xc9 => Self::Known(WINDOWS_1251),
            0xca => Self::Known(WINDOWS_1254),
            0xcb => Self::Known(WINDOWS_1253),
            0xcc => Self::Known(WINDOWS_1257),
            _ => Self::Unsaid,
        })
    }

    /// Decodes bytes, or returns the end of a sentence if they are invalid.
    pub(super) fn text(self, bytes: &[u8]) -> Result<Cow<'_, str>, String> {
        let encoding = match self {
            Self::Known(encoding) => encoding,
            Self::Unsaid if std::str::from_utf8(bytes).is_ok() => UTF_8,
            Self::Unsaid => WINDOWS_1252,
        };
        match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => Ok(text),
            None => Err(format!("is not {}", encoding.name())),
        }
    }
}

/// Returns the encoding for a name such as `UTF-8`, `1251`, `ANSI 1251`, `ISO 88599` or `CP866`.
fn by_name(name: &str) -> Option<&'static encoding_rs::Encoding> {
    let lower = name.to_ascii_lowercase();
    let short = lower.trim_start_matches("ansi").trim_start_matches("oem").trim();
    let label = match short {
        "65001" | "utf8" => "utf-8".to_owned(),
        _ if short.starts_with("125") => format!("windows-{short}"),
        _ => {
            match short.replace(['-', '_', ' '], "").strip_prefix("iso8859").or(short.strip_prefix("8859")) {
                Some(part) => format!("iso-8859-{}", part.trim_start_matches(['-', '_', ' '])),
                None => short.to_owned(),
            }
        }
    };
    encoding_rs::Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_known_by_every_name_that_programs_write() {
        for (name, expected) in [
            ("UTF-8", "UTF-8"),
            ("65001", "UTF-8"),
            ("ISO-8859-1", "windows-1252"),
            ("ISO 88599", "windows-1254"),
            ("88591", "windows-1252"),
            ("ANSI 1251", "windows-1251"),
            ("CP1254", "windows-1254"),
            ("CP866", "IBM866"),
        ] {
            assert_eq!(by_name(name).map(encoding_rs::Encoding::name), Some(expected), "{name}");
        }
        assert!(Encoding::of(Some("EBCDIC"), 0).is_err());
        assert_eq!(Encoding::of(Some(" \n"), 0xc9), Ok(Encoding::Known(WINDOWS_1251)));
    }

    #[test]
    fn text_of_an_unsaid_encoding_is_utf_8_where_it_can_be() {
        let unsaid = Encoding::of(None, 0).unwrap();
        assert_eq!(unsaid.text("Şuşa".as_bytes()).unwrap(), "Şuşa");
        assert_eq!(unsaid.text(b"caf\xe9").unwrap(), "café");
        let utf8 = Encoding::of(Some("UTF-8"), 0).unwrap();
        assert_eq!(utf8.text(b"caf\xe9"), Err("is not UTF-8".to_owned()));
    }
}
