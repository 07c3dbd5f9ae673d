//! The shapes on the wire. Only this folder knows how core types look as JSON.

pub mod cql2;
pub mod features;
pub mod filter;
pub mod history;
pub mod links;
pub mod merge_patch;
pub mod reference;
pub mod regions;
pub mod summary;
pub mod time;
pub mod upload;
