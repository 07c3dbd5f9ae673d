//! Shared by all targets: reads a file of any content in a format to its end.

use std::ops::ControlFlow;

use exchange::{Format, ReadOptions};

/// Reads `file` within small limits. Any outcome is accepted, except a panic or an endless loop.
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
