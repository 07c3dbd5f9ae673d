//! The reference data, which never change after loading: regions, places and reported figures.
//!
//! The files, lowest first:
//! - `district_set` holds a set of districts.
//! - `regions` holds the regions, with data derived from their hierarchy.
//! - `search` finds regions and places by name in any spelling.
//! - `data` holds all of it, and its queries.

mod data;
mod district_set;
mod regions;
mod search;

pub use data::{ReferenceData, Reported};
pub use district_set::{DistrictSet, OUTSIDE};
pub use regions::RegionInfo;
pub use search::Hit;
