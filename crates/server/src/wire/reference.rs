//! Features of the small collections, which never change: regions, places and reported figures. They are few,
//! so a filter tests each one.

use std::borrow::Cow;

use atlas::{Condition, Feature, Field, Properties, ReferenceData, RegionInfo, Reported, Scope, Time};
use demining::Place;
use geo::Geometry;
use geojson::GeometryValue;
use geometry::{Bounds, Relation};
use serde_json::{Value, json};

use crate::{
    http::{
        params::Params,
        problem::{Answer, Problem},
    },
    wire::{
        collection::Collection,
        cql2::Vocabulary,
        features::Page,
        filter,
        properties::{self, Values},
        regions,
        systems::{System, Within},
        time,
    },
};

/// The names of the filters, for messages about unknown parameters.
pub const NAMES: &str =
    "bbox, datetime, filter, filter-lang, filter-crs, and the properties that queryables lists";

/// Identifies properties of such features by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {}

impl Properties for Named {
    type Text = &'static str;
    type Number = &'static str;
    type Time = &'static str;
}

/// The properties of a collection that filters can use.
struct Queryable(Collection);

impl Vocabulary for Queryable {
    type Of = Named;

    fn fields(&self) -> Vec<(&'static str, Field<Named>)> {
        let field = |property: properties::Property| {
            let name = property.name;
            let field = match property.values {
                Values::Text | Values::Words(_) | Values::Uuid => Field::Text(name),
                Values::Whole(_) | Values::Real => Field::Number(name),
                Values::Day | Values::Instant => Field::Time(name),
                Values::Geometry(_) => Field::Geometry,
                Values::Texts | Values::Time | Values::Rows(_) | Values::Other(_) => return None,
            };
            Some((name, field))
        };
        properties::shown(self.0, Scope::Full).into_iter().filter_map(field).collect()
    }
}

/// Reads the filters except `bbox`. `datetime` is validated but matches every feature, because these features
/// have no time (OGC 17-069r4, `/req/core/fc-time-response`).
///
/// # Errors
/// 400 that names the parameter, its value and the problem.
pub fn take(params: &mut Params, collection: Collection) -> Answer<Option<Condition<Named>>> {
    params.parse("datetime", filter::interval)?;
    filter::condition(params, &Queryable(collection))
}

/// A feature of a small collection.
#[derive(Clone, Copy)]
enum Reference<'a> {
    Region(&'a RegionInfo),
    Place(&'a Place),
    /// A figure has no location and is never turned into points.
    Figure(Reported<'a>),
}

/// Returns all features of a collection in order; none for records.
fn all(reference: &ReferenceData, collection: Collection) -> Vec<Reference<'_>> {
    match collection {
        Collection::Records(_) => Vec::new(),
        Collection::Regions => reference.regions().iter().map(Reference::Region).collect(),
        Collection::Places => reference.places().iter().map(Reference::Place).collect(),
        Collection::ReportedFigures => reference.figures().map(Reference::Figure).collect(),
    }
}

/// Returns a page of the features in a box that satisfy a condition.
pub fn page(
    reference: &ReferenceData,
    collection: Collection,
    (within, condition): (Option<&Within>, Option<&Condition<Named>>),
    after: Option<u32>,
    limit: usize,
) -> Page {
    let passes = |feature: &Reference<'_>| {
        let meets = |condition: &Condition<Named>| condition.holds(&Asked::new(*feature)) == Some(true);
        within.is_none_or(|within| feature.lies_in(within)) && condition.is_none_or(meets)
    };
    let all: Vec<Reference<'_>> = all(reference, collection).into_iter().filter(passes).collect();
    let from = after.map_or(0, |key| key as usize + 1).min(all.len());
    let to = all.len().min(from.saturating_add(limit));
    let next = (from < to && to < all.len()).then(|| (to - 1).to_string());
    Page::of(all[from..to].iter().map(Reference::json).collect(), all.len() as u64, next)
}

