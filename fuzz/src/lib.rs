//! What every target does: read a file in a format to its end, whatever is in it.

use std::ops::ControlFlow;

use exchange::{Format, ReadOptions};

/// Reads `file` within small limits. Any outcome is fine that is neither a panic nor without end.
pub fn read(format: Format, file: &[u8]) {
    let options = ReadOptions {
        max_row_bytes: 64 << 10,
        max_spooled_bytes: 16 << 20,
        max_unpacked_bytes: 16 << 20,
        ..ReadOptions::default()
    };
    let _ = exchange::read(format, file, &options, |row| {
        drop(row);
        ControlFlow::Continue(())
    });
}
