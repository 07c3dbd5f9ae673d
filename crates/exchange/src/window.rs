//! A window on a stream of bytes that grows only as much as one row needs.

use std::io::{self, Read};

/// The number of bytes requested at once.
const STEP: usize = 256 * 1024;

/// The part of a stream in memory.
pub(crate) struct Window<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The number of bytes before the window.
    consumed: u64,
}

impl<R: Read> Window<R> {
    /// Creates a window at the beginning of the stream, after its byte order mark if any.
    pub(crate) fn new(input: R) -> io::Result<Self> {
        let mut window = Self { input, buffer: Vec::new(), start: 0, end: 0, consumed: 0 };
        while window.bytes().len() < 3 && window.fill()? {}
        if window.bytes().starts_with(b"\xef\xbb\xbf") {
            window.consume(3);
        }
        Ok(window)
    }

    /// Returns the bytes in the window.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Returns the position of the window in the stream.
    pub(crate) fn offset(&self) -> u64 {
        self.consumed
    }

    /// Advances by `length` bytes, which must be in the window.
    pub(crate) fn consume(&mut self, length: usize) {
        self.start += length;
        self.consumed += length as u64;
    }

    /// Reads more of the stream into the window; false at its end.
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.end + STEP {
            self.buffer.resize(self.end + STEP, 0);
        }
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(length) => {
                    self.end += length;
                    return Ok(length > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Returns the next byte that is not JSON white space, without consuming it; `None` at the end.
    pub(crate) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let bytes = self.bytes();
            let seen = bytes.len();
            if let Some(at) = bytes.iter().position(|b| !matches!(b, b' ' | b'\n' | b'\r' | b'\t')) {
                let next = bytes[at];
                self.consume(at);
                return Ok(Some(next));
            }
            self.consume(seen);
            if !self.fill()? {
                return Ok(None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_does_not_grow_with_the_stream() {
        let mut window = Window::new(io::repeat(b'x').take(64 * 1024 * 1024)).unwrap();
        while window.bytes().len() >= 1000 || window.fill().unwrap() {
            window.consume(window.bytes().len().min(1000));
        }
        assert_eq!(window.offset() + window.bytes().len() as u64, 64 * 1024 * 1024);
        assert!(window.buffer.len() <= 2 * STEP, "{}", window.buffer.len());
    }
}
