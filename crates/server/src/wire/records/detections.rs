//! Detections.

use std::{str::FromStr, sync::Arc};

use atlas::{Detections, Field, Filter, Found, Scope, Set, TextField, View};
use demining::{Details, Kind, Status};
use geometry::{Bounds, TileId};
use jiff::civil::Date;
use serde_json::{Value, json};
use service::{events::Shows, review::Near};

use super::{Listed, is_shown};
use crate::{
    http::{params::Params, problem::Answer},
    wire::{
        bbox::bbox,
        cql2::Vocabulary,
        filter::{condition, interval, operators, regions},
        merge_patch,
        systems::Within,
    },
};

impl Listed for Details {
    type Filter = Filter;

    const FILTERS: &'static str = "bbox, datetime, status, kind, region, operator, filter, filter-lang, filter-crs, and the \
        properties that /collections/detections/queryables lists";

    fn filter(params: &mut Params, view: &View) -> Answer<Filter> {
        let mut filter = Filter::default();
        if let Some(condition) = condition(params, &Shown(view.scope()))? {
            // A filter on the status may also select discounted records.
            if condition.names(Field::Text(TextField::Status)) {
                filter.statuses = Set::all();
            }
            filter.condition = Some(Arc::new(condition));
        }
        if let Some(statuses) = params.list("status", word::<Status>)? {
            filter.statuses = Set::of(statuses.into_iter().flatten());
        }
        if let Some(kinds) = params.list("kind", word::<Kind>)? {
            filter.kinds = Set::of(kinds.into_iter().flatten());
        }
        filter.regions = regions(params, view.reference())?;
        filter.operators = params.take("operator").map(|list| operators(&list));
        if let Some(dates) = params.parse("datetime", interval)? {
            filter.dates = dates;
        }
        if let Some(boxes) = params.parse("bbox", bbox)? {
            filter.bounds = boxes;
        }
        Ok(filter)
    }

    fn within(filter: &mut Filter, within: Within) {
        match within {
            Within::Boxes(boxes) => filter.bounds = boxes,
            Within::Area(area) => filter.area = Some(area),
        }
    }

    fn as_of(filter: &mut Filter, day: Date) {
        filter.as_of = Some(day);
    }

    fn page(view: &View, filter: &Filter, after: Option<u32>, limit: usize) -> (Vec<Found>, Option<u32>) {
        let page = view.page(filter, after, limit);
        (page.records, page.next)
    }

    fn count(view: &View, filter: &Filter) -> u64 {
        // Where the public sees cells only, records in them count but are not listed.
        Self::n_selected(view, &view.of_shown(filter))
    }

    fn n_selected(view: &View, filter: &Filter) -> u64 {
        view.count(filter).records
    }

    fn tile(view: &View, tile: TileId, filter: &Filter) -> Vec<u8> {
        view.detections_tile(tile, filter)
    }

    fn layers(deepest: u8) -> Value {
        json!([
            {"id": "cells", "description": "Counts of the records in a cell, placed at one of the records", "minzoom": 0, "maxzoom": deepest,
             "fields": cell_fields()},
            {"id": "detections", "description": "Single records", "minzoom": 0, "maxzoom": deepest,
             "fields": {"id": "String", "status": "String", "kind": "String", "quantity": "Number: items",
                        "detected_on": "String: day", "neutralised_on": "String: day"}},
        ])
    }

    fn extent(view: &View) -> Option<Bounds> {
        view.extent()
    }

    fn shows(filter: Filter) -> Shows {
        Shows::Detections(filter)
    }

    fn day_of(filter: &Filter) -> Option<Date> {
        filter.as_of
    }

    fn before_patch(feature: &mut Value, patch: &Value) {
        let is_given = |name: &str| patch.pointer(name).is_some_and(|value| !value.is_null());
        if is_given("/properties/neutralised_on") && patch.pointer("/properties/status").is_none() {
            // As in every upload, a day of neutralisation implies the status.
            merge_patch::apply(feature, &json!({"properties": {"status": null}}));
        }
    }

    fn about_near(near: &Near) -> Value {
        let detection = &near.record.content;
        json!({"status": detection.status.word(), "detected_on": detection.detected_on.to_string()})
    }
}

/// The properties of detections that a scope shows.
pub struct Shown(pub Scope);

impl Vocabulary for Shown {
    type Of = Detections;

    fn fields(&self) -> Vec<(&'static str, Field)> {
        Field::all().filter(|(name, _)| is_shown::<Details>(self.0, name)).collect()
    }
}

/// Parses a word. An unknown word is `None`: no record can have it, so it matches none.
fn word<T: FromStr>(text: &str) -> Result<Option<T>, String> {
    if text.is_empty() { Err("contains an empty value".to_owned()) } else { Ok(text.parse().ok()) }
}

/// Describes the fields of a cell.
fn cell_fields() -> Value {
    let mut fields = json!({"records": "Number: records", "quantity": "Number: items",
        "detected": "Number: items detected and not yet neutralised", "neutralised": "Number: items neutralised",
        "within": "String: the region of the records, where no precise place is public; outside if in no region"});
    for kind in Kind::ALL {
        fields[kind.word()] = json!("Number: items of this kind; absent if zero");
    }
    fields
}
