//! Accidents: queries against a naive check of each record, folding, and what the public may know.
//!
//! The files, lowest first:
//! - `made` makes seeded accidents.
//! - `queries` tests filters, pages, tiles and summaries.
//! - `folding` tests that folding equals loading, and what is announced.
//! - `observer` solves for the withheld numbers.
//! - `withheld` tests that no observer finds a withheld number.
//! - `hidden` tests that what is not public changes no public answer.

mod folding;
mod hidden;
mod made;
mod observer;
mod queries;
mod withheld;
