//! Pages of features, and detections as GeoJSON.

use atlas::{Filter, Found, Scope, View};
use exchange::Fields;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    http::problem::{Answer, Problem},
    wire::systems::System,
};

/// The content type of features.
pub const GEOJSON: &str = "application/geo+json";

/// Bytes of a detection as a Feature, with room to spare: a page is written without moving it.
const FEATURE_BYTES: usize = 720;

/// A page of features.
pub struct Page {
    features: Features,
    matched: u64,
    /// The key that the next page begins after.
    pub next: Option<String>,
    fields: Fields,
}

enum Features {
    Detections(Vec<Found>),
    Others(Vec<Value>),
}

impl Page {
    /// A page of features of a small collection, of so many that match.
    pub fn of(features: Vec<Value>, matched: u64, next: Option<String>) -> Self {
        Self { features: Features::Others(features), matched, next, fields: Fields::All }
    }

    /// The `FeatureCollection` with these links, its coordinates in a reference system.
    ///
    /// # Errors
    /// When the system has no coordinates for a feature.
    pub fn into_json(self, links: &[Value], system: &System) -> Answer<Vec<u8>> {
        let links = serde_json::to_string(links).map_err(|e| Problem::internal(&e))?;
        let returned = match &self.features {
            Features::Detections(found) => found.len(),
            Features::Others(values) => values.len(),
        };
        let mut body = Vec::with_capacity(returned * FEATURE_BYTES + links.len() + 256);
        body.extend_from_slice(
            format!(
                r#"{{"type":"FeatureCollection","numberMatched":{},"numberReturned":{returned},"links":{links},"features":["#,
                self.matched
            )
            .as_bytes(),
        );
        match self.features {
            Features::Detections(all) => {
                for (nth, found) in all.iter().enumerate() {
                    if nth > 0 {
                        body.push(b',');
                    }
                    detection_to(found, self.fields, system, &mut body)?;
                }
            }
            Features::Others(values) => {
                for (nth, mut value) in values.into_iter().enumerate() {
                    if nth > 0 {
                        body.push(b',');
                    }
                    system.express(&mut value["geometry"])?;
                    serde_json::to_writer(&mut body, &value).map_err(|e| Problem::internal(&e))?;
                }
            }
        }
        body.extend_from_slice(b"]}");
        Ok(body)
    }
}

/// A page of the detections that the filter lets through.
pub fn detections(view: &View, filter: &Filter, after: Option<u32>, limit: usize) -> Page {
    let page = view.page(filter, after, limit);
    let next = page.next.map(|number| key(view, number, page.records.last()));
    let features = Features::Detections(page.records);
    Page { features, matched: n_shown(view, filter), next, fields: fields(view.scope()) }
}

/// How many detections the filter lets through, and none of them.
pub fn hits(view: &View, filter: &Filter) -> Page {
    let features = Features::Detections(Vec::new());
    Page { features, matched: n_shown(view, filter), next: None, fields: fields(view.scope()) }
}

/// How many records the filter lets through that the scope shows by themselves.
fn n_shown(view: &View, filter: &Filter) -> u64 {
    view.count(&view.of_shown(filter)).records
}

/// The key of the page after this record: its number, which tells the public how many it does not see, so
/// that its key is the id.
fn key(view: &View, number: u32, last: Option<&Found>) -> String {
    match last {
        Some(last) if view.scope() == Scope::Public => last.record.detection.id.to_string(),
        _ => number.to_string(),
    }
}

/// The number that a key stands for.
///
/// # Errors
/// When it is none.
pub fn number_of(view: &View, key: &str) -> Result<u32, String> {
    if view.scope() == Scope::Full {
        return key.parse().map_err(|_| "is no key of a page".to_owned());
    }
    let last = Uuid::try_parse(key).ok().and_then(|id| view.get(id));
    last.map(|found| found.record.number).ok_or_else(|| {
        "is no key of a page, or the record that it names is not shown any more; begin again".to_owned()
    })
}

/// The fields that a scope shows.
pub fn fields(scope: Scope) -> Fields {
    match scope {
        Scope::Full => Fields::All,
        Scope::Public => Fields::Public,
    }
}

fn detection_to(found: &Found, fields: Fields, system: &System, json: &mut Vec<u8>) -> Answer<()> {
    let (record, region) = (&found.record, found.region.as_deref());
    if system.is_storage() {
        exchange::feature_to(record, region, fields, json);
    } else {
        let coordinates = system.coordinates(record.detection.location)?;
        exchange::feature_at_to(record, region, fields, coordinates, json);
    }
    Ok(())
}

/// A detection as a Feature with links, its coordinates in a reference system.
///
/// # Errors
/// When the system has no coordinates for it.
pub fn linked_detection(found: &Found, fields: Fields, links: &[Value], system: &System) -> Answer<Vec<u8>> {
    let mut json = Vec::with_capacity(1024);
    detection_to(found, fields, system, &mut json)?;
    // In place of the last brace.
    json.pop();
    json.extend_from_slice(b",\"links\":");
    serde_json::to_writer(&mut json, links).map_err(|e| Problem::internal(&e))?;
    json.push(b'}');
    Ok(json)
}

/// A detection as a Feature.
pub fn detection(found: &Found, fields: Fields) -> Vec<u8> {
    let mut json = Vec::with_capacity(512);
    exchange::feature_to(&found.record, found.region.as_deref(), fields, &mut json);
    json
}
