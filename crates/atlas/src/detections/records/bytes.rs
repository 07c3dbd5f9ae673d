//! Compact encoding of integers, texts and measures.

/// Appends encoded values to a byte vector.
pub struct Out<'a>(pub &'a mut Vec<u8>);

impl Out<'_> {
    /// Writes a number in 7 bits per byte: a number below 128 takes one byte.
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Writes a signed number; small absolute values take few bytes.
    pub fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63).cast_unsigned());
    }

    /// Writes a text with its length.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Writes a measure: as an integer of hundredths if it is one, otherwise all 8 bytes after a zero.
    pub fn measure(&mut self, measure: f64) {
        // The cast saturates; a value that does not convert back exactly takes the other form.
        let hundredths = (measure * 100.0).round() as u64;
        if hundredths < 1 << 40 && (hundredths as f64 / 100.0).to_bits() == measure.to_bits() {
            self.number(hundredths + 1);
        } else {
            self.number(0);
            self.0.extend_from_slice(&measure.to_le_bytes());
        }
    }
}

/// Reads bytes that [`Out`] wrote, from the front. Past their end it reads zeros.
pub struct In<'a>(pub &'a [u8]);

impl<'a> In<'a> {
    /// Reads the next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let Some((array, rest)) = self.0.split_first_chunk() else { return [0; N] };
        self.0 = rest;
        *array
    }

    /// See [`Out::number`].
    pub fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let [byte] = self.array();
            number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return number;
            }
            shift += 7;
        }
    }

    /// Reads a number; `None` if it exceeds `most`.
    pub fn number_within(&mut self, most: usize) -> Option<usize> {
        usize::try_from(self.number()).ok().filter(|number| *number <= most)
    }

    /// See [`Out::signed`].
    pub fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    /// See [`Out::text`].
    pub fn text(&mut self) -> &'a str {
        let length = self.number() as usize;
        let (text, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        // It was valid UTF-8 when it was written.
        std::str::from_utf8(text).unwrap_or_default()
    }

    /// Reads a text; `None` if the bytes end within it or are not UTF-8.
    pub fn whole_text(&mut self) -> Option<&'a str> {
        let length = self.number_within(self.0.len())?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    /// See [`Out::measure`].
    pub fn measure(&mut self) -> f64 {
        match self.number() {
            0 => f64::from_le_bytes(self.array()),
            more => (more - 1) as f64 / 100.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_written_is_read_again(
            number in any::<u64>(), signed in any::<i64>(), text in ".*", measure in any::<f64>(), cm in 0_u32..1_000_000,
        ) {
            let mut bytes = Vec::new();
            let mut out = Out(&mut bytes);
            out.number(number);
            out.signed(signed);
            out.text(&text);
            out.measure(measure);
            out.measure(f64::from(cm) / 100.0);
            let mut read = In(&bytes);
            prop_assert_eq!(read.number(), number);
            prop_assert_eq!(read.signed(), signed);
            prop_assert_eq!(read.text(), text);
            prop_assert_eq!(read.measure().to_bits(), measure.to_bits());
            prop_assert_eq!(read.measure().to_bits(), (f64::from(cm) / 100.0).to_bits());
            prop_assert!(read.0.is_empty());
        }
    }
}
