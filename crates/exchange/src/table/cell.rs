//! A cell of a table, or an attribute of a feature.

/// What a cell holds, as its format has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Blank,
    /// Text; days as `2023-03-14`, moments as RFC 3339.
    Text(&'a str),
    /// A number as it was written, or the shortest digits that read back as the same `f64`.
    Number(&'a str),
    /// True or false.
    Bool(bool),
    /// An array or object, as JSON text.
    Json(&'a str),
}

impl<'a> Cell<'a> {
    /// The text of it, without blanks around it.
    pub(crate) fn text(self) -> &'a str {
        match self {
            Self::Blank => "",
            Self::Text(text) | Self::Number(text) | Self::Json(text) => text.trim(),
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
        }
    }
}

/// A cell that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadCell {
    /// What stood there, as far as it can be shown.
    pub value: String,
    /// Why, as the end of a sentence that begins with the column's name.
    pub reason: String,
}

impl BadCell {
    pub(crate) fn new(value: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { value: value.into(), reason: reason.into() }
    }
}
