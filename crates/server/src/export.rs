//! All records that a filter leaves, as a file that is made while it is sent.

use std::io;

use atlas::{Filter, View};
use exchange::{Format, Writer};

use crate::wire::features;

/// Records made at once: what is in memory at a time, some megabytes.
const AT_ONCE: usize = 5_000;

/// The bytes of a file, in pieces. All of it is as of the view.
pub struct Export {
    view: View,
    filter: Filter,
    writer: Writer,
    next: Next,
    n_records: u64,
}

/// What comes next.
enum Next {
    Head,
    /// Records after this number.
    Records(Option<u32>),
    Tail,
    End,
}

impl Export {
    /// The records of the view that the filter leaves, in a format.
    ///
    /// # Errors
    /// When the format is not written, or a temporary file cannot be made.
    pub fn new(view: View, filter: Filter, format: Format) -> io::Result<Self> {
        let writer = Writer::of(format, features::fields(view.scope()))?;
        Ok(Self { view, filter, writer, next: Next::Head, n_records: 0 })
    }

    /// How many records there were so far.
    pub fn n_records(&self) -> u64 {
        self.n_records
    }

    fn piece(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let after = match self.next {
            Next::Records(after) => after,
            Next::Head => {
                self.writer.head_to(&mut bytes)?;
                None
            }
            Next::Tail | Next::End => {
                self.next = if self.writer.tail_to(&mut bytes)? { Next::Tail } else { Next::End };
                return Ok(bytes);
            }
        };
        let page = self.view.page(&self.filter, after, AT_ONCE);
        for found in &page.records {
            self.writer.record_to(&found.record, found.region.as_deref(), &mut bytes)?;
        }
        self.n_records += page.records.len() as u64;
        self.next = if page.next.is_some() { Next::Records(page.next) } else { Next::Tail };
        Ok(bytes)
    }
}

/// After an error there is nothing more.
impl Iterator for Export {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        if matches!(self.next, Next::End) {
            return None;
        }
        let piece = self.piece();
        if piece.is_err() {
            self.next = Next::End;
        }
        Some(piece)
    }
}
