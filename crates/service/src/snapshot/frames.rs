//! Blocks of bytes in a file, each with its length and a checksum, so that any damage is noticed: a magic
//! line, then frames. The file is replaced as a whole or not at all.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use super::Doubt;

/// The first bytes of the file.
const MAGIC: &[u8; 16] = b"CLEARLINE ATLAS\n";

/// Bytes written between syncs: a larger amount would delay the syncs of commits.
const SYNC_BYTES: usize = 16 << 20;

/// Replaces the file: writes a new one beside it, syncs it and renames it.
///
/// # Errors
/// If the disk fails; the old file remains then.
pub fn write(path: &Path, frames: impl Iterator<Item = Vec<u8>>) -> io::Result<()> {
    let new = unfinished(path);
    let written = write_new(&new, frames).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written?;
    File::open(path.parent().unwrap_or(Path::new("/")))?.sync_all()
}

/// The name of a file that is being written; a killed server leaves it behind.
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

/// A file that is read from its beginning.
pub struct Frames {
    file: BufReader<File>,
    /// Bytes left to read.
    left: u64,
}

/// A frame that was read but not verified.
#[derive(Default)]
pub struct Frame {
    checksum: u32,
    bytes: Vec<u8>,
}

impl Frames {
    /// Opens the file.
    ///
    /// # Errors
    /// [`Doubt::Missing`] if there is no file, [`Doubt::Version`] if its magic line is another.
    pub fn open(path: &Path) -> Result<Self, Doubt> {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Doubt::Missing,
            _ => Doubt::Io(error),
        })?;
        let left = file.metadata()?.len();
        let mut frames = Self { file: BufReader::with_capacity(1 << 20, file), left };
        if frames.array()? == *MAGIC { Ok(frames) } else { Err(Doubt::Version) }
    }

    /// Reads the next frame; returns `false` at the end of the file.
    ///
    /// # Errors
    /// [`Doubt::Damaged`] if the file ends within the frame.
    pub fn next(&mut self, frame: &mut Frame) -> Result<bool, Doubt> {
        if self.left == 0 {
            return Ok(false);
        }
        let length = u32::from_le_bytes(self.array()?);
        frame.checksum = u32::from_le_bytes(self.array()?);
        // Never allocate more than the size of the file.
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
    /// Returns the frame's bytes.
    ///
    /// # Errors
    /// [`Doubt::Damaged`] if the checksum differs.
    pub fn bytes(&self) -> Result<&[u8], Doubt> {
        let length = self.bytes.len() as u32;
        if checksum(length, &self.bytes) == self.checksum { Ok(&self.bytes) } else { Err(Doubt::Damaged) }
    }
}

/// Returns a checksum that covers the length too, so that zeros are not a valid frame.
fn checksum(length: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(bytes);
    hasher.finalize()
}
