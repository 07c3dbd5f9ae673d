//! All limits on input, in one place.

use crate::json::{MAX_DEPTH, MAX_MEMBERS};

/// The limits on one upload or file. Exceeding a limit on the whole file is a
/// [`ReadError`](crate::ReadError); exceeding one inside a row is a problem of that row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// Rows of a file.
    pub rows: u64,
    /// Bytes of one Feature, or of one table line with its quoted line breaks; also of everything in a
    /// `FeatureCollection` besides its features. It bounds the memory for reading to about twice this plus
    /// 512 KiB.
    pub row_bytes: usize,
    /// Columns of a table.
    pub columns: usize,
    /// Records of a table with a line for each row of a repeated group: their ids are held in memory.
    pub grouped_records: usize,
    /// Members of one JSON object.
    pub members: usize,
    /// Nesting of objects and arrays, counted from the Feature.
    pub depth: usize,
    /// Different reference systems that the rows of one file may name.
    pub systems: usize,
    /// Characters of `location_as_given` and of the name of its reference system.
    pub as_given_chars: usize,
    /// Bytes of a file in a format that cannot be read from front to back, and is copied to a temporary file
    /// first.
    pub spooled_bytes: u64,
    /// Total unpacked bytes of one archive (XLSX, KMZ, zipped Shapefile).
    pub unpacked_bytes: u64,
    /// The part of those bytes that is held in memory: the texts and styles of a workbook.
    pub held_bytes: u64,
    /// Steps of the SQLite virtual machine for opening a `GeoPackage`, and again for each of its rows; each
    /// table, index, trigger or column takes about 10.
    pub sqlite_steps: u32,
    /// Bytes of the definition of a table, index or trigger in a `GeoPackage`.
    pub sqlite_definition_bytes: usize,
    /// Files in an archive.
    pub archive_entries: usize,
}

impl ReadLimits {
    /// The limits in force. Some can be changed with [`ReadOptions`]; the others are fixed.
    pub const DEFAULT: Self = Self {
        rows: 50_000_000,
        row_bytes: 1024 * 1024,
        columns: 256,
        grouped_records: 1_000_000,
        members: MAX_MEMBERS,
        depth: MAX_DEPTH,
        systems: 16,
        as_given_chars: 200,
        spooled_bytes: 16 << 30,
        unpacked_bytes: 16 << 30,
        held_bytes: 256 << 20,
        sqlite_steps: 100_000,
        sqlite_definition_bytes: 32 << 10,
        archive_entries: 10_000,
    };
}
