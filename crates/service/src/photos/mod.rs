//! Photos of records: files beside the store, named by their SHA-256, received in parts.
//!
//! The folder `STORE-photos` holds these files of the photo `ab12...`:
//! - `ab/ab12....part`: the received parts, and perhaps unacknowledged bytes, which are ignored;
//! - `ab/ab12....acknowledged`: how much of that was acknowledged, see [`acknowledged`];
//! - `ab/ab12...`: the photo as received, once it is complete and its hash is correct;
//! - `ab/ab12....jpg`, `ab/ab12....small.jpg`: the pictures for readers, see [`picture`];
//! - `ab/ab12....json`: its metadata;
//! - `ab/ab12....damaged`: a once complete photo whose hash no longer matches.

mod acknowledged;
mod picture;
mod taking;

use std::{
    collections::HashSet,
    fmt,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use sha2::{Digest, Sha256};

pub use picture::Facts;

use acknowledged::Acknowledged;

/// Maximum bytes of a photo.
pub const MOST_BYTES: u64 = 32 << 20;

/// The part size of the page for field teams.
const ATTEMPT_BYTES: usize = 1 << 20;

/// How long an incomplete photo is kept.
const PATIENCE: Duration = Duration::from_hours(24 * 30);

/// The name of a photo: its SHA-256 in lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PhotoId([u8; 32]);

impl PhotoId {
    /// Returns the name of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl FromStr for PhotoId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut bytes = [0; 32];
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        match hex::decode_to_slice(text, &mut bytes) {
            Ok(()) if is_lower => Ok(Self(bytes)),
            _ => Err("must be the SHA-256 of a photo, in 64 lower-case hexadecimal digits".to_owned()),
        }
    }
}

impl fmt::Display for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// How much of a photo is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Missing,
    /// This many bytes.
    Part(u64),
    /// All of it, with this many bytes.
    Whole(u64),
}

/// Why a part was refused.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// It does not begin where the last stored part ended.
    #[error("the photo is stored up to byte {0}: continue from there")]
    Offset(u64),
    /// Another part is being written at the moment.
    #[error("another part of this photo is being written")]
    Busy,
    /// It exceeds the limit of a photo or the announced length.
    #[error("a photo must not exceed {MOST_BYTES} bytes or its Upload-Length")]
    TooLarge,
    /// All bytes arrived, but they have another hash or are not a photo. Nothing is stored.
    #[error("{0}; nothing of it was stored")]
    Refused(String),
    /// A disk failure.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The folder of photos.
#[derive(Debug)]
pub struct Photos {
    folder: PathBuf,
    at_work: Mutex<HashSet<PhotoId>>,
    /// Drawing a photo of 64 million pixels takes about 500 MB, so only one is drawn at a time.
    drawing: Mutex<()>,
}

struct AtWork<'a>(&'a Photos, PhotoId);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.at_work.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl Photos {
    /// Opens the photos beside a store and removes expired parts.
    pub fn beside(store: &Path) -> Arc<Self> {
        let mut folder = store.as_os_str().to_owned();
        folder.push("-photos");
        let photos = Self { folder: folder.into(), at_work: Mutex::default(), drawing: Mutex::default() };
        if let Err(error) = photos.clean_up() {
            tracing::warn!(%error, "cannot remove expired parts of photos");
        }
        Arc::new(photos)
    }

    /// Returns how much of a photo is stored; for a partial one, the acknowledged bytes.
    ///
    /// # Errors
    /// If the disk cannot be read.
    pub fn standing(&self, id: PhotoId) -> io::Result<Standing> {
        if let Some(length) = length(&self.path(id, ""))? {
            return Ok(Standing::Whole(length));
        }
        Ok(match self.acknowledged(id)?.length() {
            0 => Standing::Missing,
            length => Standing::Part(length),
        })
    }

    /// Returns the same for a client that will delete its copy: verifies the hash of a complete photo and
    /// syncs its name to disk before returning.
    ///
    /// # Errors
    /// If the disk cannot be read or written.
    pub fn confirmed(&self, id: PhotoId) -> io::Result<Standing> {
        let path = self.path(id, "");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.standing(id),
            Err(error) => return Err(error),
        };
        if PhotoId::of(&bytes) == id {
            // Perhaps only the rename was not confirmed.
            Self::sync_names(&path)?;
            return Ok(Standing::Whole(bytes.len() as u64));
        }
        tracing::error!(photo = %id, "a photo is damaged on disk; it was set aside and must be sent again");
        fs::rename(&path, self.path(id, ".damaged"))?;
        self.standing(id)
    }

    fn acknowledged(&self, id: PhotoId) -> io::Result<Acknowledged> {
        let there = length(&self.path(id, ".part"))?.unwrap_or(0);
        Ok(Acknowledged::read(&self.path(id, ".acknowledged"))?.within(there))
    }

    /// Syncs the name of a file, and those of the folders that may have been created for it.
    fn sync_names(file: &Path) -> io::Result<()> {
        file.ancestors().skip(1).take(3).try_for_each(sync)
    }

    /// Writes as much as a part of a photo and removes it, to check that writing works.
    ///
    /// # Errors
    /// If writing fails.
    pub fn attempt(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::tempfile_in(&self.folder)?;
        file.write_all(&vec![0; ATTEMPT_BYTES])?;
        file.sync_all()
    }

    /// Returns the picture for readers; `None` if the photo is incomplete.
    ///
    /// # Errors
    /// If the disk cannot be read.
    pub fn view(&self, id: PhotoId, is_small: bool) -> io::Result<Option<Vec<u8>>> {
        if !matches!(self.standing(id)?, Standing::Whole(_)) {
            return Ok(None);
        }
        fs::read(self.path(id, if is_small { ".small.jpg" } else { ".jpg" })).map(Some)
    }

    /// Returns the metadata of a complete photo.
    pub fn facts(&self, id: PhotoId) -> Option<Facts> {
        serde_json::from_slice(&fs::read(self.path(id, ".json")).ok()?).ok()
    }

    fn path(&self, id: PhotoId, ending: &str) -> PathBuf {
        let name = id.to_string();
        self.folder.join(&name[..2]).join(format!("{name}{ending}"))
    }

    fn clean_up(&self) -> io::Result<()> {
        let Ok(folders) = fs::read_dir(&self.folder) else { return Ok(()) };
        let now = SystemTime::now();
        for folder in folders {
            for file in fs::read_dir(folder?.path())? {
                let path = file?.path();
                let age = now.duration_since(fs::metadata(&path)?.modified()?).unwrap_or_default();
                let is_of_part =
                    path.extension().is_some_and(|ending| ending == "part" || ending == "acknowledged");
                if is_of_part && age > PATIENCE {
                    fs::remove_file(path)?;
                }
            }
        }
        Ok(())
    }
}

/// Returns the length of a file; `None` if it is missing.
fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Syncs a folder: a new name is on disk only once its folder is.
fn sync(folder: &Path) -> io::Result<()> {
    // A path without a folder is relative to the working directory.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests;
