//! The filtered records as a file that is generated while it is sent: records, or a map of them.

mod begun;
mod map;
mod records;
mod slots;

use std::io;

use atlas::View;
use axum::body::Bytes;
use demining::{Collection, for_collection};
use exchange::Format;

pub use begun::{begun, failed};
use map::Map;
use records::Records;

use crate::wire::records::Listed;

pub use slots::Exports;

/// The unsent rest of a file.
pub struct Unsent {
    /// Bytes already generated.
    pub bytes: Bytes,
    /// Generates the rest.
    pub export: Export,
}

/// A file as an iterator of pieces, some of which may be empty. The whole file shows one revision.
pub struct Export {
    making: Option<Box<dyn Making>>,
    n_records: u64,
}

/// The generator of a file.
trait Making: Send {
    /// Returns the next piece; `None` after the last.
    ///
    /// # Errors
    /// When a temporary file cannot be written or read.
    fn piece(&mut self) -> io::Result<Option<Vec<u8>>>;

    /// Returns the number of records so far.
    fn n_records(&self) -> u64;
}

impl Export {
    /// Creates an export of the filtered records of a view.
    ///
    /// # Errors
    /// When the format is not [exported](Format::is_exported), or a temporary file cannot be created.
    pub(crate) fn new<T: Listed>(view: View, filter: T::Filter, format: Format) -> io::Result<Self> {
        let making: Box<dyn Making> = match format {
            Format::PmTiles => Box::new(Map::<T>::new(view, filter)?),
            format => Box::new(Records::<T>::new(view, filter, format)?),
        };
        Ok(Self { making: Some(making), n_records: 0 })
    }

    /// Creates an export of all records of a collection in a view.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn of_all(view: View, collection: Collection, format: Format) -> io::Result<Self> {
        for_collection!(collection, T => Self::new::<T>(view, <T as Listed>::Filter::default(), format))
    }

    /// Returns the number of records so far.
    pub fn n_records(&self) -> u64 {
        self.n_records
    }
}

/// Ends after an error.
impl Iterator for Export {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        let making = self.making.as_mut()?;
        let piece = making.piece();
        self.n_records = making.n_records();
        let piece = piece.transpose();
        if !matches!(piece, Some(Ok(_))) {
            self.making = None;
        }
        piece
    }
}
