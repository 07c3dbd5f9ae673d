//! Positions that stand in one cell as text.

use demining::RawLocation;

pub(crate) fn locate_grid(text: &str) -> RawLocation {
    RawLocation::Unreadable { value: text.to_owned(), reason: "x".to_owned() }
}
pub(crate) fn locate_text(text: &str) -> RawLocation {
    RawLocation::Unreadable { value: text.to_owned(), reason: "x".to_owned() }
}
