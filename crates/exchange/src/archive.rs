//! Reads untrusted zip archives.

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

/// Copies an archive into a temporary file and unpacks every file in it once, because the sizes stated in the
/// archive cannot be trusted. `looked_at` receives the bytes of files that are streamed later, and may fail;
/// the other files are held in memory, up to [`ReadLimits::held_bytes`] in total.
///
/// # Errors
/// Returns an error if the input is not an archive, is damaged, or contains more files or bytes than allowed.
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
            return Err(ReadError::TooLarge { what: "the unpacked content of the file".to_owned(), limit });
        }
        all += unpacked;
        held += if is_held { unpacked } else { 0 };
    }
    Ok(archive)
}

/// Returns whether macOS added this file to the archive, beside the intended one.
pub(crate) fn is_of_a_mac(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.starts_with("._") || name.split('/').any(|folder| folder == "__MACOSX")
}

/// Creates the error for an unreadable archive.
pub(crate) fn broken(error: &(impl Error + 'static)) -> ReadError {
    ReadError::of_library(0, error, "the archive cannot be read")
}

/// Unpacks a file of an archive that [`open`] checked into a temporary file, and rewinds it.
///
/// # Errors
/// Returns an error if unpacking or writing fails.
pub(crate) fn unpack(archive: &mut ZipArchive<File>, name: &str) -> Result<File, ReadError> {
    spool::unpack(archive.by_name(name).map_err(|error| broken(&error))?)
}
