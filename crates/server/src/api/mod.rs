//! Routes for programs, the web map and field teams, one module for each topic.
//!
//! - [`records`]: pages of records, single records, and writing them.
//! - [`uploads`]: files of records; [`asked`]: the options of an upload; [`answers`]: outcomes as responses.
//! - [`review`]: the queues of managers. [`own`]: a team's own records.
//! - [`tiles`], [`summary`], [`search`], [`export`], [`changes`], [`events`]: data for the map and GIS
//!   programs.
//! - [`accidents`]: counts of accidents, which are public although the records are not.
//! - [`page`], [`basemap`], [`crawlers`]: the web map, what it draws below the records, and what search engines read.
//! - [`photos`], [`session`], [`tokens`], [`health`]: the rest.

pub mod accidents;
pub mod answers;
pub mod asked;
pub mod basemap;
pub mod changes;
pub mod crawlers;
pub mod events;
pub mod export;
pub mod health;
pub mod own;
pub mod page;
pub mod photos;
pub mod records;
pub mod review;
pub mod search;
pub mod session;
pub mod summary;
pub mod tiles;
pub mod tokens;
pub mod uploads;
