//! The paths of OGC API Tiles.

use serde_json::{Map, Value, json};

use super::parts::{content, filters, get};

use crate::wire::{collection::Collection, layers::Layered};

/// Returns the paths of tilesets, their tiles and the tile matrix set.
pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    let mut add = |path: &str, item: Value| paths.insert(path.to_owned(), item);
    let json = content("application/json", "any");
    let tile =
        json!({"application/vnd.mapbox-vector-tile": {"schema": {"type": "string", "format": "binary"}}});
    for layered in Layered::ALL {
        let name = layered.name();
        let title = Collection::ALL.iter().find(|collection| collection.name() == name);
        let title = title.map_or(name, |collection| collection.title_and_description().0);
        let own = format!("/collections/{name}/tiles");
        // The suffixes that the standard requires of operation ids.
        let id = |what: &str| format!("{name}.collection.vector.{what}");
        let list = format!("{title}: tilesets");
        add(&own, get("Tiles", &id("getTileSetsList"), &list, &["f.json"], &json, false));
        let one = format!("{title}: a tileset");
        add(
            &format!("{own}/{{set}}"),
            get("Tiles", &id("getTileSet"), &one, &["set", "f.json"], &json, true),
        );
        let mut parameters = vec!["set", "z", "row", "column"];
        match layered {
            Layered::Records(collection) => {
                parameters.extend(filters(collection));
                parameters.push("as_of");
            }
            Layered::Regions => parameters.push("as_of"),
            Layered::Places => {}
        }
        parameters.push("revision");
        let path = format!("{own}/{{set}}/{{z}}/{{row}}/{{column}}");
        let one = format!("{title}: a vector tile");
        add(&path, get("Tiles", &id("getTile"), &one, &parameters, &tile, true));
    }
    let sets = get("Tiles", "getTileMatrixSetsList", "Tile matrix sets", &["f.json"], &json, false);
    add("/tileMatrixSets", sets);
    let set = get("Tiles", "getTileMatrixSet", "A tile matrix set", &["set", "f.json"], &json, true);
    add("/tileMatrixSets/{set}", set);
    paths
}
