//! Writes records as GeoJSON: a collection, a sequence, or lines.

use std::io;

use demining::Content;

use super::{
    Form,
    feature::{content_to, feature_to},
    fields::Cells,
};

/// A form of GeoJSON, defined by the text around the features.
pub(super) struct Features {
    head: &'static [u8],
    before: &'static [u8],
    between: &'static [u8],
    after: &'static [u8],
    tail: &'static [u8],
    is_first: bool,
}

impl Features {
    /// Creates a `FeatureCollection` with one feature per line.
    pub(super) fn collection() -> Self {
        Self {
            head: b"{\"type\":\"FeatureCollection\",\"features\":[\n",
            between: b",\n",
            after: b"",
            tail: b"\n]}\n",
            ..Self::lines()
        }
    }

    /// Creates a text sequence (RFC 8142).
    pub(super) fn sequence() -> Self {
        Self { before: b"\x1e", after: b"\n", ..Self::lines() }
    }

    /// Creates the form with one feature per line.
    pub(super) fn lines() -> Self {
        Self { head: b"", before: b"", between: b"", after: b"\n", tail: b"", is_first: true }
    }
}

impl<T: Content> Form<T> for Features {
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(self.head);
        Ok(())
    }

    fn record_to(&mut self, cells: Cells<'_, T>, out: &mut Vec<u8>) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            out.extend_from_slice(self.between);
        }
        out.extend_from_slice(self.before);
        match cells.record {
            Some((record, region)) => feature_to(record, region, cells.fields, out),
            None => content_to(cells.content, out),
        }
        out.extend_from_slice(self.after);
        Ok(())
    }

    fn tail_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        out.extend_from_slice(self.tail);
        Ok(false)
    }
}
