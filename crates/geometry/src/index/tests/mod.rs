//! Compares the index with a linear scan over the same entries.
//!
//! The files, lowest first:
//! - `items` has test entries, and a plain map of them.
//! - `commits` tests loads and commits.
//! - `lookups` tests tiles, windows and searches by distance.
//! - `any` tests random ranges and edits.

mod any;
mod commits;
mod items;
mod lookups;
