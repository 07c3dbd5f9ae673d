//! Shared by all targets: reads a file of any content in a format to its end, as records of every collection.

use std::ops::ControlFlow;

use demining::{Collection, Content, Judged, for_collection};
use exchange::{Format, ReadOptions};
use jiff::civil::{Date, date};
use uuid::Uuid;

const TODAY: Date = date(2026, 1, 1);

/// Reads `file` within small limits, and judges its rows. Any outcome is accepted, except a panic or an
/// endless loop.
pub fn read(format: Format, file: &[u8]) {
    for &collection in Collection::ALL {
        for_collection!(collection, T => read_as::<T>(format, file));
    }
}

fn read_as<T: Content>(format: Format, file: &[u8]) {
    let options = ReadOptions {
        collection: T::COLLECTION,
        max_row_bytes: 64 << 10,
        max_spooled_bytes: 16 << 20,
        max_unpacked_bytes: 16 << 20,
        ..ReadOptions::default()
    };
    let _ = exchange::read(format, file, &options, |row| {
        if let Ok(row) = row {
            drop(Judged::<T>::judge(row, TODAY, Uuid::nil));
        }
        ControlFlow::Continue(())
    });
}
