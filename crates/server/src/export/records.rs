//! Records in a format of `exchange`.

use std::io;

use atlas::View;
use exchange::{Format, Writer};

use crate::wire::{features, records::Listed};

use super::Making;

/// The records generated at a time: some megabytes of memory.
const AT_ONCE: usize = 5_000;

/// An export of records.
pub struct Records<T: Listed> {
    view: View,
    filter: T::Filter,
    writer: Writer<T>,
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

impl<T: Listed> Records<T> {
    /// Creates an export of the filtered records of a view.
    ///
    /// # Errors
    /// When the format is not exported, or a temporary file cannot be created.
    pub fn new(view: View, filter: T::Filter, format: Format) -> io::Result<Self> {
        let writer = Writer::of(format, features::fields(view.scope()))?;
        Ok(Self { view, filter, writer, next: Next::Head, n_written: 0 })
    }
}

impl<T: Listed> Making for Records<T> {
    fn n_records(&self) -> u64 {
        self.n_written
    }

    fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
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
        let (records, next) = T::page(&self.view, &self.filter, after, AT_ONCE);
        for found in &records {
            self.writer.record_to(&found.record, found.region.as_deref(), &mut bytes)?;
        }
        self.n_written += records.len() as u64;
        self.next = if next.is_some() { Next::After(next) } else { Next::Tail };
        Ok(Some(bytes))
    }
}
