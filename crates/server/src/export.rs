//! All records that a filter leaves, as a file that is made while it is sent.

use atlas::{Filter, View};
use exchange::{Format, Writer};

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
    End,
}

impl Export {
    /// The records of the view that the filter leaves, in a format.
    pub fn new(view: View, filter: Filter, format: Format) -> Self {
        Self { view, filter, writer: Writer::new(format), next: Next::Head, n_records: 0 }
    }

    /// How many records there were so far.
    pub fn n_records(&self) -> u64 {
        self.n_records
    }
}

impl Iterator for Export {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let after = match self.next {
            Next::End => return None,
            Next::Head => {
                self.writer.head_to(&mut bytes);
                None
            }
            Next::Records(after) => after,
        };
        let page = self.view.page(&self.filter, after, AT_ONCE);
        for found in &page.records {
            self.writer.record_to(&found.record, found.region.as_deref(), &mut bytes);
        }
        self.n_records += page.records.len() as u64;
        self.next = if page.next.is_some() {
            Next::Records(page.next)
        } else {
            self.writer.tail_to(&mut bytes);
            Next::End
        };
        Some(bytes)
    }
}
