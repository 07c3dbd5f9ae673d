//! The collections of records: what each holds, its fields and its rules.

pub(crate) mod detection;
