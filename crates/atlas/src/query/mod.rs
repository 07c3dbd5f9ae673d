//! What is asked for, and how the index is asked.
//!
//! The files, lowest first:
//! - `set` holds values of a closed list.
//! - `event` names what can happen to a record.
//! - `part` says how the rows of a node lie to one part of a filter.
//! - `window` compares a box with places that are known to a centimetre.
//! - `asked` holds the districts and the operators that are asked for.
//! - `condition` holds what a feature must satisfy, in the terms of CQL2.
//! - `filter` holds the filters that every reader has in common.
//! - `plan` makes a filter ready for one snapshot: a query.
//! - `meets` holds the rest of a condition against rows and nodes.
//! - `judge` judges the query against a whole node.
//! - `matching` holds the query against one row.
//! - `months` says what months tell of the query.
//! - `runs` cuts the rows of a leaf, so that the exact places of few are looked up.
//! - `hits` counts the rows of a leaf that match, many at a time.
//! - `parts` splits a walk over the index between cores.
//! - `scan` goes through what a query leaves, by the shortest way.

pub mod asked;
pub mod condition;
pub mod event;
pub mod filter;
pub mod hits;
pub mod judge;
mod matching;
mod meets;
mod months;
pub mod part;
pub mod parts;
pub mod plan;
mod runs;
pub mod scan;
pub mod set;
pub mod window;
