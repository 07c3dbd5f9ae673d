//! What the OGC API standards ask for beside the features: what is kept to, reference systems, schemas, and the
//! description of the whole.

pub mod collections;
pub mod conformance;
pub mod documents;
pub mod landing;
pub mod openapi;
pub mod tilesets;
