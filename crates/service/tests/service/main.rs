//! Tests of the service's interface: accidents go through the same engine as detections.

#![allow(clippy::unwrap_used)]

mod import;
mod intake;
mod log;
mod review;
mod rights;
mod world;
