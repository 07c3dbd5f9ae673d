//! Filters, in CQL2 and as parameters: the same result everywhere, and a 400 for invalid ones.
//!
//! The modules, lowest first:
//! - `asking` creates the records and queries them in each place.
//! - `everywhere` tests one filter in both languages, everywhere.
//! - `values` tests intervals, instants and values.
//! - `small_collections` tests filters of regions, places and reported figures.

mod asking;
mod everywhere;
mod small_collections;
mod values;
