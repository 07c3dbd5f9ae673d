//! OGC API Tiles Part 1 (OGC 20-057), Annex A: core, tileset, tilesets-list, geodata-tilesets, oas30, mvt.

use serde_json::Value;

use super::{links, parameter, path};
use crate::program::{LACHIN, Server, collection, feature, read};

const TILED: [&str; 4] = ["detections", "accidents", "regions", "places"];
const SET: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
const SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
const MVT: &str = "application/vnd.mapbox-vector-tile";

fn tileset(server: &Server, name: &str) -> Value {
    let list = server.json(&path(server, &server.json(&format!("/collections/{name}")), TILESETS));
    server.json(&path(server, &list["tilesets"][0], "self"))
}

/// Builds the path of a tile from the template of a tileset.
fn tile(server: &Server, tileset: &Value, z: u64, row: u64, column: u64) -> String {
    let template = path(server, tileset, "item");
    let filled = template.replace("{tileMatrix}", &z.to_string()).replace("{tileRow}", &row.to_string());
    filled.replace("{tileCol}", &column.to_string())
}

/// `/conf/core/tc-op`, `/conf/core/tc-success`, `/conf/mvt/content`
#[test]
fn core_tc_success() {
    let server = Server::with_demonstration();
    for name in TILED {
        let path = tile(&server, &tileset(&server, name), 7, 48, 80);
        assert_eq!(server.header(&path, "content-type"), MVT);
        let same = format!("/tiles/{name}/7/80/48.mvt");
        let body = server.bytes(&path);
        assert!(!body.is_empty());
        assert_eq!(body, server.bytes(&same), "the row comes before the column");
        assert_eq!(server.header(&path, "etag"), server.header(&same, "etag"));
        assert!(!mvt_reader::Reader::new(body).unwrap().get_layer_names().unwrap().is_empty());
    }
    let filtered = "?status=neutralised&kind=ap_mine";
    let path = tile(&server, &tileset(&server, "detections"), 7, 48, 80);
    let part = server.bytes(&format!("{path}{filtered}"));
    assert_eq!(part, server.bytes(&format!("/tiles/detections/7/80/48.mvt{filtered}")));
    assert_ne!(part, server.bytes(&path));
}

/// `/conf/core/tc-tilematrix-definition`, `tc-tilerow-definition`, `tc-tilecol-definition`
#[test]
fn core_tc_definitions() {
    let server = Server::start();
    let api = server.json("/api");
    for name in TILED {
        let path = format!("/collections/{name}/tiles/{{set}}/{{z}}/{{row}}/{{column}}");
        for parameter_name in ["set", "z", "row", "column"] {
            let described = parameter(&api, &path, parameter_name);
            assert_eq!((&described["in"], &described["required"]), (&"path".into(), &true.into()));
        }
    }
}

/// `/conf/core/tc-error`
#[test]
fn core_tc_error() {
    let server = Server::start();
    for name in TILED {
        let own = format!("/collections/{name}/tiles/WebMercatorQuad");
        for outside in ["23/0/0", "7/128/0", "7/0/128", "7/0/0", "x/0/0", "7/-1/0"] {
            let (status, problem) = read(server.get(&format!("{own}/{outside}")));
            assert!(status == 404 && problem["detail"].is_string(), "{outside}: {status} {problem}");
        }
        assert_eq!(server.get(&format!("/collections/{name}/tiles/WorldCRS84Quad/0/0/0")).status(), 404);
        // Within the limits there is a tile, empty or not.
        for limits in tileset(&server, name)["tileMatrixSetLimits"].as_array().unwrap() {
            let number = |member: &str| limits[member].as_u64().unwrap();
            let z = limits["tileMatrix"].as_str().unwrap();
            let (row, column) = (number("maxTileRow"), number("maxTileCol"));
            assert_eq!(server.get(&format!("{own}/{z}/{row}/{column}")).status(), 200, "{z}");
        }
    }
}

