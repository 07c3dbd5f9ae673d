//! XML, untrusted and our own: reads the elements that are rows, one at a time.

mod element;
mod escape;
mod reader;

pub(crate) use element::Element;
pub(crate) use escape::push_text;
pub(crate) use reader::Elements;
