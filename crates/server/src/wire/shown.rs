//! Texts of clients, as they are repeated in errors.

/// The beginning of a text that may be long.
pub fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
