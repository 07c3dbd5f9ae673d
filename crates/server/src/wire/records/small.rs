//! Filters and pages of a collection of few records, from its field table.

use std::{marker::PhantomData, sync::Arc};

use atlas::{Field, Fields, Found, Property, Scope, Small, SmallCollection, SmallFilter, View};
use demining::{Judged, field::FieldKind};
use serde_json::{Value, json};
use service::found;

use super::{Listed, is_shown};
use crate::{
    http::{params::Params, problem::Answer},
    wire::{
        bbox::bbox,
        cql2::Vocabulary,
        filter::{condition, interval, operators, regions},
        systems::Within,
    },
};

/// Reads the filters. A property with words takes a list of them.
///
/// # Errors
/// 400 that names the parameter, its value and the problem.
pub fn filter<T: Small + Listed>(params: &mut Params, view: &View) -> Answer<SmallFilter<T>> {
    let mut equal = Vec::new();
    let shown = |property: &Property<T>| is_shown::<T>(view.scope(), property.spec().name);
    for property in Property::<T>::all().filter(shown) {
        let spec = property.spec();
        let texts = match spec.kind {
            FieldKind::Word(_) => params.list(spec.name, word)?,
            _ if spec.name == service::OPERATOR => params.take(spec.name).map(|list| operators(&list)),
            _ => None,
        };
        equal.extend(texts.map(|texts| (property, texts)));
    }
    let regions = regions(params, view.reference())?;
    let condition = condition(params, &Shown::<T>(view.scope(), PhantomData))?.map(Arc::new);
    let dates = params.parse("datetime", interval)?.unwrap_or_default();
    let bounds = params.parse("bbox", bbox)?.unwrap_or_default();
    Ok(SmallFilter { regions, equal, dates, bounds, condition, ..SmallFilter::default() })
}

fn word(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("contains an empty value".to_owned()) } else { Ok(text.to_owned()) }
}

/// Restricts a filter to a box or an area.
pub fn restrict<T: Small>(filter: &mut SmallFilter<T>, within: Within) {
    match within {
        Within::Boxes(boxes) => filter.bounds = boxes,
        Within::Area(area) => filter.area = Some(area),
    }
}

/// Returns at most `limit` records after a number, and the number after which the next page begins.
pub fn page<T: Small>(
    records: &SmallCollection<T>,
    filter: &SmallFilter<T>,
    after: Option<u32>,
    limit: usize,
) -> (Vec<Found<Judged<T>>>, Option<u32>) {
    let page = records.page(filter, after, limit);
    (page.records.iter().map(found).collect(), page.next)
}

/// Describes the layer of single records, for TileJSON.
pub fn layer<T: Small>(deepest: u8) -> Value {
    let fields = T::IN_TILES.iter().filter_map(|name| Property::<T>::named(name)).map(|property| {
        let spec = property.spec();
        let values = match spec.kind {
            FieldKind::Whole { .. } | FieldKind::Year | FieldKind::Measure { .. } => "Number",
            _ => "String",
        };
        (spec.name.to_owned(), json!(format!("{values}: {}", spec.titles.en)))
    });
    json!({
        "id": T::COLLECTION.name(), "description": "Single records", "minzoom": 0, "maxzoom": deepest,
        "fields": fields.collect::<serde_json::Map<_, _>>(),
    })
}

/// The properties of records that a scope shows.
struct Shown<T>(Scope, PhantomData<T>);

impl<T: Small + Listed> Vocabulary for Shown<T> {
    type Of = Fields<T>;

    fn fields(&self) -> Vec<(&'static str, Field<Fields<T>>)> {
        Fields::all().filter(|(name, _)| is_shown::<T>(self.0, name)).collect()
    }
}
