//! The conformance classes that the server implements.

/// The prefix of every class.
const PREFIX: &str = "http://www.opengis.net/spec/";

/// Add a class only once its tests pass.
const CLASSES: &[&str] = &[
    "ogcapi-common-1/1.0/conf/core",
    "ogcapi-common-1/1.0/conf/landing-page",
    "ogcapi-common-1/1.0/conf/json",
    "ogcapi-common-1/1.0/conf/html",
    "ogcapi-common-1/1.0/conf/oas30",
    "ogcapi-common-2/1.0/conf/collections",
    "ogcapi-common-2/1.0/conf/json",
    "ogcapi-common-2/1.0/conf/html",
    "ogcapi-features-1/1.0/conf/core",
    "ogcapi-features-1/1.0/conf/geojson",
    "ogcapi-features-1/1.0/conf/html",
    "ogcapi-features-1/1.0/conf/oas30",
    "ogcapi-features-2/1.0/conf/crs",
    "ogcapi-features-3/1.0/conf/queryables",
    "ogcapi-features-3/1.0/conf/filter",
    "ogcapi-features-3/1.0/conf/features-filter",
    "ogcapi-features-4/1.0/conf/create-replace-delete",
    "ogcapi-features-4/1.0/conf/update",
    "ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    "ogcapi-features-4/1.0/conf/features",
    "ogcapi-features-5/1.0/conf/schemas",
    "ogcapi-tiles-1/1.0/conf/core",
    "ogcapi-tiles-1/1.0/conf/tileset",
    "ogcapi-tiles-1/1.0/conf/tilesets-list",
    "ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "ogcapi-tiles-1/1.0/conf/oas30",
    "ogcapi-tiles-1/1.0/conf/mvt",
    "cql2/1.0/conf/cql2-text",
    "cql2/1.0/conf/cql2-json",
    "cql2/1.0/conf/basic-cql2",
    "cql2/1.0/conf/advanced-comparison-operators",
    "cql2/1.0/conf/case-insensitive-comparison",
    "cql2/1.0/conf/basic-spatial-functions",
    "cql2/1.0/conf/basic-spatial-functions-plus",
    "cql2/1.0/conf/spatial-functions",
    "cql2/1.0/conf/temporal-functions",
    // The class's name in the draft, which QGIS looks for.
    "cql2/1.0/conf/basic-spatial-operators",
];

/// Returns the URIs of the classes.
pub fn classes() -> impl Iterator<Item = String> {
    CLASSES.iter().map(|class| format!("{PREFIX}{class}"))
}
