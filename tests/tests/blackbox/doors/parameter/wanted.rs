//! What an entry point must do with a parameter.

use self::Wanted::{Honoured, Refused};
use super::Parameter;
use crate::doors::entry::Entry;

/// Why a key is useless where one record is written.
const IDEMPOTENT: &str = "the same again changes nothing, with a key or without";

/// What an entry point must do with a parameter.
#[derive(Clone, Copy, PartialEq)]
pub enum Wanted {
    /// Honour it.
    Honoured,
    /// Refuse the request, with a message that names it.
    Refused,
}

impl Parameter {
    /// Returns what the entry point must do with it, or why it cannot be stated there.
    pub fn wanted(self, entry: Entry) -> Result<Wanted, &'static str> {
        match entry {
            Entry::Uploads | Entry::Items => match self {
                Self::FormatName if entry == Entry::Items => Ok(Refused),
                Self::Crs
                | Self::ContentCrs
                | Self::Columns
                | Self::Dates
                | Self::Update
                | Self::Atomic
                | Self::DryRun
                | Self::Reason
                | Self::FormatName
                | Self::IdempotencyKey
                | Self::Gzip
                | Self::Zstd
                | Self::Brotli
                | Self::ByteOrderMark => Ok(Honoured),
                // An entity tag applies to a single record.
                Self::IfMatch | Self::Unknown => Ok(Refused),
            },
            Entry::Item => match self {
                Self::Atomic => Err("one row is all or nothing"),
                Self::Crs
                | Self::ContentCrs
                | Self::Columns
                | Self::Dates
                | Self::Update
                | Self::DryRun
                | Self::Reason
                | Self::IdempotencyKey
                | Self::IfMatch
                | Self::Gzip
                | Self::Zstd
                | Self::Brotli
                | Self::ByteOrderMark => Ok(Honoured),
                Self::FormatName | Self::Unknown => Ok(Refused),
            },
            Entry::Put => match self {
                Self::Crs
                | Self::ContentCrs
                | Self::Reason
                | Self::IfMatch
                | Self::Columns
                | Self::Dates
                | Self::Gzip
                | Self::Zstd
                | Self::Brotli
                | Self::ByteOrderMark => Ok(Honoured),
                Self::IdempotencyKey => Err(IDEMPOTENT),
                Self::Update | Self::Atomic | Self::DryRun | Self::FormatName | Self::Unknown => Ok(Refused),
            },
            Entry::Patch => match self {
                Self::ContentCrs
                | Self::Reason
                | Self::IfMatch
                | Self::Gzip
                | Self::Zstd
                | Self::Brotli
                | Self::ByteOrderMark => Ok(Honoured),
                Self::Crs
                | Self::Columns
                | Self::Dates
                | Self::Update
                | Self::Atomic
                | Self::DryRun
                | Self::FormatName
                | Self::Unknown => Ok(Refused),
                Self::IdempotencyKey => Err(IDEMPOTENT),
            },
            Entry::Delete => match self {
                Self::Reason | Self::IfMatch => Ok(Honoured),
                Self::ContentCrs | Self::Gzip | Self::Zstd | Self::Brotli | Self::ByteOrderMark => {
                    Err("a deletion has no body")
                }
                Self::IdempotencyKey => Err(IDEMPOTENT),
                Self::Crs
                | Self::Columns
                | Self::Dates
                | Self::Update
                | Self::Atomic
                | Self::DryRun
                | Self::FormatName
                | Self::Unknown => Ok(Refused),
            },
            Entry::OpenRosa => match self {
                Self::Gzip | Self::Zstd | Self::Brotli => Ok(Refused),
                Self::ByteOrderMark => Ok(Honoured),
                Self::Crs
                | Self::ContentCrs
                | Self::Columns
                | Self::Dates
                | Self::Update
                | Self::Atomic
                | Self::DryRun
                | Self::Reason
                | Self::FormatName
                | Self::IdempotencyKey
                | Self::IfMatch
                | Self::Unknown => {
                    Err("Collect adds parameters as it likes, and must not be turned away for one")
                }
            },
            Entry::Kobo | Entry::Central => match self {
                Self::Gzip | Self::Zstd | Self::Brotli => Ok(Honoured),
                Self::ByteOrderMark => Err("the servers that send on write none"),
                Self::ContentCrs | Self::IdempotencyKey | Self::IfMatch => {
                    Err("the servers that send on have no such headers")
                }
                Self::Crs
                | Self::Columns
                | Self::Dates
                | Self::Update
                | Self::Atomic
                | Self::DryRun
                | Self::Reason
                | Self::FormatName
                | Self::Unknown => Ok(Refused),
            },
            Entry::Import => match self {
                Self::Crs
                | Self::Columns
                | Self::Dates
                | Self::Update
                | Self::DryRun
                | Self::Reason
                | Self::ByteOrderMark => Ok(Honoured),
                Self::ContentCrs | Self::IdempotencyKey | Self::IfMatch => Err("a command has no headers"),
                Self::Atomic | Self::FormatName | Self::Gzip | Self::Zstd | Self::Brotli | Self::Unknown => {
                    Ok(Refused)
                }
            },
            Entry::Review | Entry::Held | Entry::Refused => match self {
                Self::ContentCrs
                | Self::IdempotencyKey
                | Self::IfMatch
                | Self::Gzip
                | Self::Zstd
                | Self::Brotli
                | Self::ByteOrderMark => Err("a decision says all of it in its body"),
                Self::Crs
                | Self::Columns
                | Self::Dates
                | Self::Update
                | Self::Atomic
                | Self::DryRun
                | Self::Reason
                | Self::FormatName
                | Self::Unknown => Ok(Refused),
            },
        }
    }
}
