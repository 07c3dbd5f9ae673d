//! Photos of records: files beside the store, named by their SHA-256, which come in parts.
//!
//! In the folder `STORE-photos`, of the photo `ab12...`:
//! - `ab/ab12....part`: what has come of it, and perhaps more, which counts for nothing;
//! - `ab/ab12....acknowledged`: how much of that was acknowledged, see [`acknowledged`];
//! - `ab/ab12...`: the photo as it came, once it is whole and its hash is right;
//! - `ab/ab12....jpg`, `ab/ab12....small.jpg`: what readers get, see [`picture`];
//! - `ab/ab12....json`: what it says of itself;
//! - `ab/ab12....damaged`: what was whole once, and has another hash now.

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

/// Bytes of a photo, at the most.
pub const MOST_BYTES: u64 = 32 << 20;

/// What the page for field teams sends in one part.
const ATTEMPT_BYTES: usize = 1 << 20;

/// How long a part waits for the rest.
const PATIENCE: Duration = Duration::from_hours(24 * 30);

/// The name of a photo: its SHA-256, in lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PhotoId([u8; 32]);

impl PhotoId {
    /// The name of these bytes.
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
            _ => Err("is not the SHA-256 of a photo, in 64 lower-case hexadecimal digits".to_owned()),
        }
    }
}

impl fmt::Display for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// How much of a photo is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Missing,
    /// As many bytes.
    Part(u64),
    /// All of it, with as many bytes.
    Whole(u64),
}

/// Why a part was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// It does not begin where the last one that is kept ended.
    #[error("the photo goes on at byte {0}: send it from there")]
    Offset(u64),
    /// Another part is just being written.
    #[error("another part of this photo is being written")]
    Busy,
    /// More than a photo may have, or more than was said.
    #[error("a photo has at most {MOST_BYTES} bytes, and no more than Upload-Length says")]
    TooLarge,
    /// All bytes are there, and are of another photo or no photo. Nothing of it is kept.
    #[error("{0}; nothing of it was kept")]
    Refused(String),
    /// The disk.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The folder.
#[derive(Debug)]
pub struct Photos {
    folder: PathBuf,
    at_work: Mutex<HashSet<PhotoId>>,
    /// A photo of 64 million pixels takes some 500 MB while it is drawn: one at a time.
    drawing: Mutex<()>,
}

struct AtWork<'a>(&'a Photos, PhotoId);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.at_work.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl Photos {
    /// The photos beside a store. Parts that waited too long are thrown away.
    pub fn beside(store: &Path) -> Arc<Self> {
        let mut folder = store.as_os_str().to_owned();
        folder.push("-photos");
        let photos = Self { folder: folder.into(), at_work: Mutex::default(), drawing: Mutex::default() };
        if let Err(error) = photos.clean_up() {
            tracing::warn!(%error, "old parts of photos cannot be thrown away");
        }
        Arc::new(photos)
    }

    /// How much of a photo is there: of a part what was acknowledged.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn standing(&self, id: PhotoId) -> io::Result<Standing> {
        if let Some(length) = length(&self.path(id, ""))? {
            return Ok(Standing::Whole(length));
        }
        Ok(match self.acknowledged(id)?.length() {
            0 => Standing::Missing,
            length => Standing::Part(length),
        })
    }

    /// The same for one who throws the photo away once it is here: what is whole is read and its hash compared,
    /// and its name is on the disk when this returns.
    ///
    /// # Errors
    /// When the disk cannot be read or written.
    pub fn confirmed(&self, id: PhotoId) -> io::Result<Standing> {
        let path = self.path(id, "");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.standing(id),
            Err(error) => return Err(error),
        };
        if PhotoId::of(&bytes) == id {
            // That it got its name may be all that was not confirmed.
            Self::sync_names(&path)?;
            return Ok(Standing::Whole(bytes.len() as u64));
        }
        tracing::error!(photo = %id, "a photo is damaged on the disk; it is kept aside and has to come again");
        fs::rename(&path, self.path(id, ".damaged"))?;
        self.standing(id)
    }

    fn acknowledged(&self, id: PhotoId) -> io::Result<Acknowledged> {
        let there = length(&self.path(id, ".part"))?.unwrap_or(0);
        Ok(Acknowledged::read(&self.path(id, ".acknowledged"))?.within(there))
    }

    /// Has the disk confirm the name of a file, and those of the folders that may have been made for it.
    fn sync_names(file: &Path) -> io::Result<()> {
        file.ancestors().skip(1).take(3).try_for_each(sync)
    }

    /// Writes as much as a part of a photo takes, and removes it, to see whether that can be done.
    ///
    /// # Errors
    /// When it cannot.
    pub fn attempt(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::tempfile_in(&self.folder)?;
        file.write_all(&vec![0; ATTEMPT_BYTES])?;
        file.sync_all()
    }

    /// What readers get of a whole photo; none when there is none.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn view(&self, id: PhotoId, is_small: bool) -> io::Result<Option<Vec<u8>>> {
        if !matches!(self.standing(id)?, Standing::Whole(_)) {
            return Ok(None);
        }
        fs::read(self.path(id, if is_small { ".small.jpg" } else { ".jpg" })).map(Some)
    }

    /// What a whole photo says of itself.
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

/// Bytes of a file; none when there is no file.
fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A new name is on the disk only once its folder is.
fn sync(folder: &Path) -> io::Result<()> {
    // A path without a folder begins where the program runs.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests;
