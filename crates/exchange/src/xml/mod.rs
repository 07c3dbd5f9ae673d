//! XML of strangers, and our own: the elements that are rows, one at a time.

mod element;
mod escape;
mod reader;

pub(crate) use element::Element;
pub(crate) use escape::push_text;
pub(crate) use reader::Elements;