/// The limits follow the records.
#[test]
fn core_limits_hold_every_record() {
    let server = Server::start();
    let path = "/collections/detections/tiles/WebMercatorQuad/4/7/8";
    assert_eq!(server.get(path).status(), 404);
    server.post_json("/uploads", &collection(&[feature(1, 10.0, 10.0), feature(2, LACHIN.0, LACHIN.1)]));
    assert!(!server.bytes(path).is_empty());
}

/// `/conf/tileset/description`
#[test]
fn tileset_description() {
    let server = Server::with_demonstration();
    for name in TILED {
        let tileset = tileset(&server, name);
        assert_eq!((&tileset["dataType"], &tileset["tileMatrixSetURI"]), (&"vector".into(), &SET.into()));
        assert_eq!(tileset["crs"], "http://www.opengis.net/def/crs/EPSG/0/3857");
        let item = links(&tileset, "item")[0];
        assert_eq!((&item["templated"], &item["type"]), (&true.into(), &MVT.into()));
        let set = server.json(&path(&server, &tileset, SCHEME));
        assert_eq!((&set["uri"], &set["crs"]), (&SET.into(), &tileset["crs"]));
        for (z, matrix) in set["tileMatrices"].as_array().unwrap().iter().enumerate() {
            assert_eq!(matrix["id"], z.to_string());
            assert_eq!(
                (&matrix["matrixWidth"], &matrix["matrixHeight"]),
                (&(1 << z).into(), &(1 << z).into())
            );
        }
        // The described fields of layers are those of their features.
        let told = tileset["layers"].as_array().unwrap();
        let reader = mvt_reader::Reader::new(server.bytes(&tile(&server, &tileset, 7, 48, 80))).unwrap();
        for (index, layer) in reader.get_layer_names().unwrap().iter().enumerate() {
            let layer = told.iter().find(|l| l["id"] == layer.as_str()).unwrap();
            let schema = &layer["propertiesSchema"]["properties"];
            let features = reader.get_features(index).unwrap();
            assert!(!features.is_empty());
            for property in features.iter().flat_map(|f| f.properties.iter().flatten()) {
                assert!(schema[property.0].is_object(), "{name}: {} is not told of", property.0);
            }
        }
    }
}

/// `/conf/tilesets-list/tileset-links`, `/conf/geodata-tilesets/desc-links`,
/// `/conf/geodata-tilesets/operation`
#[test]
fn tilesets_list_links() {
    let server = Server::start();
    for name in TILED {
        let described = server.json(&format!("/collections/{name}"));
        let own = path(&server, &described, TILESETS);
        assert_eq!(own, format!("/collections/{name}/tiles"));
        for tileset in server.json(&own)["tilesets"].as_array().unwrap() {
            assert_eq!((&tileset["dataType"], &tileset["tileMatrixSetURI"]), (&"vector".into(), &SET.into()));
            assert!(tileset["crs"].is_string());
            assert_eq!(path(&server, tileset, "self"), format!("{own}/WebMercatorQuad"));
            assert_eq!(path(&server, tileset, SCHEME), "/tileMatrixSets/WebMercatorQuad");
        }
    }
    assert!(links(&server.json("/collections/reported_figures"), TILESETS).is_empty());
    assert_eq!(server.get("/collections/reported_figures/tiles").status(), 404);
    let sets =
        path(&server, &server.json("/?f=json"), "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes");
    let sets = server.json(&sets);
    assert_eq!(path(&server, &sets["tileMatrixSets"][0], "self"), "/tileMatrixSets/WebMercatorQuad");
}

/// `/conf/oas30/completeness`, `/conf/oas30/operation-id`
#[test]
fn oas30_operation_ids() {
    let server = Server::start();
    let api = server.json("/api");
    let paths = api["paths"].as_object().unwrap();
    let ids: Vec<&str> = paths.values().filter_map(|item| item["get"]["operationId"].as_str()).collect();
    for ending in [
        ".collection.vector.getTileSetsList",
        ".collection.vector.getTileSet",
        ".collection.vector.getTile",
        "getTileMatrixSetsList",
        "getTileMatrixSet",
    ] {
        assert!(ids.iter().any(|id| id.ends_with(ending)), "{ending}");
    }
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
}
