//! Reads and writes each table, in the transaction that the caller has open.
//!
//! - `records`: the current records
//! - `changes`: the changes of records
//! - `owners`: the owners of records
//! - `ids`: the record numbers of ids
//! - `review`: which records are not approved
//! - `shown`: the public revision of each revision
//! - `inbox`: received uploads
//! - `reports`: the reports of uploads
//! - `refused`: refused uploads that wait for a manager
//! - `quarantine`: writes that wait for a manager's decision
//! - `photos`: which records name a photo
//! - `tokens`: tokens and sessions
//! - `reference`: regions, places and reported figures

pub(crate) mod changes;
pub(crate) mod ids;
pub(crate) mod inbox;
pub(crate) mod owners;
pub(crate) mod photos;
pub(crate) mod quarantine;
pub(crate) mod records;
pub(crate) mod reference;
pub(crate) mod refused;
pub(crate) mod reports;
pub(crate) mod review;
pub(crate) mod shown;
pub(crate) mod tokens;
