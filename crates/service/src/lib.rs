//! The application without HTTP: incoming records, access rights, the log and what is derived from it.
//!
//! A request, a form or a file becomes an [`intake::InboundMessage`]; reads use the [`atlas::Atlas`] and the
//! store's [`readers::Readers`]. This crate knows no status codes and starts no runtime.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
pub mod background;
mod collections;
pub mod events;
mod fault;
mod fingerprint;
pub mod intake;
mod integrity;
pub mod journal;
mod log;
pub mod memory;
pub mod photos;
pub mod pool;
pub mod readers;
mod replay;
pub mod review;
mod service;
mod snapshot;
mod start_error;

pub use collections::{FoundOf, OPERATOR, Served, found};
pub use fault::Fault;
pub use integrity::Corruption;
pub use log::{WriteHealth, Writer};
pub use replay::replay;
pub use service::{Opened, Service};
pub use start_error::StartError;
