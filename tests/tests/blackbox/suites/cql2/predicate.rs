//! Predicates of CQL2 in both encodings, so that every abstract test runs in each.

use serde_json::{Value, json};

/// A predicate or an expression, as text and as JSON.
#[derive(Clone, Debug)]
pub struct Cql2 {
    pub text: String,
    pub json: Value,
}

/// A geometry: its WKT and its GeoJSON.
pub type Geometry = Cql2;

fn cql2(text: impl Into<String>, json: Value) -> Cql2 {
    Cql2 { text: text.into(), json }
}

/// Builds an operation written as a function.
pub fn function(name: &str, arguments: &[&Cql2]) -> Cql2 {
    let texts: Vec<&str> = arguments.iter().map(|argument| argument.text.as_str()).collect();
    let values: Vec<&Value> = arguments.iter().map(|argument| &argument.json).collect();
    cql2(format!("{name}({})", texts.join(",")), json!({"op": name.to_lowercase(), "args": values}))
}

pub fn property(name: &str) -> Cql2 {
    cql2(name, json!({"property": name}))
}

pub fn string(value: &str) -> Cql2 {
    cql2(format!("'{}'", value.replace('\'', "''")), json!(value))
}

pub fn number(value: f64) -> Cql2 {
    let text = value.to_string();
    let json = serde_json::from_str(&text).unwrap();
    cql2(text, json)
}

pub fn boolean(value: bool) -> Cql2 {
    cql2(value.to_string(), json!(value))
}

pub fn date(value: &str) -> Cql2 {
    cql2(format!("DATE('{value}')"), json!({"date": value}))
}

pub fn timestamp(value: &str) -> Cql2 {
    cql2(format!("TIMESTAMP('{value}')"), json!({"timestamp": value}))
}

/// Builds an interval of two instants, or of two properties.
pub fn interval(from: &Cql2, to: &Cql2) -> Cql2 {
    cql2(format!("INTERVAL({},{})", from.text, to.text), json!({"interval": [from.json, to.json]}))
}

pub fn compare(left: &Cql2, operator: &str, right: &Cql2) -> Cql2 {
    cql2(
        format!("{}{operator}{}", left.text, right.text),
        json!({"op": operator, "args": [left.json, right.json]}),
    )
}

pub fn is_null(of: &Cql2) -> Cql2 {
    cql2(format!("{} IS NULL", of.text), json!({"op": "isNull", "args": [of.json]}))
}

pub fn is_not_null(of: &Cql2) -> Cql2 {
    cql2(format!("{} is not null", of.text), json!({"op": "not", "args": [is_null(of).json]}))
}

pub fn like(of: &Cql2, pattern: &Cql2) -> Cql2 {
    cql2(format!("{} LIKE {}", of.text, pattern.text), json!({"op": "like", "args": [of.json, pattern.json]}))
}

pub fn between(of: &Cql2, least: f64, most: f64) -> Cql2 {
    cql2(
        format!("{} BETWEEN {least} AND {most}", of.text),
        json!({"op": "between", "args": [of.json, least, most]}),
    )
}

pub fn one_of(of: &Cql2, values: &[Cql2]) -> Cql2 {
    let texts: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
    let list: Vec<&Value> = values.iter().map(|value| &value.json).collect();
    cql2(format!("{} IN ({})", of.text, texts.join(",")), json!({"op": "in", "args": [of.json, list]}))
}

pub fn not(of: &Cql2) -> Cql2 {
    cql2(format!("NOT ({})", of.text), json!({"op": "not", "args": [of.json]}))
}

pub fn and(left: &Cql2, right: &Cql2) -> Cql2 {
    cql2(
        format!("({}) AND ({})", left.text, right.text),
        json!({"op": "and", "args": [left.json, right.json]}),
    )
}

pub fn or(left: &Cql2, right: &Cql2) -> Cql2 {
    cql2(format!("({}) OR ({})", left.text, right.text), json!({"op": "or", "args": [left.json, right.json]}))
}

pub fn casei(of: &Cql2) -> Cql2 {
    function("CASEI", &[of])
}

/// Builds a box: west, south, east, north.
pub fn bbox([west, south, east, north]: [f64; 4]) -> Geometry {
    cql2(format!("BBOX({west},{south},{east},{north})"), json!({"bbox": [west, south, east, north]}))
}

fn positions(positions: &[[f64; 2]]) -> String {
    let texts: Vec<String> = positions.iter().map(|[x, y]| format!("{x} {y}")).collect();
    format!("({})", texts.join(","))
}

fn lists(lists: &[&[[f64; 2]]]) -> String {
    let texts: Vec<String> = lists.iter().map(|list| positions(list)).collect();
    format!("({})", texts.join(","))
}

pub fn point(at: [f64; 2]) -> Geometry {
    cql2(format!("POINT{}", positions(&[at])), json!({"type": "Point", "coordinates": at}))
}

pub fn points(at: &[[f64; 2]]) -> Geometry {
    cql2(format!("MULTIPOINT{}", positions(at)), json!({"type": "MultiPoint", "coordinates": at}))
}

pub fn line(along: &[[f64; 2]]) -> Geometry {
    cql2(format!("LINESTRING{}", positions(along)), json!({"type": "LineString", "coordinates": along}))
}

pub fn lines(along: &[&[[f64; 2]]]) -> Geometry {
    cql2(format!("MULTILINESTRING{}", lists(along)), json!({"type": "MultiLineString", "coordinates": along}))
}

pub fn polygon(rings: &[&[[f64; 2]]]) -> Geometry {
    cql2(format!("POLYGON{}", lists(rings)), json!({"type": "Polygon", "coordinates": rings}))
}

pub fn polygons(all: &[&[&[[f64; 2]]]]) -> Geometry {
    let texts: Vec<String> = all.iter().map(|rings| lists(rings)).collect();
    cql2(format!("MULTIPOLYGON({})", texts.join(",")), json!({"type": "MultiPolygon", "coordinates": all}))
}

pub fn geometries(all: &[&Geometry]) -> Geometry {
    let texts: Vec<&str> = all.iter().map(|one| one.text.as_str()).collect();
    let values: Vec<&Value> = all.iter().map(|one| &one.json).collect();
    cql2(
        format!("GEOMETRYCOLLECTION({})", texts.join(",")),
        json!({"type": "GeometryCollection", "geometries": values}),
    )
}
