//! Filters, and how they are run on the index.
//!
//! The files, lowest first:
//! - `set` holds values of a vocabulary.
//! - `event` names the events of a record.
//! - `part` is a judgement on the rows of a node.
//! - `window` compares a box with places that are known to a centimetre.
//! - `asked` holds the requested districts and operators.
//! - `condition` holds conditions on features, in the terms of CQL2.
//! - `filter` holds the filter that all queries have in common.
//! - `plan` prepares a filter for one snapshot: a query.
//! - `meets` evaluates the rest of a condition on rows and nodes.
//! - `judge` judges the query against a whole node.
//! - `matching` compares the query with one row.
//! - `months` expresses a query in whole months.
//! - `runs` splits the rows of a leaf, so that few exact places are looked up.
//! - `hits` counts the matching rows of a leaf, many at a time.
//! - `parts` splits a walk over the index between cores.
//! - `scan` runs a query by the fastest way.

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
