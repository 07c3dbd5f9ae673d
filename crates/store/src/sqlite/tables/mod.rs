//! What is read and written of each table.

pub(crate) mod ids;
pub(crate) mod inbox;
pub(crate) mod owners;
pub(crate) mod photos;
pub(crate) mod quarantine;
pub(crate) mod reference;
pub(crate) mod refused;
pub(crate) mod reports;
