//! Zip archives, as far as files of records need them: no encryption, nothing beyond 4 GiB.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use crc32fast::Hasher;
use flate2::read::DeflateDecoder;
use tempfile::NamedTempFile;

use crate::{error::ReadError, limits::Limits};

/// Bytes at the end of a file among which its table of contents is named: a comment may follow.
const TAIL_BYTES: u64 = 22 + 65_535;

/// A file in an archive.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its path.
    pub name: String,
    /// Bytes of it, unpacked.
    pub unpacked: u64,
    packed: u64,
    method: u16,
    crc: u32,
    offset: u64,
    is_encrypted: bool,
}

fn broken(reason: impl Into<String>) -> ReadError {
    ReadError::Broken { row: 0, reason: reason.into() }
}

fn failed(source: io::Error) -> ReadError {
    if source.kind() == io::ErrorKind::UnexpectedEof {
        return broken("the archive ends in the middle");
    }
    ReadError::Io { row: 0, source }
}

/// The files of an archive whose names `is_wanted`.
///
/// # Errors
/// When it is no zip archive, or holds more files than [`Limits::archive_entries`].
pub(crate) fn entries(
    archive: &NamedTempFile,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Entry>, ReadError> {
    let mut file = archive.reopen().map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let tail_start = length.saturating_sub(TAIL_BYTES);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(tail_start)).map_err(failed)?;
    (&mut file).take(TAIL_BYTES).read_to_end(&mut tail).map_err(failed)?;
    let end = tail.windows(22).rposition(|window| window.starts_with(b"PK\x05\x06"));
    let end =
        end.and_then(|at| tail.get(at..)).ok_or_else(|| broken("the file is no zip archive, or is cut"))?;
    let (n, start) = (two(end, 10), four(end, 16));
    if n == u16::MAX || start == u32::MAX {
        return Err(broken("the archive is beyond 4 GiB or 65,535 files, which is not read here"));
    }
    if usize::from(n) > Limits::DEFAULT.archive_entries {
        return Err(broken(format!("the archive holds more than {} files", Limits::DEFAULT.archive_entries)));
    }
    file.seek(SeekFrom::Start(u64::from(start))).map_err(failed)?;
    let mut input = BufReader::new(file);
    let mut wanted = Vec::new();
    for _ in 0..n {
        let mut head = [0; 46];
        input.read_exact(&mut head).map_err(failed)?;
        if !head.starts_with(b"PK\x01\x02") {
            return Err(broken("the archive's table of contents is not sound"));
        }
        let mut name = vec![0; usize::from(two(&head, 28))];
        input.read_exact(&mut name).map_err(failed)?;
        let name = String::from_utf8_lossy(&name).into_owned();
        let more = u64::from(two(&head, 30)) + u64::from(two(&head, 32));
        io::copy(&mut (&mut input).take(more), &mut io::sink()).map_err(failed)?;
        if is_wanted(&name) {
            wanted.push(Entry {
                name,
                unpacked: u64::from(four(&head, 24)),
                packed: u64::from(four(&head, 20)),
                method: two(&head, 10),
                crc: four(&head, 16),
                offset: u64::from(four(&head, 42)),
                is_encrypted: two(&head, 8) & 1 != 0,
            });
        }
    }
    Ok(wanted)
}

impl Entry {
    /// Reads it, unpacked. More bytes than the table of contents says, fewer, or others are an error.
    ///
    /// # Errors
    /// When it is encrypted or packed in a way that is not known here.
    pub(crate) fn open(&self, archive: &NamedTempFile) -> Result<Unpacked, ReadError> {
        if self.is_encrypted {
            return Err(broken(format!("{} is encrypted", self.name)));
        }
        let mut file = archive.reopen().map_err(failed)?;
        file.seek(SeekFrom::Start(self.offset)).map_err(failed)?;
        let mut head = [0; 30];
        file.read_exact(&mut head).map_err(failed)?;
        if !head.starts_with(b"PK\x03\x04") {
            return Err(broken(format!("{} is not where the archive says", self.name)));
        }
        let more = i64::from(two(&head, 26)) + i64::from(two(&head, 28));
        file.seek(SeekFrom::Current(more)).map_err(failed)?;
        let packed = BufReader::new(file.take(self.packed));
        let input: Box<dyn Read> = match self.method {
            0 => Box::new(packed),
            8 => Box::new(BufReader::new(DeflateDecoder::new(packed))),
            other => return Err(broken(format!("{} is packed by method {other}", self.name))),
        };
        Ok(Unpacked { input, left: self.unpacked, crc: self.crc, hasher: Hasher::new() })
    }
}

/// The bytes of a file in an archive.
pub(crate) struct Unpacked {
    input: Box<dyn Read>,
    left: u64,
    crc: u32,
    hasher: Hasher,
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        let unsound = || io::Error::new(io::ErrorKind::InvalidData, "a file in the archive is damaged");
        self.left = self.left.checked_sub(read as u64).ok_or_else(unsound)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        let is_end = read == 0 && !buffer.is_empty();
        if is_end && (self.left > 0 || self.hasher.clone().finalize() != self.crc) {
            return Err(unsound());
        }
        Ok(read)
    }
}

/// Two bytes as a number; 0 beyond the end.
fn two(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|two| two.try_into().ok()).map_or(0, u16::from_le_bytes)
}

/// Four bytes as a number; 0 beyond the end.
fn four(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes)
}
