//! Tiles, figures, downloads and changes.

use demining::Collection;
use exchange::Format;
use serde_json::{Map, Value, json};

use super::parts::{FILTERS, content, filters, get, of, schema};

/// Returns the paths.
pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    let mut add = |path: &str, item: Value| paths.insert(path.to_owned(), item);
    let json = |name: &str| content("application/json", name);
    let mut counted = FILTERS.to_vec();
    counted.push("as_of");
    // Caches may store figures and tiles whose address names a revision.
    let mut kept = counted.clone();
    kept.push("revision");
    let mut tiles = vec!["tiles", "z", "x", "y"];
    tiles.extend(&kept);
    let tile =
        json!({"application/vnd.mapbox-vector-tile": {"schema": {"type": "string", "format": "binary"}}});
    add("/tiles/{tiles}/{z}/{x}/{y}.mvt", get("Progress", "tile", "A vector tile", &tiles, &tile, true));
    add(
        "/tiles/{tiles}.json",
        get("Progress", "tilejson", "TileJSON of the tiles", &["tiles", "revision"], &json("tileJson"), true),
    );
    add("/style.json", get("Progress", "style", "A MapLibre style", &["revision"], &json("any"), false));
    let what = "The base map that the operator configured";
    add("/basemap.json", get("Progress", "baseMap", what, &[], &json("any"), false));
    let files: Map<String, Value> = Format::exported()
        .map(|format| {
            let schema = match format {
                Format::GeoJson => schema("featureCollection"),
                _ => json!({"type": "string", "format": "binary"}),
            };
            (format.content_type().to_owned(), json!({"schema": schema}))
        })
        .collect();
    let files = Value::from(files);
    for collection in Collection::ALL {
        let mut names = vec!["f.export", "bom"];
        names.extend(filters(*collection));
        let told = format!("The filtered {collection} as a file");
        let mut download = get("Progress", &of(*collection, "export"), &told, &names, &files, false);
        download["get"]["responses"]["503"] = json!({"$ref": "#/components/responses/problem"});
        add(&format!("/export/{collection}"), download);
    }
    let mut summary = vec!["by", "f.summary", "events"];
    summary.extend(&kept);
    let both = json!({
        "application/json": {"schema": {"anyOf": [schema("summary"), schema("eventsSummary")]}},
        "text/csv": {"schema": {"type": "string"}},
    });
    add("/summary", get("Progress", "summary", "Counts, grouped", &summary, &both, false));
    add("/summary/area", area(&counted));
    let overview = "Every region with its totals";
    let mut regions = vec!["events"];
    regions.extend(&kept);
    let either = |one: &str, other: &str| json!({"application/json": {"schema": {"anyOf": [schema(one), schema(other)]}}});
    let answer = either("overview", "eventsOverview");
    add("/summary/regions", get("Progress", "overview", overview, &regions, &answer, false));
    let mut region = vec!["region.id", "events"];
    region.extend(&kept);
    let detail = "One region: its parts, kinds and months, and the figures reported for it";
    add(
        "/summary/regions/{id}",
        get("Progress", "region", detail, &region, &either("regionDetail", "eventsDetail"), true),
    );
    let search = "Places and regions by name, in any spelling";
    add("/search", get("Progress", "search", search, &["q"], &json("searchResults"), false));
    paths.extend(changes(&counted));
    paths
}

/// Returns the change log and the event stream.
fn changes(counted: &[&str]) -> Map<String, Value> {
    let mut paths = Map::new();
    let log = "The change log in order, for mirrors";
    let names = ["collection", "since", "seq", "limit.changes"];
    let schemas: Vec<Value> =
        Collection::ALL.iter().map(|collection| schema(&of(*collection, "changes"))).collect();
    let changes = json!({"application/json": {"schema": {"anyOf": schemas}}});
    paths.insert("/changes".to_owned(), get("Progress", "changes", log, &names, &changes, false));
    let head = content("application/json", "logHead");
    let told = "The last revision and its hash, for publication";
    paths.insert("/changes/head".to_owned(), get("Progress", "logHead", told, &[], &head, false));
    // The schema describes the data of each event.
    let stream = content("text/event-stream", "revisionEvent");
    let told = "Server-sent events: the changed tiles under a filter";
    let names = [&["collection"], counted].concat();
    let mut events = get("Progress", "events", told, &names, &stream, false);
    events["get"]["description"] = json!(
        "Each event is named revision; its id is the revision and its data a revisionEvent as JSON. Last-Event-ID \
         resumes. The stream has no end."
    );
    events["get"]["responses"]["503"] = schema_of_problem();
    paths.insert("/events".to_owned(), events);
    paths
}

/// Builds the operation that counts inside a polygon.
fn area(counted: &[&str]) -> Value {
    let mut names = vec!["by", "events"];
    names.extend(counted);
    let answer =
        json!({"application/json": {"schema": {"anyOf": [schema("summary"), schema("eventsSummary")]}}});
    let mut operation = get("Progress", "area", "Counts inside an area, grouped", &names, &answer, false);
    let mut post = operation["get"].take();
    let example =
        json!({"type": "Polygon", "coordinates": [[[46.0, 40.0], [46.2, 40.0], [46.2, 40.2], [46.0, 40.0]]]});
    post["requestBody"] = json!({
        "required": true,
        "content": {"application/geo+json": {"schema": schema("area"), "example": example}},
    });
    for status in ["408", "413", "415", "503"] {
        post["responses"][status] = schema_of_problem();
    }
    json!({"post": post})
}

fn schema_of_problem() -> Value {
    json!({"$ref": "#/components/responses/problem"})
}
