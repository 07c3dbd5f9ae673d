//! GeoPackage: an untrusted SQLite file, copied to a temporary file and read defensively.

mod layer;
mod read;
mod stranger;

pub(crate) use read::read_geopackage;
