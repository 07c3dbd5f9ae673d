//! What the program does, without HTTP: how records come in, who may do what, the log and what is derived of it.
//!
//! A request, a form or a file becomes an [`intake::InboundMessage`]; reads go to the [`atlas::Atlas`] and the store's
//! [`readers::Readers`]. Nothing here knows a status code or starts a runtime.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
pub mod background;
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

pub use fault::Fault;
pub use integrity::Corruption;
pub use log::{WriteHealth, Writer};
pub use replay::replay;
pub use service::{Opened, Service};
pub use start_error::StartError;
