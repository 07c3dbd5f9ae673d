//! Tests of the store's interface: one binary, one module per guarantee.

#![allow(clippy::unwrap_used)]

mod accidents;
mod accidents_checked;
mod chain;
mod commits;
mod durability;
mod fixtures;
mod foreign_files;
mod gdal;
mod histories;
mod inbox;
mod migrations;
mod names;
mod original;
mod owners;
mod redaction;
mod reference;
mod review;
mod samples;
mod story;
mod tokens;
mod trust;
