//! The collections of records.

pub(crate) mod accident;
pub(crate) mod detection;
mod judged;
mod names;
mod place;
pub(crate) mod shared;

pub use judged::Judged;
