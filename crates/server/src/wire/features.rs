//! Pages of features, and records as GeoJSON.

use atlas::{Found, Scope, View};
use demining::{Content, Judged};
use exchange::Fields;
use serde_json::Value;
use service::FoundOf;
use uuid::Uuid;

use crate::{
    http::problem::{Answer, Problem},
    wire::{records::Listed, systems::System},
};

/// The content type of features.
pub const GEOJSON: &str = "application/geo+json";

/// The bytes reserved for a record as a Feature, ample so that a page is written without reallocation.
const FEATURE_BYTES: usize = 720;

/// Writes the features of a page, separated by commas, with coordinates in a reference system.
type Write = Box<dyn FnOnce(&System, &mut Vec<u8>) -> Answer<()>>;

/// A page of features.
pub struct Page {
    write: Write,
    returned: usize,
    matched: u64,
    /// The key after which the next page begins.
    pub next: Option<String>,
}

impl Page {
    /// Creates a page of features that never change; `matched` is the total of matching features.
    pub fn of(features: Vec<Value>, matched: u64, next: Option<String>) -> Self {
        let returned = features.len();
        let write = move |system: &System, body: &mut Vec<u8>| {
            each(features, body, |mut feature, body| {
                system.express(&mut feature["geometry"])?;
                serde_json::to_writer(body, &feature).map_err(|e| Problem::internal(&e))
            })
        };
        Self { write: Box::new(write), returned, matched, next }
    }

    /// Creates a page of the filtered records of a collection, which begins after a number.
    pub fn of_records<T: Listed>(view: &View, filter: &T::Filter, after: Option<u32>, limit: usize) -> Self {
        let (records, next) = T::page(view, filter, after, limit);
        let next = next.map(|number| key(view.scope(), number, records.last()));
        let (returned, fields) = (records.len(), fields(view.scope()));
        let write = move |system: &System, body: &mut Vec<u8>| {
            each(records, body, |found, body| record_to(&found, fields, system, body))
        };
        Self { write: Box::new(write), returned, matched: T::count(view, filter), next }
    }

    /// Creates a page without features that says how many records match.
    pub fn hits<T: Listed>(view: &View, filter: &T::Filter) -> Self {
        Self { write: Box::new(|_, _| Ok(())), returned: 0, matched: T::count(view, filter), next: None }
    }

    /// Formats the page as a `FeatureCollection` with these links and coordinates in a reference system.
    ///
    /// # Errors
    /// When a feature is outside the range of the system.
    pub fn into_json(self, links: &[Value], system: &System) -> Answer<Vec<u8>> {
        let links = serde_json::to_string(links).map_err(|e| Problem::internal(&e))?;
        let Self { write, returned, matched, .. } = self;
        let mut body = Vec::with_capacity(returned * FEATURE_BYTES + links.len() + 256);
        body.extend_from_slice(
            format!(
                r#"{{"type":"FeatureCollection","numberMatched":{matched},"numberReturned":{returned},"links":{links},"features":["#,
            )
            .as_bytes(),
        );
        write(system, &mut body)?;
        body.extend_from_slice(b"]}");
        Ok(body)
    }
}

/// Writes each feature, with commas between them.
fn each<F>(
    features: Vec<F>,
    body: &mut Vec<u8>,
    write: impl Fn(F, &mut Vec<u8>) -> Answer<()>,
) -> Answer<()> {
    for (nth, feature) in features.into_iter().enumerate() {
        if nth > 0 {
            body.push(b',');
        }
        write(feature, body)?;
    }
    Ok(())
}

/// Returns the key of the page after this record: its number. Numbers disclose how many records are hidden,
/// so the public's key is the id.
fn key<T: Content>(scope: Scope, number: u32, last: Option<&Found<Judged<T>>>) -> String {
    match last {
        Some(last) if scope == Scope::Public => last.record.content.id().to_string(),
        _ => number.to_string(),
    }
}

/// Returns the number that a key stands for.
///
/// # Errors
/// When the key is invalid.
pub fn number_of<T: Listed>(view: &View, key: &str) -> Result<u32, String> {
    if view.scope() == Scope::Full {
        return key.parse().map_err(|_| "is not a page key".to_owned());
    }
    let last = Uuid::try_parse(key).ok().and_then(|id| T::find(view, id));
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

fn record_to<T: Content>(
    found: &Found<Judged<T>>,
    fields: Fields,
    system: &System,
    json: &mut Vec<u8>,
) -> Answer<()> {
    let (record, region) = (&found.record, found.region.as_deref());
    if system.is_storage() {
        exchange::feature_to(record, region, fields, json);
    } else {
        let coordinates = system.coordinates(record.content.location())?;
        exchange::feature_at_to(record, region, fields, coordinates, json);
    }
    Ok(())
}

/// Formats a record as a Feature with links, with coordinates in a reference system.
///
/// # Errors
/// When the record is outside the range of the system.
pub fn linked<T: Content>(
    found: &Found<Judged<T>>,
    fields: Fields,
    links: &[Value],
    system: &System,
) -> Answer<Vec<u8>> {
    let mut json = Vec::with_capacity(1024);
    record_to(found, fields, system, &mut json)?;
    // Replace the closing brace.
    json.pop();
    json.extend_from_slice(b",\"links\":");
    serde_json::to_writer(&mut json, links).map_err(|e| Problem::internal(&e))?;
    json.push(b'}');
    Ok(json)
}

/// Formats a record of any collection as a Feature.
pub fn record(found: &FoundOf, fields: Fields) -> Vec<u8> {
    match found {
        FoundOf::Detections(found) => feature(found, fields),
        FoundOf::Accidents(found) => feature(found, fields),
    }
}

/// Formats a record as a Feature.
pub fn feature<T: Content>(found: &Found<Judged<T>>, fields: Fields) -> Vec<u8> {
    let mut json = Vec::with_capacity(512);
    exchange::feature_to(&found.record, found.region.as_deref(), fields, &mut json);
    json
}
