//! The store as a `GeoPackage`, a file of `SQLite`.

pub(crate) mod access;
pub(crate) mod chain;
pub(crate) mod check;
pub(crate) mod columns;
pub(crate) mod commit;
pub(crate) mod error;
pub(crate) mod file;
pub(crate) mod gpkg;
pub(crate) mod open;
pub(crate) mod reader;
pub(crate) mod schema;
pub(crate) mod store;
pub(crate) mod tables;
pub(crate) mod walk;
