//! How long the cells of a sheet are, before a reader takes one of them into memory.

use std::io::{self, Write};

/// Characters of a name that tell it from all others that matter here.
const NAME: usize = 12;

/// Passes over the XML of a sheet and fails where a cell is longer than allowed, or where there is a
/// comment, an instruction or a `<` inside a tag, which no program writes there and which could hide
/// one.
pub(super) struct Scan {
    limit: usize,
    /// Bytes since the last cell or line began.
    since: usize,
    name: Vec<u8>,
    is_in_name: bool,
    is_in_tag: bool,
    /// The quote that an attribute of the tag began with.
    quote: Option<u8>,
    /// Whether there was a tag yet: the declaration of XML comes before.
    has_begun: bool,
    /// Whether the cells are over; what follows is not read.
    ended: bool,
}

impl Scan {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            since: 0,
            name: Vec::with_capacity(NAME),
            is_in_name: false,
            is_in_tag: false,
            quote: None,
            has_begun: false,
            ended: false,
        }
    }

    fn byte(&mut self, byte: u8) -> Result<(), String> {
        self.since += 1;
        match byte {
            b'<' if self.is_in_tag => return Err("has a < inside a tag".to_owned()),
            b'<' => {
                self.name.clear();
                (self.is_in_tag, self.is_in_name) = (true, true);
            }
            b'!' | b'?' if self.is_in_name && self.name.is_empty() && self.has_begun => {
                return Err("has a comment or an instruction among its cells".to_owned());
            }
            b' ' | b'\t' | b'\r' | b'\n' | b'>' if self.is_in_name => {
                self.is_in_name = false;
                self.begin();
            }
            byte if self.is_in_name && self.name.len() < NAME => self.name.push(byte),
            _ => {}
        }
        match self.quote {
            Some(quote) if byte == quote => self.quote = None,
            None if self.is_in_tag && matches!(byte, b'"' | b'\'') => self.quote = Some(byte),
            None if byte == b'>' => self.is_in_tag = false,
            Some(_) | None => {}
        }
        if self.since > self.limit {
            return Err(format!("has a cell of more than {} bytes", self.limit));
        }
        Ok(())
    }

    /// A tag whose name is read.
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
        // In small pieces, so that every tag lies across the edge of one.
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
