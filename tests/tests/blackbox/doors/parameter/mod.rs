//! Parameters beside the rows, and their expected effect at each entry point: a parameter is honoured, or the
//! request is refused with a message that names it. Nothing is ignored silently.
//!
//! The modules, lowest first:
//! - `wanted` defines what an entry point must do with a parameter.
//! - `parcels` builds requests that state a parameter.
//! - `cell` returns the requests of a cell of the table.

mod cell;
mod parcels;
mod wanted;

use crate::doors::every;

every! {
    /// A parameter of the address, a header, or an encoding of the body.
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
        /// A parameter that does not exist.
        Unknown,
    }
}

impl Parameter {
    /// Returns the name in addresses, flags and messages; synonyms follow after bars.
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
            Self::Gzip | Self::Zstd | Self::Brotli => "encoding|compress|extension",
            Self::ByteOrderMark => "mark",
            Self::Unknown => "colour",
        }
    }
}
