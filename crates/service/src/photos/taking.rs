//! Receives a photo part by part until it is complete.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::PoisonError,
};

use super::{AtWork, MOST_BYTES, PhotoError, PhotoId, Photos, Standing, acknowledged::Acknowledged, picture};

/// How often to write a completely received photo again if its earlier parts were wrong.
const ATTEMPTS: usize = 3;

impl Photos {
    /// Appends bytes at `offset` of a photo of `total` bytes; they are on disk when this returns. The last
    /// part completes the photo.
    ///
    /// # Errors
    /// See [`PhotoError`].
    pub fn append(&self, id: PhotoId, offset: u64, total: u64, bytes: &[u8]) -> Result<Standing, PhotoError> {
        if !self.at_work.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
            return Err(PhotoError::Busy);
        }
        let _place = AtWork(self, id);
        if let whole @ Standing::Whole(_) = self.confirmed(id)? {
            return Ok(whole);
        }
        let mut acknowledged = self.acknowledged(id)?;
        if offset != acknowledged.length() {
            return Err(PhotoError::Offset(acknowledged.length()));
        }
        let length = offset + bytes.len() as u64;
        if total > MOST_BYTES || length > total {
            return Err(PhotoError::TooLarge);
        }
        let part = self.path(id, ".part");
        if let Some(folder) = part.parent() {
            fs::create_dir_all(folder)?;
        }
        put_down(&part, offset, bytes)?;
        if length == total {
            self.complete(id, &acknowledged, bytes)?;
            return Ok(Standing::Whole(length));
        }
        if !bytes.is_empty() {
            let end = acknowledged.after(bytes);
            acknowledged.note(&self.path(id, ".acknowledged"), end)?;
        }
        if offset == 0 {
            Self::sync_names(&part)?;
        }
        Ok(Standing::Part(length))
    }

    /// Stores a photo received as a whole, continuing parts that may have arrived earlier; it is on disk when
    /// this returns.
    ///
    /// # Errors
    /// See [`PhotoError`].
    pub fn keep(&self, bytes: &[u8]) -> Result<PhotoId, PhotoError> {
        let (id, total) = (PhotoId::of(bytes), bytes.len() as u64);
        let mut from = match self.standing(id)? {
            Standing::Part(length) => length,
            Standing::Missing | Standing::Whole(_) => 0,
        };
        for _ in 0..ATTEMPTS {
            let rest = usize::try_from(from).ok().and_then(|from| bytes.get(from..));
            match self.append(id, from, total, rest.ok_or(PhotoError::TooLarge)?) {
                Err(PhotoError::Offset(there)) => from = there,
                // An earlier sender's parts were not of this photo.
                Err(PhotoError::Refused(_)) if from > 0 => from = 0,
                kept => return kept.map(|_| id),
            }
        }
        Err(PhotoError::Busy)
    }

    /// Completes a photo from its parts, the last of which is `last`.
    fn complete(&self, id: PhotoId, acknowledged: &Acknowledged, last: &[u8]) -> Result<(), PhotoError> {
        let part = self.path(id, ".part");
        let mut bytes = Vec::new();
        File::open(&part)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if PhotoId::of(&bytes) != id {
            return Err(self.mismatch(id, acknowledged, last, &bytes)?);
        }
        let drawn = {
            let _one = self.drawing.lock().unwrap_or_else(PoisonError::into_inner);
            picture::draw(&bytes)
        };
        let drawn = match drawn {
            Ok(drawn) => drawn,
            Err(why) => return Err(self.refuse(id, why)?),
        };
        let facts = serde_json::to_vec(&drawn.facts).map_err(io::Error::from)?;
        for (ending, content) in [(".jpg", &drawn.view), (".small.jpg", &drawn.thumbnail), (".json", &facts)]
        {
            let mut file = File::create(self.path(id, ending))?;
            file.write_all(content)?;
            file.sync_all()?;
        }
        // From here on the photo exists, and no failure changes its bytes.
        fs::rename(&part, self.path(id, ""))?;
        Self::sync_names(&part)?;
        // The record is no longer used; leftovers are removed with expired parts.
        let _ = fs::remove_file(self.path(id, ".acknowledged"));
        Ok(())
    }

    /// Returns why the parts do not form the photo. Either they were damaged on disk, so the sender continues
    /// from the last intact byte; or they are of another photo and are removed.
    fn mismatch(
        &self,
        id: PhotoId,
        acknowledged: &Acknowledged,
        last: &[u8],
        bytes: &[u8],
    ) -> io::Result<PhotoError> {
        let sound = acknowledged.sound(bytes).length();
        let is_last_sound = usize::try_from(sound).is_ok_and(|from| bytes.get(from..) == Some(last));
        if sound == acknowledged.length() && is_last_sound {
            return self.refuse(id, "the received photo has another SHA-256".to_owned());
        }
        tracing::error!(photo = %id, sound, "parts of a photo are damaged on disk and must be sent again");
        OpenOptions::new().write(true).open(self.path(id, ".part"))?.set_len(sound)?;
        Ok(PhotoError::Offset(sound))
    }

    /// Removes the parts of a photo.
    fn refuse(&self, id: PhotoId, why: String) -> io::Result<PhotoError> {
        remove(&self.path(id, ".acknowledged"))?;
        remove(&self.path(id, ".part"))?;
        Ok(PhotoError::Refused(why))
    }
}

/// Writes a part at its offset, in place of any bytes after that.
fn put_down(path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    file.set_len(offset)?;
    file.seek(SeekFrom::Start(offset))?;
    let done = file.write_all(bytes).and_then(|()| file.sync_all());
    if done.is_err() {
        // Free the space: a lack of it may be the cause.
        let _ = file.set_len(offset);
    }
    done
}

/// Removes a file if it exists.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
