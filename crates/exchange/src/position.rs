//! Reads positions as text: a military grid reference, or degrees with letters.

use demining::{AsGiven, RawLocation};
use geometry::notation::{Notation, read};

/// Returns the place named by a text such as `38T PK 12435 35038` or `40°06'22.7"N 46°02'28.3"E`.
///
/// The text is kept as written, and its limited precision counts as an error of the position.
pub(crate) fn locate_text(text: &str) -> RawLocation {
    match read(text) {
        Ok(written) => RawLocation::At {
            lon: written.at.lon(),
            lat: written.at.lat(),
            as_given: Some(AsGiven {
                coordinates: text.trim().to_owned(),
                crs: match written.notation {
                    Notation::Mgrs => "MGRS".to_owned(),
                    Notation::Degrees => "WGS84".to_owned(),
                },
            }),
            transform_accuracy_m: written.precision_m,
        },
        Err(error) => {
            RawLocation::Unreadable { value: text.chars().take(80).collect(), reason: error.to_string() }
        }
    }
}

/// Returns the place in two columns of degrees, minutes and seconds. The letters may be missing, because the
/// column names tell which is which.
pub(crate) fn locate_pair(north: &str, east: &str) -> RawLocation {
    let with_letter = |text: &str, letters: [char; 2]| {
        if text.to_ascii_uppercase().contains(letters) {
            return text.to_owned();
        }
        match text.strip_prefix('-') {
            Some(below) => format!("{below} {}", letters[1]),
            None => format!("{text} {}", letters[0]),
        }
    };
    locate_text(&format!("{} {}", with_letter(north, ['N', 'S']), with_letter(east, ['E', 'W'])))
}
