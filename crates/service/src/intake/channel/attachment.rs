//! Files of a submission that are not displayable photos.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A file of a submission that is not a displayable photo.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attachment {
    /// The `instanceID` of the submission.
    pub submission: Uuid,
    /// The name of the file.
    pub name: String,
    /// Whether it was meant to be a photo. Earlier versions stored nothing else.
    #[serde(default = "yes")]
    pub is_photo: bool,
}

const fn yes() -> bool {
    true
}

/// File extensions of pictures that phones make, including formats that cannot be displayed.
const PICTURES: [&str; 11] =
    ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff"];

/// File extensions of video and audio.
const FILMS_AND_SOUND: [&str; 20] = [
    "mp4", "m4v", "mov", "3gp", "3gpp", "3g2", "mkv", "webm", "avi", "mpg", "mpeg", "m4a", "mp3", "amr",
    "aac", "ogg", "opus", "wav", "flac", "wma",
];

impl Attachment {
    /// Classifies a file by its name; `is_named` is true if the answers name it as a photo.
    pub fn new(submission: Uuid, name: String, is_named: bool) -> Self {
        let ending = name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
        let is_one_of = |endings: &[&str]| endings.contains(&ending.as_str());
        let is_photo = is_one_of(&PICTURES) || (is_named && !is_one_of(&FILMS_AND_SOUND));
        Self { submission, name, is_photo }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_to_be_a_photo_is_a_managers() {
        let is_photo =
            |name: &str, is_named| Attachment::new(Uuid::nil(), name.to_owned(), is_named).is_photo;
        for (name, is_named) in [("a.JPG", false), ("1.heic", false), ("photo", true), ("scan.pdf", true)] {
            assert!(is_photo(name, is_named), "{name}");
        }
        for (name, is_named) in
            [("audit.csv", false), ("clip.mp4", true), ("say.M4A", false), ("photo", false)]
        {
            assert!(!is_photo(name, is_named), "{name}");
        }
        let before: Attachment =
            serde_json::from_str(r#"{"submission": "00000000-0000-0000-0000-000000000000", "name": "x"}"#)
                .unwrap();
        assert!(before.is_photo);
    }
}
