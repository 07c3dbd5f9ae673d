//! Values as they are read, and why a text is none.

use std::borrow::Cow;

/// Why a text is no JSON that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where in the text, bytes from its beginning.
    pub at: usize,
    /// The innermost member it is about, if any.
    pub field: String,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
}

/// One value: scalars decoded, arrays and objects as their text, which was checked to the end.
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
    /// What it is, with its article, for a message.
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

    /// Its text, for a message.
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
    /// The same, said of the member `key` unless it names a member further inside.
    pub(crate) fn within(mut self, key: &str) -> Self {
        if self.field.is_empty() {
            key.clone_into(&mut self.field);
        }
        self
    }
}
