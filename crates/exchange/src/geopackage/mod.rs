//! GeoPackage: an SQLite file of a stranger, put down in a temporary file and read with care.

mod layer;
mod read;
mod stranger;

pub(crate) use read::read_geopackage;
