//! The collections of records.

pub(crate) mod accident;
mod content;
pub(crate) mod detection;
mod names;
mod place;
mod progress;
pub(crate) mod shared;

pub use content::{Collection, Content, Judged};
pub use progress::Amendment;
