//! The collections of records, each with its content, fields and rules.

pub(crate) mod detection;
