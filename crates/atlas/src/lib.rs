//! Everything that is derived from the records and can be made anew from them: the index by
//! place, the slot table by number, the summary cube, and what is answered from them: tiles,
//! pages, counts, summaries and the figures of regions.
//!
//! [`Atlas`] holds the newest snapshot. A reader takes a [`View`] of it, which never changes; the
//! one writer [folds](Atlas::fold) changes into the next snapshot and swaps it in. This room does
//! no IO, holds no clock and knows no wire format but that of vector tiles.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod atlas;
mod condition;
mod counts;
mod cube;
mod day;
mod figures;
mod filter;
mod fold;
mod happened;
mod hits;
mod ids;
mod load;
mod node_summary;
mod operators;
mod page;
mod parts;
mod query;
mod records;
mod reference;
mod row;
mod rows;
mod runs;
mod saved;
mod scan;
mod scope;
mod search;
mod set;
mod snapshot;
mod sparse;
mod summary;
mod tile;
mod tile_versions;
mod view;
mod window;

pub use atlas::Atlas;
pub use condition::{
    Comparison, Condition, Detections, Feature, Field, Folding, Moment, Number, NumberField, Pattern,
    Properties, Spatial, TextField, TextTest, Time, TimeField, TimeRelation,
};
pub use counts::Counts;
pub use day::Month;
pub use figures::{KindRow, MonthRow, Recorded, RegionSummary, RegionsSummary};
pub use filter::{Dates, Filter};
pub use fold::{Delta, Folded};
pub use happened::{Events, RegionEvents, RegionsEvents};
pub use load::{Loading, Stretch};
pub use page::{Found, Page};
pub use reference::{DistrictSet, ReferenceData, RegionInfo, Reported};
pub use saved::{SAVED_VERSION, Unreadable};
pub use scope::Scope;
pub use search::Hit;
pub use set::{Member, Set};
pub use summary::{Group, Grouping, Summary};
pub use tile::{CROWD, GRID_BITS, MOST_SINGLES, SINGLES_FROM};
pub use view::View;
