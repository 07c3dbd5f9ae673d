//! Black-box tests: they start the real program and speak to it as its users do.
#![allow(missing_docs, clippy::unwrap_used)]

mod access;
mod architecture;
mod bad_input;
mod command_line;
mod container;
mod crashes;
mod demonstration;
mod editing;
mod events;
mod filters;
mod formats;
mod gdal;
mod http_manners;
mod inbox;
mod noninterference;
mod ogc;
mod openrosa;
mod pages;
mod photos;
mod program;
mod starts;
mod suites;
mod tile_counts;
mod uploads;
mod write_manners;
