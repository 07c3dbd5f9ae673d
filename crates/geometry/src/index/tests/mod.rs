//! The index against a linear scan over the same entries.
//!
//! The files, lowest first:
//! - `items` holds entries of tests, and a plain look at them.
//! - `commits` tests loads and commits.
//! - `lookups` tests tiles, windows and what is near.
//! - `any` tests random ranges and edits.

mod any;
mod commits;
mod items;
mod lookups;
