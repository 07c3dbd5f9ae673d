//! JSON values, and the faults of a text.

use std::borrow::Cow;

/// Why a JSON text is rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The offset in the text, bytes.
    pub at: usize,
    /// The innermost member concerned, if any.
    pub field: String,
    /// The text found there.
    pub value: String,
    /// The reason.
    pub reason: String,
}

/// A value: scalars are decoded, arrays and objects are text that was checked to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    Array(&'a str),
    Object(&'a str),
}

impl Json<'_> {
    /// Returns the type with its article, for messages.
    pub(crate) fn what(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// Returns the text, for messages.
    pub(crate) fn shown(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Number(text) | Self::Array(text) | Self::Object(text) => text,
            Self::Text(text) => text,
        }
    }
}

impl Fault {
    /// Attributes the fault to the member `key`, unless it already names a member further inside.
    pub(crate) fn within(mut self, key: &str) -> Self {
        if self.field.is_empty() {
            key.clone_into(&mut self.field);
        }
        self
    }
}
