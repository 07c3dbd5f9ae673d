//! The conformance classes that hold.

/// What every class begins with.
const PREFIX: &str = "http://www.opengis.net/spec/";

/// Declared once their tests pass, and not before.
const CLASSES: &[&str] = &[
    "ogcapi-common-1/1.0/conf/core",
    "ogcapi-common-1/1.0/conf/landing-page",
    "ogcapi-common-1/1.0/conf/json",
    "ogcapi-common-1/1.0/conf/oas30",
    "ogcapi-common-2/1.0/conf/collections",
    "ogcapi-common-2/1.0/conf/json",
    "ogcapi-features-1/1.0/conf/core",
    "ogcapi-features-1/1.0/conf/geojson",
    "ogcapi-features-1/1.0/conf/oas30",
    "ogcapi-features-2/1.0/conf/crs",
    "ogcapi-features-5/1.0/conf/schemas",
];

/// The classes, as their addresses.
pub fn classes() -> impl Iterator<Item = String> {
    CLASSES.iter().map(|class| format!("{PREFIX}{class}"))
}
