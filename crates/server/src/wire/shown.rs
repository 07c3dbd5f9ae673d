//! Shortens clients' texts for error messages.

/// Returns the first 40 characters of a text.
pub fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
