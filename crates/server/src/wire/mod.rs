//! Representations on the wire. Only this module defines the JSON of core types.

pub mod accidents;
pub mod bbox;
pub mod collection;
pub mod content_crs;
pub mod cql2;
pub mod features;
pub mod filter;
pub mod history;
pub mod lang;
pub mod layers;
pub mod matrices;
pub mod merge_patch;
pub mod properties;
pub mod records;
pub mod reference;
pub mod regions;
pub mod shown;
pub mod summary;
pub mod systems;
pub mod time;
pub mod upload;
