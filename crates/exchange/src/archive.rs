//! Zip archives of strangers.

use std::{
    error::Error,
    fs::File,
    io::{self, Read, Write},
};

use zip::ZipArchive;

use crate::{
    error::ReadError,
    limits::ReadLimits,
    options::ReadOptions,
    spool::{self, spool},
};

/// Puts an archive down in a temporary file and unpacks every file in it once: what it says of their
/// sizes is not believed. `looked_at` takes the bytes of a file that is read as a stream later, and
/// may fail; the others are held in memory, and [`ReadLimits::held_bytes`] is all that they may have.
///
/// # Errors
/// When it is no archive, is damaged, or holds more files or bytes than allowed.
pub(crate) fn open(
    input: impl Read,
    options: &ReadOptions,
    looked_at: impl Fn(&str) -> Option<Box<dyn Write>>,
) -> Result<ZipArchive<File>, ReadError> {
    let file = spool(input, options.max_spooled_bytes)?.into_file();
    let mut archive = ZipArchive::new(file).map_err(|error| broken(&error))?;
    if archive.len() > ReadLimits::DEFAULT.archive_entries {
        let reason = format!("the archive has more than {} files", ReadLimits::DEFAULT.archive_entries);
        return Err(ReadError::Broken { row: 0, reason });
    }
    let (mut all, mut held) = (0, 0);
    for nth in 0..archive.len() {
        let mut entry = archive.by_index(nth).map_err(|error| broken(&error))?;
        let stream = entry.name().ok().and_then(|name| looked_at(&name));
        let is_held = stream.is_none();
        let mut sink = stream.unwrap_or_else(|| Box::new(io::sink()));
        let left = (options.max_unpacked_bytes - all).min(if is_held {
            ReadLimits::DEFAULT.held_bytes - held
        } else {
            u64::MAX
        });
        let unpacked = io::copy(&mut entry.by_ref().take(left.saturating_add(1)), &mut sink)
            .map_err(|error| broken(&error))?;
        if unpacked > left {
            let limit = if is_held { ReadLimits::DEFAULT.held_bytes } else { options.max_unpacked_bytes };
            return Err(ReadError::TooLarge { what: "what is packed in the file".to_owned(), limit });
        }
        all += unpacked;
        held += if is_held { unpacked } else { 0 };
    }
    Ok(archive)
}

/// Whether a Mac put this file into an archive, beside the one that was meant.
pub(crate) fn is_of_a_mac(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.starts_with("._") || name.split('/').any(|folder| folder == "__MACOSX")
}

/// An archive that cannot be read.
pub(crate) fn broken(error: &(impl Error + 'static)) -> ReadError {
    ReadError::of_library(0, error, "the archive cannot be read")
}

/// Puts a file of an archive that [`open`] looked at down in a temporary file, and stands at its
/// beginning.
///
/// # Errors
/// When it cannot be unpacked or put down.
pub(crate) fn unpack(archive: &mut ZipArchive<File>, name: &str) -> Result<File, ReadError> {
    spool::unpack(archive.by_name(name).map_err(|error| broken(&error))?)
}
