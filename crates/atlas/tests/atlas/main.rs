//! Tests the atlas against a naive check of every record.
#![allow(clippy::unwrap_used, missing_docs)]

mod accidents;
mod conditions;
mod decoded;
mod folding;
mod happened;
mod public;
mod questions;
mod reading;
mod reference;
mod regions;
mod saving;
mod tiles;
mod truth;
mod wishes;
mod world;
