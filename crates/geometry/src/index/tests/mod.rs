//! The index against a linear scan over the same entries.

mod any;
mod commits;
mod items;
mod lookups;
