//! Files that cannot be read from front to back are put down in a temporary file first.

use std::io::{self, Read, Seek, Write};

use tempfile::NamedTempFile;

use crate::error::ReadError;

/// Puts all of the input down in a temporary file, which is gone when it is dropped, and stands at
/// its beginning.
///
/// # Errors
/// When there is more than `max_bytes`, nothing at all, or reading or writing fails.
pub(crate) fn spool(input: impl Read, max_bytes: u64) -> Result<NamedTempFile, ReadError> {
    let failed = |source: io::Error| ReadError::Io { row: 0, source };
    let mut file = NamedTempFile::with_prefix("clearline-").map_err(failed)?;
    let copied = io::copy(&mut input.take(max_bytes.saturating_add(1)), &mut file).map_err(failed)?;
    if copied > max_bytes {
        return Err(ReadError::TooLarge { what: "the file".to_owned(), limit: max_bytes });
    }
    if copied == 0 {
        return Err(ReadError::Empty);
    }
    file.flush().and_then(|()| file.rewind()).map_err(failed)?;
    Ok(file)
}
