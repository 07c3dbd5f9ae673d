//! What is stated beside the rows, and what must become of it at each entry point: it is honoured, or the request is
//! refused with a message that names it. Nothing is ignored silently.
//!
//! The files, lowest first:
//! - `wanted` says what an entry point must do with a parameter.
//! - `parcels` makes requests that state a parameter.
//! - `cell` gives what is sent for a cell of the table.

mod cell;
mod parcels;
mod wanted;

use crate::doors::every;

every! {
    /// A parameter of the address, a header, or what is done to the body.
    Parameter {
        Crs,
        ContentCrs,
        Columns,
        Dates,
        Update,
        Atomic,
        DryRun,
        Reason,
        /// `format`.
        FormatName,
        IdempotencyKey,
        IfMatch,
        Gzip,
        Zstd,
        Brotli,
        ByteOrderMark,
        /// A parameter that there is not.
        Unknown,
    }
}

impl Parameter {
    /// Its name in addresses, flags and messages; further words for the same after bars.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crs => "crs",
            Self::ContentCrs => "content-crs",
            Self::Columns => "columns|--column",
            Self::Dates => "dates",
            Self::Update => "update",
            Self::Atomic => "atomic",
            Self::DryRun => "dry_run",
            Self::Reason => "reason",
            Self::FormatName => "format",
            Self::IdempotencyKey => "idempotency-key",
            Self::IfMatch => "if-match",
            Self::Gzip | Self::Zstd | Self::Brotli => "encoding|compress|the ending",
            Self::ByteOrderMark => "mark",
            Self::Unknown => "colour",
        }
    }
}
