//! Accidents.

use atlas::{Found, SmallFilter, View};
use demining::{Accident, AccidentDetails};
use geometry::{Bounds, TileId};
use jiff::civil::Date;
use serde_json::{Value, json};
use service::{events::Shows, review::Near};

use super::{Listed, small};
use crate::{
    http::{params::Params, problem::Answer},
    wire::{merge_patch, systems::Within},
};

impl Listed for AccidentDetails {
    type Filter = SmallFilter<Self>;

    const FILTERS: &'static str = "bbox, datetime, region, operator, filter, filter-lang, filter-crs, and the properties that \
        /collections/accidents/queryables lists";

    fn filter(params: &mut Params, view: &View) -> Answer<Self::Filter> {
        small::filter(params, view)
    }

    fn within(filter: &mut Self::Filter, within: Within) {
        small::restrict(filter, within);
    }

    fn as_of(filter: &mut Self::Filter, day: Date) {
        filter.as_of = Some(day);
    }

    fn page(
        view: &View,
        filter: &Self::Filter,
        after: Option<u32>,
        limit: usize,
    ) -> (Vec<Found<Accident>>, Option<u32>) {
        small::page(view.accidents(), filter, after, limit)
    }

    fn count(view: &View, filter: &Self::Filter) -> u64 {
        view.accidents().count(filter)
    }

    fn tile(view: &View, tile: TileId, filter: &Self::Filter) -> Vec<u8> {
        view.accidents().tile(tile, filter)
    }

    fn layers(deepest: u8) -> Value {
        json!([small::layer::<Self>(deepest)])
    }

    fn extent(view: &View) -> Option<Bounds> {
        view.accidents().extent()
    }

    fn shows(filter: Self::Filter) -> Shows {
        Shows::Accidents(filter)
    }

    fn day_of(filter: &Self::Filter) -> Option<Date> {
        filter.as_of
    }

    fn before_patch(feature: &mut Value, patch: &Value) {
        if patch.pointer("/properties/victims").is_some() {
            // Counts follow from the victims, unless the patch states them.
            merge_patch::apply(feature, &json!({"properties": {"killed": null, "injured": null}}));
        }
    }

    fn about_near(near: &Near<Accident>) -> Value {
        let accident = &near.record.content;
        json!({"class": accident.class.word(), "occurred_on": accident.occurred_on.to_string()})
    }
}
