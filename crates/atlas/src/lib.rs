//! Everything derived from the records: the index by place, the slot table by number, the summary cube, and
//! the queries on them for tiles, pages, counts, summaries and the figures of regions. All of it can be
//! rebuilt from the records.
//!
//! [`Atlas`] holds the newest snapshot. A reader takes a [`View`] of it, which never changes; the single
//! writer [folds](Atlas::fold) changes into the next snapshot and swaps it in. This crate does no IO, has no
//! clock and knows no wire format except vector tiles.
//!
//! Each folder imports only from those before it:
//! - `reference` holds regions, places and reported figures.
//! - `detections` holds detections in memory: as records, as rows and as counts.
//! - `core` holds the state at one revision, and derives the next one.
//! - `query` holds filters and runs them on the index.
//! - `answers` computes the results for readers.
//! - `small` holds collections of few records, and queries them by testing each record.
//! - `accidents` adds what is specific to accidents, with the counts that the public may know.
//!
//! `state`, `view`, `folded` and `atlas` join them.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod accidents;
mod answers;
mod atlas;
mod core;
mod detections;
mod folded;
mod query;
mod reference;
mod small;
mod state;
mod view;

pub use accidents::{
    AccidentCounts, Accidents, PublicCell, PublicCounts, PublicFilter, VictimCounts, VictimGroup,
    VictimGrouping,
};
pub use answers::{
    figures::{KindRow, MonthRow, Recorded, RegionSummary, RegionsSummary},
    happened::{Events, RegionEvents, RegionsEvents},
    page::{Found, Page},
    summary::{Group, Grouping, Summary},
    tile::{CROWD, GRID_BITS, MOST_SINGLES, SINGLES_FROM},
};
pub use atlas::Atlas;
pub use core::{
    delta::Delta,
    load::{Loading, Stretch},
    saved::{SAVED_VERSION, Unreadable},
    scope::Scope,
};
pub use detections::{counts::Counts, day::Month};
pub use folded::Folded;
pub use query::{
    condition::{
        Comparison, Condition, Detections, Feature, Field, Folding, Moment, Number, NumberField, OtherField,
        Pattern, Properties, Spatial, TextField, TextTest, Time, TimeField, TimeRelation,
    },
    filter::{Dates, Filter},
    set::{Member, Set},
};
pub use reference::{DistrictSet, Hit, ReferenceData, RegionInfo, Reported};
pub use small::{
    Fields, GroupBy, GroupKey, Located, Property, Small, SmallCollection, SmallFilter, SmallPage,
};
pub use state::Changes;
pub use view::View;
