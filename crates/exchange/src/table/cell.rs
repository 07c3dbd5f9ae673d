//! A cell of a table, or an attribute of a feature.

/// The content of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// No value.
    Blank,
    /// Text; days as `2023-03-14`, instants as RFC 3339.
    Text(&'a str),
    /// A number as written, or the shortest digits that read back as the same `f64`.
    Number(&'a str),
    /// True or false.
    Bool(bool),
    /// An array or object, as JSON text.
    Json(&'a str),
}

impl<'a> Cell<'a> {
    /// Returns its text, trimmed.
    pub(crate) fn text(self) -> &'a str {
        match self {
            Self::Blank => "",
            Self::Text(text) | Self::Number(text) | Self::Json(text) => text.trim(),
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
        }
    }
}

/// An unreadable cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadCell {
    /// The original value, as far as it can be shown.
    pub value: String,
    /// The reason, as the end of a sentence that begins with the column's name.
    pub reason: String,
}

impl BadCell {
    pub(crate) fn new(value: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { value: value.into(), reason: reason.into() }
    }
}
