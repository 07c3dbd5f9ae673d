//! What is read and written of each table, in the transaction that the caller has open.
//!
//! - `records`: the records as they stand
//! - `changes`: the changes of records
//! - `owners`: whose a record is
//! - `ids`: which number an id has
//! - `review`: which records are not approved
//! - `shown`: which revision the public sees
//! - `inbox`: uploads as they came
//! - `reports`: the reports of uploads
//! - `refused`: uploads that could not stand
//! - `quarantine`: records that wait for a manager's decision
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
