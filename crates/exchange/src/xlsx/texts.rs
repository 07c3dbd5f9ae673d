//! Estimates the memory for the shared texts of a workbook before a reader loads them all.

use std::io::{self, Write};

/// The attribute with the number of texts, which a reader trusts.
const COUNT: &[u8] = b"uniqueCount";

/// How much of [`COUNT`] still matches when the byte after this many matches does not.
const BACK: [usize; COUNT.len()] = [0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0];

/// The additional memory of a text for each of its tags, bytes.
const TAG: u64 = 32;

/// The memory that a reader reserves for a declared text, bytes.
const ANNOUNCED: u64 = 24;

/// Scans the XML of the texts and fails if they would take more memory than allowed, whether present or only
/// declared.
pub(super) struct Texts {
    limit: u64,
    left: u64,
    at: At,
}

/// The position of the scan in the declaration.
#[derive(Clone, Copy)]
enum At {
    /// This many bytes of its name have matched.
    Name(usize),
    /// Between the name and the number.
    Before,
    /// In the number, with its value so far.
    Number(u64),
}

impl Texts {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, left: limit, at: At::Name(0) }
    }

    fn byte(&mut self, byte: u8) -> Result<(), String> {
        let takes = if byte == b'<' { 1 + TAG } else { 1 };
        let too_large = || format!("has texts that take more than {} bytes", self.limit);
        self.left = self.left.checked_sub(takes).ok_or_else(too_large)?;
        self.at = match self.at {
            At::Name(mut known) => {
                while known > 0 && COUNT[known] != byte {
                    known = BACK[known - 1];
                }
                known += usize::from(COUNT[known] == byte);
                if known == COUNT.len() { At::Before } else { At::Name(known) }
            }
            At::Before if byte.is_ascii_digit() => At::Number(u64::from(byte - b'0')),
            At::Before if matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\'' | b'+') => {
                At::Before
            }
            At::Number(number) if byte.is_ascii_digit() => {
                At::Number(number.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
            }
            At::Before | At::Number(_) => At::Name(usize::from(byte == COUNT[0])),
        };
        match self.at {
            At::Number(number) if number.saturating_mul(ANNOUNCED) > self.limit => {
                Err(format!("declares more texts than fit into {} bytes", self.limit))
            }
            _ => Ok(()),
        }
    }
}

impl Write for Texts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.byte(*byte).map_err(|reason| io::Error::new(io::ErrorKind::InvalidData, reason))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(xml: &str) -> Result<(), String> {
        let mut texts = Texts::new(2_400);
        // In small pieces, so that everything crosses the edge of one.
        let mut pieces = xml.as_bytes().chunks(3);
        pieces.try_for_each(|piece| texts.write_all(piece)).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_announced_is_held_to_what_may_be_held() {
        for good in [
            "<sst uniqueCount=\"100\">",
            "<sst count='9'>",
            "<si><t>uniqueCount</t></si>",
            "<sst uniqueCount=\"\">",
        ] {
            assert_eq!(scan(good), Ok(()), "{good}");
        }
        for bad in [
            "<sst uniqueCount=\"101\">",
            "<sst uniqueCount = '1000000000000000000'>",
            "<sst x=\">\" uniqueCount=\"99999999999999999999999\">",
            "<sst uniqueCouniqueCount=\"101\">",
            "<sst uniqueuniqueCount=\"101\">",
        ] {
            assert!(scan(bad).is_err_and(|why| why.starts_with("declares")), "{bad}");
        }
    }

    #[test]
    fn texts_of_nothing_take_room_too() {
        assert_eq!(scan(&"<si/>".repeat(64)), Ok(()));
        assert!(scan(&"<si/>".repeat(66)).is_err());
        assert!(scan(&"a".repeat(2_401)).is_err());
    }
}
