//! What programs and the web map ask for, and what teams send: a file for each topic.
//!
//! - [`detections`]: pages of records, single ones, and how they are written.
//! - [`uploads`]: files of records; [`asked`]: how a request says what is to be done with a file; [`answers`]: what
//!   became of it, as a status and a body.
//! - [`review`]: what waits for a manager. [`own`]: what a team asks about its own records.
//! - [`tiles`], [`summary`], [`search`], [`export`], [`changes`], [`events`]: what the map and GIS programs read.
//! - [`photos`], [`session`], [`tokens`], [`page`], [`health`]: the rest.

pub mod answers;
pub mod asked;
pub mod changes;
pub mod detections;
pub mod events;
pub mod export;
pub mod health;
pub mod own;
pub mod page;
pub mod photos;
pub mod review;
pub mod search;
pub mod session;
pub mod summary;
pub mod tiles;
pub mod tokens;
pub mod uploads;
