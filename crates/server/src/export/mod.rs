//! The filtered records as a file that is generated while it is sent: records, or a map of them.

mod begun;
mod map;
mod records;
mod slots;

use std::io;

use atlas::{Filter, View};
use axum::body::Bytes;
use exchange::Format;

pub use begun::{begun, failed};
use map::Map;
use records::Records;

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
    making: Option<Making>,
    n_records: u64,
}

/// The generator of a file.
enum Making {
    Records(Box<Records>),
    Map(Box<Map>),
}

impl Export {
    /// Creates an export of the filtered records of a view.
    ///
    /// # Errors
    /// When the format is not [exported](Format::is_exported), or a temporary file cannot be created.
    pub fn new(view: View, filter: Filter, format: Format) -> io::Result<Self> {
        let making = match format {
            Format::PmTiles => Making::Map(Box::new(Map::new(view, filter)?)),
            format => Making::Records(Box::new(Records::new(view, filter, format)?)),
        };
        Ok(Self { making: Some(making), n_records: 0 })
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
        let piece = match self.making.as_mut()? {
            Making::Records(records) => {
                let piece = records.piece();
                self.n_records = records.n_records();
                piece
            }
            Making::Map(map) => {
                let piece = map.piece();
                self.n_records = map.n_records();
                piece
            }
        };
        let piece = piece.transpose();
        if !matches!(piece, Some(Ok(_))) {
            self.making = None;
        }
        piece
    }
}
