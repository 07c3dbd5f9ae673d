//! What is given once and never changes: regions, places and reported figures.
//!
//! The files, lowest first:
//! - `district_set` holds a set of districts.
//! - `regions` holds the regions, with what follows from their place among the others.
//! - `search` finds regions and places by name in any spelling.
//! - `data` holds all of it, and answers questions to it.

mod data;
mod district_set;
mod regions;
mod search;

pub use data::{ReferenceData, Reported};
pub use district_set::{DistrictSet, OUTSIDE};
pub use regions::RegionInfo;
pub use search::Hit;
