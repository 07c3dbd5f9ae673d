//! The collections of features.

use std::sync::Arc;

use axum::{Json, extract::State, http::HeaderMap, response::IntoResponse};
use serde_json::{Value, json};

use super::{items::GEOJSON, ogc::SCHEMA, tiles::Layered, tilesets};
use service::access::Caller;

use crate::{
    access::AskedBy,
    app::App,
    negotiate::{self, Form},
    ogc::systems,
    pages::{self, Frame},
    params::{Params, Path},
    problem::{Answer, Problem},
    wire::{links, regions},
};

/// The relation of a link to the properties of the features (OGC API Features Part 5). QGIS looks for no other.
const SCHEMA_OF: &str = "http://www.opengis.net/def/rel/ogc/1.0/schema";

/// The relation of a link to what filters can ask for.
const QUERYABLES: &str = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

/// A collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// Explosive ordnance found.
    Detections,
    /// Administrative units.
    Regions,
    /// Towns and villages.
    Places,
    /// Published counts.
    ReportedFigures,
}

impl Collection {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Detections, Self::Regions, Self::Places, Self::ReportedFigures];

    /// The name in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Detections => "detections",
            Self::Regions => "regions",
            Self::Places => "places",
            Self::ReportedFigures => "reported_figures",
        }
    }

    /// What it is called, and what it is.
    pub fn title_and_description(self) -> (&'static str, &'static str) {
        match self {
            Self::Detections => (
                "Detections",
                "Explosive ordnance found, and what became of it. Shows what has been \
                recorded: no record does not mean no danger.",
            ),
            Self::Regions => ("Regions", "Districts, economic regions and the country"),
            Self::Places => ("Places", "Towns and villages, from GeoNames (CC BY 4.0)"),
            Self::ReportedFigures => (
                "Reported figures",
                "Counts that authorities published, with their sources; \
                they have no location",
            ),
        }
    }

    /// The collection with this name.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn parse(name: &str) -> Answer<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name).ok_or_else(|| {
            Problem::not_found(format!(
                "there is no collection {name:?}; there are detections, regions, places and reported_figures"
            ))
        })
    }
}

/// `GET /collections`
pub async fn list(
    State(app): State<Arc<App>>,
    AskedBy(caller): AskedBy,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let form = negotiate::take(&mut params, &headers, &["json"])?;
    params.finish("f")?;
    let base = links::base(&app, &headers);
    let all: Vec<Value> = Collection::ALL.into_iter().map(|c| describe(&app, &caller, c, &base)).collect();
    let own = format!("{base}/collections");
    let links = json!([
        {"rel": "self", "type": "application/json", "href": own},
        {"rel": "alternate", "type": "text/html", "href": format!("{own}?f=html")},
    ]);
    let document = json!({"links": links, "collections": all});
    if form == Form::Html {
        let frame = Frame::of(&app, &headers);
        return pages::respond(&app, &headers, None, || Ok(pages::collections(&frame, &document))).await;
    }
    Ok(negotiate::varied(Json(document).into_response()))
}

/// `GET /collections/{collection}`
pub async fn one(
    State(app): State<Arc<App>>,
    AskedBy(caller): AskedBy,
    Path(collection): Path<String>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let form = negotiate::take(&mut params, &headers, &["json"])?;
    params.finish("f")?;
    let document = describe(&app, &caller, Collection::parse(&collection)?, &links::base(&app, &headers));
    if form == Form::Html {
        let frame = Frame::of(&app, &headers);
        return pages::respond(&app, &headers, None, || Ok(pages::collection(&frame, &document))).await;
    }
    Ok(negotiate::varied(Json(document).into_response()))
}

fn describe(app: &App, caller: &Caller, collection: Collection, base: &str) -> Value {
    let (title, description) = collection.title_and_description();
    let own = format!("{base}/collections/{}", collection.name());
    let mut described = json!({
        "id": collection.name(), "title": title, "description": description, "itemType": "feature",
        "crs": systems::uris().collect::<Vec<_>>(), "storageCrs": systems::uris().next(),
        "links": [
            {"rel": "self", "type": "application/json", "href": own},
            {"rel": "alternate", "type": "text/html", "href": format!("{own}?f=html")},
            {"rel": "items", "type": GEOJSON, "href": format!("{own}/items"), "title": title},
            {"rel": "items", "type": "text/html", "href": format!("{own}/items?f=html"), "title": title},
            {"rel": "describedby", "type": SCHEMA, "href": format!("{own}/schema")},
            {"rel": SCHEMA_OF, "type": SCHEMA, "href": format!("{own}/schema")},
            {"rel": QUERYABLES, "type": SCHEMA, "href": format!("{own}/queryables")},
        ],
    });
    if Layered::parse(collection.name()).is_ok()
        && let Some(links) = described["links"].as_array_mut()
    {
        let href = format!("{own}/tiles");
        links.push(json!({"rel": tilesets::TILESETS, "type": "application/json", "href": href}));
    }
    let extent = match collection {
        Collection::Detections => caller.view(&app.service.atlas).extent(),
        Collection::Regions | Collection::Places => regions::extent(app.service.atlas.reference()),
        Collection::ReportedFigures => None,
    };
    if let Some(extent) = extent {
        described["extent"] =
            json!({"spatial": {"bbox": [widened(extent.to_array())], "crs": systems::uris().next()}});
    }
    described
}

/// A box that is 1e-7 degrees wider on each side: boundaries have more digits than a box.
fn widened([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    let outward = |degrees: f64, by: f64, most: f64| {
        ((degrees * 1e7).round() + by).clamp(-most * 1e7, most * 1e7) / 1e7
    };
    [
        outward(west, -1.0, 180.0),
        outward(south, -1.0, 90.0),
        outward(east, 1.0, 180.0),
        outward(north, 1.0, 90.0),
    ]
}
