//! Records in a format of `exchange`.

use std::io;

use atlas::{Filter, View};
use exchange::{Format, Writer};

use crate::wire::features;

/// The records generated at a time: some megabytes of memory.
const AT_ONCE: usize = 5_000;

/// An export of records.
pub struct Records {
    view: View,
    filter: Filter,
    writer: Writer,
    next: Next,
    n_written: u64,
}

/// The next part to generate.
enum Next {
    Head,
    /// Records after this number.
    After(Option<u32>),
    Tail,
    End,
}

impl Records {
    /// Creates an export of the filtered records of a view.
    ///
    /// # Errors
    /// When the format is not exported, or a temporary file cannot be created.
    pub fn new(view: View, filter: Filter, format: Format) -> io::Result<Self> {
        let writer = Writer::of(format, features::fields(view.scope()))?;
        Ok(Self { view, filter, writer, next: Next::Head, n_written: 0 })
    }

    /// Returns the number of records so far.
    pub fn n_records(&self) -> u64 {
        self.n_written
    }

    /// Returns the next piece; `None` after the last.
    ///
    /// # Errors
    /// When a temporary file cannot be written.
    pub fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        let after = match self.next {
            Next::After(after) => after,
            Next::Head => {
                self.writer.head_to(&mut bytes)?;
                None
            }
            Next::End => return Ok(None),
            Next::Tail => {
                self.next = if self.writer.tail_to(&mut bytes)? { Next::Tail } else { Next::End };
                return Ok(Some(bytes));
            }
        };
        let page = self.view.page(&self.filter, after, AT_ONCE);
        for found in &page.records {
            self.writer.record_to(&found.record, found.region.as_deref(), &mut bytes)?;
        }
        self.n_written += page.records.len() as u64;
        self.next = if page.next.is_some() { Next::After(page.next) } else { Next::Tail };
        Ok(Some(bytes))
    }
}
