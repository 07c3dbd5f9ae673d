//! How much of a photo was acknowledged while its parts arrive.
//!
//! The length of the partial file is not reliable: after a power cut the file can be longer than what was
//! synced, with arbitrary bytes at its end. So each part is recorded once it is on disk: where it ends, and a
//! hash of all bytes up to there, which later shows whether they are unchanged. A truncated or invalid line
//! was never acknowledged.

use std::{
    fs::{self, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

/// The end of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// Bytes of the photo up to here.
    pub length: u64,
    /// BLAKE3 of the hash at the previous end and the bytes since.
    hash: blake3::Hash,
}

/// The acknowledged parts, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Acknowledged {
    ends: Vec<End>,
}

impl Acknowledged {
    /// Reads the record file; empty if it is missing.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        let noted = match fs::read(path) {
            Ok(noted) => noted,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let mut read = Self::default();
        for line in noted.split_inclusive(|byte| *byte == b'\n') {
            match End::read(line).filter(|end| end.length > read.length()) {
                Some(end) => read.ends.push(end),
                None => break,
            }
        }
        Ok(read)
    }

    /// Drops the parts beyond the length of the partial file.
    pub(super) fn within(mut self, length: u64) -> Self {
        self.ends.retain(|end| end.length <= length);
        self
    }

    /// Returns the number of acknowledged bytes.
    pub(super) fn length(&self) -> u64 {
        self.ends.last().map_or(0, |end| end.length)
    }

    /// Returns the end of the next part.
    pub(super) fn after(&self, part: &[u8]) -> End {
        let length = self.length() + part.len() as u64;
        End { length, hash: chained(self.ends.last(), part) }
    }

    /// Records one more part; it is on disk when this returns.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn note(&mut self, path: &Path, end: End) -> io::Result<()> {
        let before: usize = self.ends.iter().map(|end| end.line().len()).sum();
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        // A truncated line may follow the last valid one.
        file.set_len(before as u64)?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(end.line().as_bytes())?;
        file.sync_all()?;
        self.ends.push(end);
        Ok(())
    }

    /// Returns the leading parts that still match the bytes in the file.
    pub(super) fn sound(&self, bytes: &[u8]) -> Self {
        let (mut sound, mut from) = (Self::default(), 0);
        for end in &self.ends {
            let to = usize::try_from(end.length).unwrap_or(usize::MAX);
            match bytes.get(from..to) {
                Some(part) if chained(sound.ends.last(), part) == end.hash => sound.ends.push(*end),
                _ => break,
            }
            from = to;
        }
        sound
    }
}

impl End {
    fn line(&self) -> String {
        format!("{} {}\n", self.length, self.hash.to_hex())
    }

    fn read(line: &[u8]) -> Option<Self> {
        let (length, hash) = std::str::from_utf8(line).ok()?.strip_suffix('\n')?.split_once(' ')?;
        let end = Self { length: length.parse().ok()?, hash: blake3::Hash::from_hex(hash).ok()? };
        // Accept only the canonical form.
        (end.line().as_bytes() == line).then_some(end)
    }
}

fn chained(before: Option<&End>, part: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before.map_or(&[0; 32], |end| end.hash.as_bytes()));
    hasher.update(part);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(parts: &[&[u8]]) -> (tempfile::TempDir, std::path::PathBuf, Acknowledged) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let mut acknowledged = Acknowledged::default();
        for part in parts {
            let end = acknowledged.after(part);
            acknowledged.note(&path, end).unwrap();
        }
        (folder, path, acknowledged)
    }

    #[test]
    fn what_is_noted_is_read_again_and_a_line_that_was_cut_off_counts_for_nothing() {
        let (_folder, path, acknowledged) = noted(&[b"abc", b"de"]);
        assert_eq!(acknowledged.length(), 5);
        assert_eq!(Acknowledged::read(&path).unwrap(), acknowledged);
        let whole = fs::read(&path).unwrap();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for cut in 0..=whole.len() {
            let expected = if cut == whole.len() { 5 } else { 3 * u64::from(cut >= first) };
            fs::write(&path, &whole[..cut]).unwrap();
            assert_eq!(Acknowledged::read(&path).unwrap().length(), expected, "{cut}");
            // The right size with wrong bytes.
            fs::write(&path, [&whole[..cut], &vec![0; whole.len() - cut]].concat()).unwrap();
            let mut read = Acknowledged::read(&path).unwrap();
            assert_eq!(read.length(), expected, "{cut}");
            let end = read.after(b"more");
            read.note(&path, end).unwrap();
            assert_eq!(Acknowledged::read(&path).unwrap(), read, "{cut}");
        }
        assert_eq!(Acknowledged::read(Path::new("/nowhere/at/all")).unwrap(), Acknowledged::default());
    }

    #[test]
    fn parts_are_sound_as_far_as_the_bytes_are_those_that_came() {
        let (_folder, _, acknowledged) = noted(&[b"abc", b"de", b"f"]);
        for (bytes, length) in [
            (&b"abcdef"[..], 6),
            (b"abcdefgh", 6),
            (b"abcdeX", 5),
            (b"abcXef", 3),
            (b"abcd", 3),
            (b"Xbcdef", 0),
        ] {
            assert_eq!(acknowledged.sound(bytes).length(), length, "{bytes:?}");
        }
        assert_eq!(acknowledged.clone().within(5).length(), 5);
        assert_eq!(acknowledged.within(4).length(), 3);
    }
}
