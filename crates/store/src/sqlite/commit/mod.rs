//! A commit: it decides on uploads and writes their changes to the log and the records, in one transaction.
//!
//! - `upload`: applies one upload, or leaves no trace of it
//! - `write`: applies or quarantines one write
//! - `rows`: writes rows to the log and into the hash of their revision
//! - `batch`: the state of the commit, restored when an upload is undone
//! - `extent`: the extent of a collection's records

mod batch;
mod extent;
mod rows;
mod upload;
mod write;

use demining::Precision;
use jiff::Timestamp;
use rusqlite::Connection;

use self::batch::Batch;
use crate::{
    error::{Failure, StoreError, UploadError},
    sqlite::tables::ids::Ids,
    upload::{Committed, Upload},
};

/// Applies all uploads in the transaction that is open on `conn`. The caller commits it.
pub(crate) fn write_all(
    conn: &Connection,
    uploads: Vec<Upload>,
    at: Timestamp,
    precision: Precision,
    ids: &mut Ids,
) -> Result<Vec<Result<Committed, UploadError>>, StoreError> {
    // The store keeps milliseconds, and the results must equal what it stores.
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    let mut batch = Batch::begin(conn, at, precision, ids)?;
    let mut told = Vec::with_capacity(uploads.len());
    for upload in uploads {
        match batch.upload(upload) {
            Ok(committed) => told.push(Ok(committed)),
            Err(Failure::Upload(error)) => told.push(Err(error)),
            Err(Failure::Store(error)) => return Err(error),
        }
    }
    batch.describe()?;
    batch.ids.write(conn)?;
    Ok(told)
}
