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

/// The bytes reserved for a detection as a Feature, ample so that a page is written without reallocation.
const FEATURE_BYTES: usize = 720;

/// A page of features.
pub struct Page {
    features: Features,
    matched: u64,
    /// The key after which the next page begins.
    pub next: Option<String>,
    fields: Fields,
}

enum Features {
    Detections(Vec<Found>),
    Others(Vec<Value>),
}

impl Page {
    /// Creates a page of features of a small collection; `matched` is the total of matching features.
    pub fn of(features: Vec<Value>, matched: u64, next: Option<String>) -> Self {
        Self { features: Features::Others(features), matched, next, fields: Fields::All }
    }

    /// Formats the page as a `FeatureCollection` with these links and coordinates in a reference system.
    ///
    /// # Errors
    /// When a feature is outside the range of the system.
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

/// Returns a page of the filtered detections.
pub fn detections(view: &View, filter: &Filter, after: Option<u32>, limit: usize) -> Page {
    let page = view.page(filter, after, limit);
    let next = page.next.map(|number| key(view, number, page.records.last()));
    let features = Features::Detections(page.records);
    Page { features, matched: n_shown(view, filter), next, fields: fields(view.scope()) }
}

/// Returns the number of filtered detections, without features.
pub fn hits(view: &View, filter: &Filter) -> Page {
    let features = Features::Detections(Vec::new());
    Page { features, matched: n_shown(view, filter), next: None, fields: fields(view.scope()) }
}

/// Returns the number of filtered records that the scope shows individually.
fn n_shown(view: &View, filter: &Filter) -> u64 {
    view.count(&view.of_shown(filter)).records
}

/// Returns the key of the page after this record: its number. Numbers disclose how many records are hidden,
/// so the public's key is the id.
fn key(view: &View, number: u32, last: Option<&Found>) -> String {
    match last {
        Some(last) if view.scope() == Scope::Public => last.record.content.id.to_string(),
        _ => number.to_string(),
    }
}

/// Returns the number that a key stands for.
///
/// # Errors
/// When the key is invalid.
pub fn number_of(view: &View, key: &str) -> Result<u32, String> {
    if view.scope() == Scope::Full {
        return key.parse().map_err(|_| "is not a page key".to_owned());
    }
    let last = Uuid::try_parse(key).ok().and_then(|id| view.get(id));
    last.map(|found| found.record.number).ok_or_else(|| {
        "is not a page key, or its record is no longer shown; start again at the first page".to_owned()
    })
}

/// Returns the fields that a scope shows.
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
        let coordinates = system.coordinates(record.content.location)?;
        exchange::feature_at_to(record, region, fields, coordinates, json);
    }
    Ok(())
}

/// Formats a detection as a Feature with links, with coordinates in a reference system.
///
/// # Errors
/// When the detection is outside the range of the system.
pub fn linked_detection(found: &Found, fields: Fields, links: &[Value], system: &System) -> Answer<Vec<u8>> {
    let mut json = Vec::with_capacity(1024);
    detection_to(found, fields, system, &mut json)?;
    // Replace the closing brace.
    json.pop();
    json.extend_from_slice(b",\"links\":");
    serde_json::to_writer(&mut json, links).map_err(|e| Problem::internal(&e))?;
    json.push(b'}');
    Ok(json)
}

/// Formats a detection as a Feature.
pub fn detection(found: &Found, fields: Fields) -> Vec<u8> {
    let mut json = Vec::with_capacity(512);
    exchange::feature_to(&found.record, found.region.as_deref(), fields, &mut json);
    json
}
