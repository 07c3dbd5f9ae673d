//! Photos of records: files beside the store, named by their SHA-256, which come in parts.
//!
//! In the folder `STORE-photos`, of the photo `ab12...`:
//! - `ab/ab12....part`: as much of it as has come;
//! - `ab/ab12...`: the photo as it came, once it is whole and its hash is right;
//! - `ab/ab12....jpg`, `ab/ab12....small.jpg`: what readers get, see [`picture`];
//! - `ab/ab12....json`: what it says of itself.

mod picture;

use std::{
    collections::HashSet,
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use sha2::{Digest, Sha256};

pub use picture::Facts;

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
    /// It does not begin where the last one ended.
    #[error("the photo goes on at byte {0}")]
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

    /// How much of a photo is there.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub fn standing(&self, id: PhotoId) -> io::Result<Standing> {
        let length = |path: &Path| match fs::metadata(path) {
            Ok(found) => Ok(Some(found.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        if let Some(length) = length(&self.path(id, ""))? {
            return Ok(Standing::Whole(length));
        }
        Ok(length(&self.path(id, ".part"))?.map_or(Standing::Missing, Standing::Part))
    }

    /// Takes the bytes from `offset` on of a photo of `total` bytes; they are on the disk when this returns.
    /// The last part makes it whole.
    ///
    /// # Errors
    /// See [`PhotoError`].
    pub fn append(&self, id: PhotoId, offset: u64, total: u64, bytes: &[u8]) -> Result<Standing, PhotoError> {
        if !self.at_work.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
            return Err(PhotoError::Busy);
        }
        let _place = AtWork(self, id);
        let there = match self.standing(id)? {
            Standing::Whole(length) => return Ok(Standing::Whole(length)),
            Standing::Part(length) => length,
            Standing::Missing => 0,
        };
        if offset != there {
            return Err(PhotoError::Offset(there));
        }
        let length = offset + bytes.len() as u64;
        if total > MOST_BYTES || length > total {
            return Err(PhotoError::TooLarge);
        }
        let part = self.path(id, ".part");
        if let Some(folder) = part.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new().create(true).append(true).open(&part)?;
        if let Err(error) = file.write_all(bytes).and_then(|()| file.sync_all()) {
            // Half a part is none: the next one begins where this one did.
            let _ = file.set_len(offset);
            return Err(error.into());
        }
        if offset == 0 {
            // Its name, and those of the folders that may have been made for it.
            part.ancestors().skip(1).take(3).try_for_each(sync)?;
        }
        if length < total {
            return Ok(Standing::Part(length));
        }
        match self.complete(id, &part) {
            Err(PhotoError::Refused(why)) => {
                fs::remove_file(&part)?;
                Err(PhotoError::Refused(why))
            }
            Err(PhotoError::Io(error)) => {
                // What readers get could not be written. The part comes again, and that with it.
                let _ = file.set_len(offset);
                Err(error.into())
            }
            done => done.map(|()| Standing::Whole(length)),
        }
    }

    /// Takes a photo that came as a whole, after what may have come of it in parts; it is on the disk when
    /// this returns.
    ///
    /// # Errors
    /// See [`PhotoError`].
    pub fn keep(&self, bytes: &[u8]) -> Result<PhotoId, PhotoError> {
        let (id, total) = (PhotoId::of(bytes), bytes.len() as u64);
        let there = match self.standing(id)? {
            Standing::Whole(_) => return Ok(id),
            Standing::Part(length) => length,
            Standing::Missing => 0,
        };
        let rest = usize::try_from(there).ok().and_then(|there| bytes.get(there..));
        self.append(id, there, total, rest.ok_or(PhotoError::TooLarge)?).map(|_| id)
    }

    fn complete(&self, id: PhotoId, part: &Path) -> Result<(), PhotoError> {
        let mut bytes = Vec::new();
        File::open(part)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if <[u8; 32]>::from(Sha256::digest(&bytes)) != id.0 {
            return Err(PhotoError::Refused("the photo that came has another SHA-256".to_owned()));
        }
        let drawn = {
            let _one = self.drawing.lock().unwrap_or_else(PoisonError::into_inner);
            picture::draw(&bytes).map_err(PhotoError::Refused)?
        };
        let facts = serde_json::to_vec(&drawn.facts).map_err(io::Error::from)?;
        for (ending, content) in [(".jpg", &drawn.view), (".small.jpg", &drawn.thumbnail), (".json", &facts)]
        {
            let mut file = File::create(self.path(id, ending))?;
            file.write_all(content)?;
            file.sync_all()?;
        }
        // Only now it is there.
        fs::rename(part, self.path(id, ""))?;
        Ok(part.parent().map_or(Ok(()), sync)?)
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
                if path.extension().is_some_and(|ending| ending == "part") && age > PATIENCE {
                    fs::remove_file(path)?;
                }
            }
        }
        Ok(())
    }
}

