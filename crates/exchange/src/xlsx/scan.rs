//! Checks the length of a sheet's cells before a reader loads one into memory.

use std::io::{self, Write};

/// Enough characters of a name to tell it from all other relevant names.
const NAME: usize = 12;

/// Scans the XML of a sheet and fails if a cell is longer than allowed, or if there is a comment, an
/// instruction or a `<` inside a tag: no program writes these there, and they could hide a long cell.
pub(super) struct Scan {
    limit: usize,
    /// The number of bytes since the last cell or line began.
    since: usize,
    name: Vec<u8>,
    at: At,
    /// Whether a tag has occurred; the XML declaration precedes all tags.
    has_begun: bool,
    /// Whether the cells have ended; the rest is not read.
    ended: bool,
}

/// The position of the scan in the XML.
#[derive(Clone, Copy)]
enum At {
    /// Between tags.
    Text,
    /// In the name of a tag.
    Name,
    /// In a tag, after its name.
    Tag,
    /// In an attribute value with this quote.
    Quoted(u8),
}

impl Scan {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, since: 0, name: Vec::with_capacity(NAME), at: At::Text, has_begun: false, ended: false }
    }

    fn byte(&mut self, byte: u8) -> Result<(), String> {
        self.since += 1;
        match (self.at, byte) {
            (At::Text, b'<') => {
                self.name.clear();
                self.at = At::Name;
            }
            (At::Text, _) => {}
            (_, b'<') => return Err("has a < inside a tag".to_owned()),
            (At::Name, b'!' | b'?') if self.name.is_empty() && self.has_begun => {
                return Err("has a comment or an instruction among its cells".to_owned());
            }
            (At::Name, b' ' | b'\t' | b'\r' | b'\n' | b'>') => {
                self.at = if byte == b'>' { At::Text } else { At::Tag };
                self.begin();
            }
            (At::Name, _) if self.name.len() < NAME => self.name.push(byte),
            (At::Tag, b'>') => self.at = At::Text,
            (At::Tag, b'"' | b'\'') => self.at = At::Quoted(byte),
            (At::Quoted(quote), _) if quote == byte => self.at = At::Tag,
            (At::Name | At::Tag | At::Quoted(_), _) => {}
        }
        if self.since > self.limit {
            return Err(format!("has a cell of more than {} bytes", self.limit));
        }
        Ok(())
    }

    /// Handles a tag whose name is complete.
    fn begin(&mut self) {
        let is_end = self.name.first() == Some(&b'/');
        let plain = if is_end { &self.name[1..] } else { &self.name[..] };
        self.has_begun |= !matches!(plain.first(), Some(b'!' | b'?'));
        let local = plain.rsplit(|byte| *byte == b':').next().unwrap_or(plain);
        match local {
            b"c" | b"c/" | b"row" | b"row/" => self.since = 0,
            b"sheetData" | b"sheetData/" => {
                self.since = 0;
                self.ended |= is_end || local.ends_with(b"/");
            }
            _ => {}
        }
    }
}

impl Write for Scan {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.ended {
            for byte in bytes {
                self.byte(*byte).map_err(|reason| io::Error::new(io::ErrorKind::InvalidData, reason))?;
                if self.ended {
                    break;
                }
            }
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
        let mut scan = Scan::new(40);
        // In small pieces, so that every tag crosses the edge of one.
        xml.as_bytes()
            .chunks(3)
            .try_for_each(|piece| scan.write_all(piece))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn cells_may_be_many_and_not_long() {
        let cell = "<x:c r=\"A1\"><x:v>1</x:v></x:c>";
        assert_eq!(scan(&format!("<sheetData><row>{}</row></sheetData>", cell.repeat(50))), Ok(()));
        let long = format!("<sheetData><row><c><is>{}</is></c>", "<t>a</t>".repeat(50));
        assert_eq!(scan(&long).unwrap_err(), "has a cell of more than 40 bytes");
        for hidden in ["<![CDATA[ <c > <c > ]]>", "<c x=\"<c <c <c ", "<c x=\"> <c <c <c ", "<?x <c <c <c ?>"]
        {
            assert!(scan(&format!("<?xml?><sheetData><row><c>{hidden}")).is_err(), "{hidden}");
        }
        let after = format!("<sheetData></sheetData>{}<!-- x -->", "<mergeCell/>".repeat(50));
        assert_eq!(scan(&after), Ok(()));
    }
}
