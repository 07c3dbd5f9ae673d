//! What a filter leaves, as a file that is made while it is sent: records, or the map of them.

mod begun;
mod map;
mod places;
mod records;

use std::io;

use atlas::{Filter, View};
use axum::body::Bytes;
use exchange::Format;

pub use begun::{begun, failed};
use map::Map;
use records::Records;

pub use places::Exports;

/// What is still to be sent of a file: bytes that were made, and what is to be made.
pub struct Unsent {
    /// Bytes that were made.
    pub bytes: Bytes,
    /// What makes the others.
    pub export: Export,
}

/// The bytes of a file, in pieces, some of which may be empty. All of it is as of the view.
pub struct Export {
    making: Option<Making>,
    n_records: u64,
}

/// How it is made.
enum Making {
    Records(Box<Records>),
    Map(Box<Map>),
}

impl Export {
    /// What the filter leaves of the view, in a format.
    ///
    /// # Errors
    /// When the format is not [exported](Format::is_exported), or a temporary file cannot be made.
    pub fn new(view: View, filter: Filter, format: Format) -> io::Result<Self> {
        let making = match format {
            Format::PmTiles => Making::Map(Box::new(Map::new(view, filter)?)),
            format => Making::Records(Box::new(Records::new(view, filter, format)?)),
        };
        Ok(Self { making: Some(making), n_records: 0 })
    }

    /// How many records there were so far.
    pub fn n_records(&self) -> u64 {
        self.n_records
    }
}

/// After an error there is nothing more.
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