/// Formats one feature of a small collection with links, with coordinates in a reference system.
///
/// # Errors
/// 404 when no feature has this id; 400 when it is outside the range of the system.
pub fn item(
    reference: &ReferenceData,
    collection: Collection,
    id: &str,
    links: &[Value],
    system: &System,
) -> Answer<Vec<u8>> {
    let found = all(reference, collection).into_iter().find(|feature| feature.id() == id);
    let missing = || Problem::not_found(format!("{} has no {id:?}", collection.name()));
    let mut feature = found.ok_or_else(missing)?.json();
    system.express(&mut feature["geometry"])?;
    feature["links"] = json!(links);
    serde_json::to_vec(&feature).map_err(|e| Problem::internal(&e))
}

impl Reference<'_> {
    fn id(&self) -> Cow<'_, str> {
        match self {
            Self::Region(info) => Cow::Borrowed(&info.region.id),
            Self::Place(place) => Cow::Owned(place.id.to_string()),
            Self::Figure(reported) => Cow::Borrowed(&reported.figure.id),
        }
    }

    /// Returns whether the feature's box intersects the requested one.
    fn lies_in(&self, within: &Within) -> bool {
        let bounds = match self {
            Self::Region(info) => info.bounds,
            Self::Place(place) => Some(Bounds::of(place.location)),
            Self::Figure(_) => None,
        };
        bounds.is_some_and(|bounds| match within {
            Within::Boxes(boxes) => boxes.iter().any(|window| window.intersects(&bounds)),
            Within::Area(area) => area.relation(bounds) != Relation::Outside,
        })
    }

    /// Returns the geometry, in longitude and latitude.
    fn geometry(&self) -> Option<Geometry<f64>> {
        match self {
            Self::Region(info) => Some(&info.region.boundary)
                .filter(|boundary| !boundary.0.is_empty())
                .map(|boundary| Geometry::MultiPolygon(boundary.clone())),
            Self::Place(place) => {
                Some(Geometry::Point(geo::Point::new(place.location.lon(), place.location.lat())))
            }
            Self::Figure(_) => None,
        }
    }

    /// Formats the feature as `GeoJSON` without its geometry.
    fn described(&self) -> Value {
        let (id, properties) = match self {
            Self::Region(info) => (json!(info.region.id), region(info)),
            Self::Place(place) => (json!(place.id), self::place(place)),
            Self::Figure(reported) => (json!(reported.figure.id), regions::figure(reported)),
        };
        json!({"type": "Feature", "id": id, "geometry": null, "properties": properties})
    }

    /// Formats the feature as `GeoJSON`.
    fn json(&self) -> Value {
        let mut feature = self.described();
        feature["geometry"] = json!(self.geometry().map(|geometry| GeometryValue::from(&geometry)));
        feature
    }
}

/// A feature tested against a condition, by the properties that clients see.
struct Asked<'a> {
    described: Value,
    feature: Reference<'a>,
    geometry: std::cell::OnceCell<Option<Geometry<f64>>>,
}

impl<'a> Asked<'a> {
    fn new(feature: Reference<'a>) -> Self {
        Self { described: feature.described(), feature, geometry: std::cell::OnceCell::new() }
    }

    fn value(&self, name: &str) -> &Value {
        if name == "id" { &self.described["id"] } else { &self.described["properties"][name] }
    }
}

impl Feature<Named> for Asked<'_> {
    fn text(&self, name: &'static str) -> Option<Cow<'_, str>> {
        self.value(name).as_str().map(Cow::Borrowed)
    }

    fn number(&self, name: &'static str) -> Option<f64> {
        self.value(name).as_f64()
    }

    fn time(&self, name: &'static str) -> Option<Time> {
        self.value(name).as_str().and_then(|text| time::time(text).ok())
    }

    fn geometry(&self) -> Option<&Geometry<f64>> {
        self.geometry.get_or_init(|| self.feature.geometry()).as_ref()
    }
}

fn region(info: &RegionInfo) -> Value {
    let region = &info.region;
    json!({
        "name": region.names.get("en"), "names": regions::names(&region.names), "aliases": region.names.aliases,
        "level": region.level.word(), "parent": region.parent,
        "area_m2": info.area_m2,
        "label_lon": region.label.lon(), "label_lat": region.label.lat(),
        "valid_from": region.valid_from.map(|d| d.to_string()), "valid_to": region.valid_to.map(|d| d.to_string()),
        "source": region.source,
    })
}

fn place(place: &Place) -> Value {
    json!({
        "name": place.names.get("en"), "names": regions::names(&place.names), "aliases": place.names.aliases,
        "population": place.population, "country": place.country,
    })
}
