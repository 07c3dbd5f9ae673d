//! Copies files that cannot be read from front to back to a temporary file.

use std::{
    fs::File,
    io::{self, Read, Seek, Write},
};

use tempfile::NamedTempFile;

use crate::error::ReadError;

/// The size of the copy buffer, bytes.
const BUFFER: usize = 64 << 10;

/// Copies the whole input to a temporary file, which is deleted when dropped, and rewinds it.
///
/// # Errors
/// Returns an error if the input is empty or larger than `max_bytes`, or if reading fails;
/// [`ReadError::Temporary`] if the temporary file cannot be written.
pub(crate) fn spool(input: impl Read, max_bytes: u64) -> Result<NamedTempFile, ReadError> {
    let mut file = NamedTempFile::with_prefix("clearline-").map_err(|error| temporary(&error))?;
    let put = put_down(input.take(max_bytes.saturating_add(1)), file.as_file_mut())?;
    if put > max_bytes {
        return Err(ReadError::TooLarge { what: "the file".to_owned(), limit: max_bytes });
    }
    if put == 0 {
        return Err(ReadError::Empty);
    }
    Ok(file)
}

/// Copies the content of a file in a spooled archive, without a limit.
///
/// # Errors
/// As [`spool`].
pub(crate) fn unpack(input: impl Read) -> Result<File, ReadError> {
    let mut file = tempfile::tempfile().map_err(|error| temporary(&error))?;
    put_down(input, &mut file)?;
    Ok(file)
}

/// Copies the input to a file, rewinds it and returns the number of bytes.
fn put_down(mut input: impl Read, file: &mut File) -> Result<u64, ReadError> {
    let (mut buffer, mut put) = (vec![0; BUFFER], 0);
    loop {
        let n = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(source) => return Err(ReadError::Io { row: 0, source }),
        };
        file.write_all(&buffer[..n]).map_err(|error| temporary(&error))?;
        put += n as u64;
    }
    file.rewind().map_err(|error| temporary(&error))?;
    Ok(put)
}

fn temporary(error: &io::Error) -> ReadError {
    ReadError::Temporary(error.to_string())
}
