//! Filters, in CQL2 and as parameters: the same answer everywhere, and a 400 for what cannot be asked.
//!
//! The files, lowest first:
//! - `asking` holds the records, and asks for them in each place.
//! - `everywhere` tests one filter in every language and place.
//! - `values` tests intervals, instants and values.
//! - `small_collections` tests filters of regions, places and reported figures.

mod asking;
mod everywhere;
mod small_collections;
mod values;