/// A new name is on the disk only once its folder is.
fn sync(folder: &Path) -> io::Result<()> {
    // A path without a folder begins where the program runs.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo() -> (PhotoId, Vec<u8>) {
        let mut bytes = io::Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(40, 30).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let bytes = bytes.into_inner();
        (PhotoId(Sha256::digest(&bytes).into()), bytes)
    }

    #[test]
    fn a_photo_comes_in_parts_that_begin_where_the_last_one_ended() {
        let folder = tempfile::tempdir().unwrap();
        let photos = Photos::beside(&folder.path().join("a.gpkg"));
        let (id, bytes) = photo();
        let total = bytes.len() as u64;
        assert_eq!(photos.standing(id).unwrap(), Standing::Missing);
        assert_eq!(photos.append(id, 0, total, &bytes[..10]).unwrap(), Standing::Part(10));
        for wrong in [0, 9, 11] {
            assert!(matches!(photos.append(id, wrong, total, &bytes[..1]), Err(PhotoError::Offset(10))));
        }
        assert!(matches!(photos.append(id, 10, total, &[0; 500]), Err(PhotoError::TooLarge)));
        assert_eq!(photos.view(id, false).unwrap(), None);
        // Another process goes on.
        let photos = Photos::beside(&folder.path().join("a.gpkg"));
        assert_eq!(photos.append(id, 10, total, &bytes[10..]).unwrap(), Standing::Whole(total));
        assert_eq!(photos.append(id, 0, total, &bytes).unwrap(), Standing::Whole(total));
        assert!(photos.view(id, true).unwrap().is_some());
        assert_eq!(photos.facts(id).unwrap().width, 40);
        assert_eq!(fs::read(photos.path(id, "")).unwrap(), bytes);
    }

    #[test]
    fn bytes_of_another_photo_and_what_is_no_photo_are_refused_and_gone() {
        let folder = tempfile::tempdir().unwrap();
        let photos = Photos::beside(&folder.path().join("a.gpkg"));
        let (id, bytes) = photo();
        assert_eq!(PhotoId::of(&bytes), id);
        assert!(matches!(photos.append(id, 0, 3, b"abc"), Err(PhotoError::Refused(_))));
        assert_eq!(photos.standing(id).unwrap(), Standing::Missing);
        let text = PhotoId(Sha256::digest(b"no photo").into());
        assert!(matches!(photos.append(text, 0, 8, b"no photo"), Err(PhotoError::Refused(_))));
        assert!(matches!(photos.append(text, 0, MOST_BYTES + 1, b"n"), Err(PhotoError::TooLarge)));
    }

    #[test]
    fn a_name_is_a_hash_and_nothing_else() {
        let (id, _) = photo();
        assert!(id.to_string().parse::<PhotoId>().is_ok());
        for bad in ["", "..", "../../etc/passwd", &"A".repeat(64), &"a".repeat(63)] {
            assert!(bad.parse::<PhotoId>().is_err(), "{bad}");
        }
    }
}
