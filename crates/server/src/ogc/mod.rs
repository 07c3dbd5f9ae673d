//! Documents that the OGC API standards require besides features: conformance, collections, schemas, tilesets
//! and the `OpenAPI` description.

pub mod collections;
pub mod conformance;
pub mod documents;
pub mod landing;
pub mod openapi;
pub mod tilesets;
