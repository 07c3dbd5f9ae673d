//! How the server reads and draws the records of each collection.
//!
//! - [`detections`], [`accidents`]: the collections.
//! - [`small`]: filters of a collection of few records.

mod accidents;
pub mod detections;
mod small;

use atlas::{Found, Scope, View};
use demining::Judged;
use geometry::{Bounds, TileId};
use jiff::civil::Date;
use serde_json::Value;
use service::{
    events::Shows,
    review::{Near, Reviewed},
};

use crate::{
    http::{params::Params, problem::Answer},
    wire::systems::Within,
};

/// The content of a collection whose records the server serves.
pub trait Listed: Reviewed {
    /// What selects records.
    type Filter: Clone + Default + Send + Sync + 'static;

    /// The names of the filters, for messages about unknown parameters.
    const FILTERS: &'static str;

    /// Reads the filters.
    ///
    /// # Errors
    /// 400 that names the parameter, its value and the problem.
    fn filter(params: &mut Params, view: &View) -> Answer<Self::Filter>;

    /// Restricts a filter to a box or an area.
    fn within(filter: &mut Self::Filter, within: Within);

    /// Restricts a filter to what was known at the end of a day.
    fn as_of(filter: &mut Self::Filter, day: Date);

    /// Returns at most `limit` records after the number `after`, and the number after which the next page
    /// begins.
    fn page(
        view: &View,
        filter: &Self::Filter,
        after: Option<u32>,
        limit: usize,
    ) -> (Vec<Found<Judged<Self>>>, Option<u32>);

    /// Returns the number of records that [`Self::page`] lists in all.
    fn count(view: &View, filter: &Self::Filter) -> u64;

    /// Returns the number of records that the filter selects, whether they are listed or not.
    fn n_selected(view: &View, filter: &Self::Filter) -> u64 {
        Self::count(view, filter)
    }

    /// Draws a tile; empty if nothing is in it.
    fn tile(view: &View, tile: TileId, filter: &Self::Filter) -> Vec<u8>;

    /// Describes the layers of a tile, for TileJSON.
    fn layers(deepest: u8) -> Value;

    /// Returns the box around all records.
    fn extent(view: &View) -> Option<Bounds>;

    /// Returns what a listener to changes of the filtered records is shown.
    fn shows(filter: Self::Filter) -> Shows;

    /// Returns the day that [`Self::as_of`] set.
    fn day_of(filter: &Self::Filter) -> Option<Date>;

    /// Prepares a feature for a patch that does not repeat what follows from it.
    fn before_patch(_feature: &mut Value, _patch: &Value) {}

    /// Returns the members of a possible duplicate that only this collection has.
    fn about_near(near: &Near<Judged<Self>>) -> Value;
}

/// Reads the filters and `as_of`.
///
/// # Errors
/// As [`Listed::filter`].
pub fn take_as_of<T: Listed>(params: &mut Params, view: &View) -> Answer<T::Filter> {
    let day = super::filter::as_of(params)?;
    let mut filter = T::filter(params, view)?;
    if let Some(day) = day {
        T::as_of(&mut filter, day);
    }
    Ok(filter)
}

/// Returns the names of the filters with `as_of`, for messages.
pub fn names_as_of<T: Listed>() -> String {
    format!("as_of, {}", T::FILTERS)
}

/// Returns whether a scope may read a property of a collection's records.
pub fn is_shown<T: Listed>(scope: Scope, name: &str) -> bool {
    scope == Scope::Full || Judged::<T>::is_public(name)
}
