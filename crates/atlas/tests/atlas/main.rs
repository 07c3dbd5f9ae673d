//! The atlas against a plain look at every record.
#![allow(clippy::unwrap_used, missing_docs)]

mod conditions;
mod decoded;
mod folding;
mod ground;
mod happened;
mod public;
mod reading;
mod regions;
mod saving;
mod tiles;
mod world;
