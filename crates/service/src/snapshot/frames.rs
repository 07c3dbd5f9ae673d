//! Blocks of bytes in a file, each with its length and a checksum, so that whatever happened to the
//! file is noticed: a magic line, then frames. Replaced as a whole, or left as it was.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use super::Doubt;

/// How the file begins.
const MAGIC: &[u8; 16] = b"CLEARLINE ATLAS\n";

/// Bytes that are written before the disk is waited for: a flood of them would hold up the syncs of
/// commits.
const SYNC_BYTES: usize = 16 << 20;

/// Writes the file anew: first beside it under another name, which takes its place once it is on the
/// disk.
///
/// # Errors
/// When the disk fails; the file that was there stays then.
pub fn write(path: &Path, frames: impl Iterator<Item = Vec<u8>>) -> io::Result<()> {
    let new = unfinished(path);
    let written = write_new(&new, frames).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written?;
    File::open(path.parent().unwrap_or(Path::new("/")))?.sync_all()
}

/// The name of a file that is being written; a server that was killed leaves it.
pub fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-new");
    name.into()
}

fn write_new(new: &Path, frames: impl Iterator<Item = Vec<u8>>) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(new)?);
    file.write_all(MAGIC)?;
    let mut waiting = 0;
    for frame in frames {
        let length = u32::try_from(frame.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        file.write_all(&length.to_le_bytes())?;
        file.write_all(&checksum(length, &frame).to_le_bytes())?;
        file.write_all(&frame)?;
        waiting += frame.len();
        if waiting > SYNC_BYTES {
            file.flush()?;
            file.get_ref().sync_data()?;
            waiting = 0;
        }
    }
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// A file, being read from its beginning.
pub struct Frames {
    file: BufReader<File>,
    /// Bytes that are left of it.
    left: u64,
}

/// A frame that was read and not looked at yet.
#[derive(Default)]
pub struct Frame {
    checksum: u32,
    bytes: Vec<u8>,
}

impl Frames {
    /// Opens the file.
    ///
    /// # Errors
    /// [`Doubt::Missing`] when there is none, [`Doubt::Version`] when it begins as none of ours.
    pub fn open(path: &Path) -> Result<Self, Doubt> {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Doubt::Missing,
            _ => Doubt::Io(error),
        })?;
        let left = file.metadata()?.len();
        let mut frames = Self { file: BufReader::with_capacity(1 << 20, file), left };
        if frames.array()? == *MAGIC { Ok(frames) } else { Err(Doubt::Version) }
    }

    /// Reads the next frame; false at the end of the file.
    ///
    /// # Errors
    /// [`Doubt::Damaged`] when the file ends within it.
    pub fn next(&mut self, frame: &mut Frame) -> Result<bool, Doubt> {
        if self.left == 0 {
            return Ok(false);
        }
        let length = u32::from_le_bytes(self.array()?);
        frame.checksum = u32::from_le_bytes(self.array()?);
        // Never room for more than the file has.
        self.left = self.left.checked_sub(u64::from(length)).ok_or(Doubt::Damaged)?;
        frame.bytes.resize(length as usize, 0);
        self.file.read_exact(&mut frame.bytes)?;
        Ok(true)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Doubt> {
        let mut array = [0; N];
        self.left = self.left.checked_sub(N as u64).ok_or(Doubt::Damaged)?;
        self.file.read_exact(&mut array)?;
        Ok(array)
    }
}

impl Frame {
    /// Its bytes, as they were written.
    ///
    /// # Errors
    /// [`Doubt::Damaged`] when they are others.
    pub fn bytes(&self) -> Result<&[u8], Doubt> {
        let length = self.bytes.len() as u32;
        if checksum(length, &self.bytes) == self.checksum { Ok(&self.bytes) } else { Err(Doubt::Damaged) }
    }
}

/// Over the length too, so that zeros are no frame.
fn checksum(length: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(bytes);
    hasher.finalize()
}
