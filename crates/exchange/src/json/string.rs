//! Reads and unescapes strings.

use std::borrow::Cow;

use super::{cursor::Cursor, value::Fault};

impl<'a> Cursor<'a> {
    /// Reads the string that begins here and unescapes it.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let end = start + plain_length(&bytes[start..]);
        self.at = end;
        match bytes.get(end) {
            Some(b'"') => {
                self.at = end + 1;
                Ok(Cow::Borrowed(&self.text[start..end]))
            }
            Some(b'\\') => self.escaped_string(start),
            Some(_) => Err(self.fault("", "", "contains an unescaped control character")),
            None => Err(self.unexpected("a closing quote")),
        }
    }

    fn escaped_string(&mut self, start: usize) -> Result<Cow<'a, str>, Fault> {
        let bytes = self.text.as_bytes();
        let mut whole = String::from(&self.text[start..self.at]);
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(whole));
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    whole.push(c);
                }
                Some(0..0x20) => {
                    return Err(self.fault("", "", "contains an unescaped control character"));
                }
                Some(_) => {
                    let plain = self.at + plain_length(&bytes[self.at..]);
                    whole.push_str(&self.text[self.at..plain]);
                    self.at = plain;
                }
                None => return Err(self.unexpected("a closing quote")),
            }
        }
    }

    /// Reads the character of the escape sequence that begins here.
    fn escape(&mut self) -> Result<char, Fault> {
        let plain = match self.text.as_bytes().get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.unexpected("an escape sequence")),
        };
        self.at += 2;
        Ok(plain)
    }

    /// Reads `\uXXXX`, or two of them that form a surrogate pair.
    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let unit = |at: usize| {
            let hex = self.text.as_bytes().get(at..at + 6)?.strip_prefix(b"\\u")?;
            hex.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
        };
        let (code, length) = match (unit(self.at), unit(self.at + 6)) {
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                (0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12)
            }
            (Some(code), _) => (code, 6),
            (None, _) => return Err(self.unexpected("four hexadecimal digits")),
        };
        let Some(c) = char::from_u32(code) else {
            return Err(self.fault("", &format!("\\u{code:04x}"), "is half of a surrogate pair"));
        };
        self.at += length;
        Ok(c)
    }
}

/// Returns how many bytes from the beginning are unescaped characters of a string.
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(bytes.len())
}
