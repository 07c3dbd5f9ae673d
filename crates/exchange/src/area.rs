//! Reads polygons from GeoJSON: query areas and boundaries.

use geo::{Area, Coord, LineString, MultiPolygon, Polygon};
use geometry::{LonLat, NotSimple};

use crate::{
    geojson::read_reference_name,
    json::{Cursor, Fault, Json},
    reference::{AxisOrder, Reference},
};

/// The maximum number of positions in one area.
pub const MAX_VERTICES: usize = 100_000;

/// An error that occurs when a body is not a valid area.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AreaError {
    /// The body is not UTF-8.
    #[error("the body is not UTF-8")]
    Utf8,
    /// The body is not valid JSON.
    #[error("{0}")]
    Json(String),
    /// The body is neither a Polygon nor a `MultiPolygon`.
    #[error("{0}; expected a Polygon or MultiPolygon, as a geometry or a Feature")]
    Kind(String),
    /// A ring is invalid; polygons and their rings are counted from 1.
    #[error("polygon {polygon}, ring {ring}: {reason}")]
    Ring {
        /// The polygon.
        polygon: usize,
        /// The ring: 1 is the outer one.
        ring: usize,
        /// What is wrong.
        reason: String,
    },
    /// Polygons overlap, or too many edges are too close together to check; polygons are counted from 1.
    #[error("{0}")]
    NotSimple(String),
    /// The area has more than [`MAX_VERTICES`] positions.
    #[error("the area has more than {MAX_VERTICES} positions")]
    TooManyVertices,
    /// The coordinates are in another reference system.
    #[error("{0}; an area must be in WGS84 longitude, latitude")]
    Reference(String),
}

impl From<Fault> for AreaError {
    fn from(fault: Fault) -> Self {
        Self::Json(match fault.field.as_str() {
            "" => format!("the body {}", fault.reason),
            field => format!("{field} {}", fault.reason),
        })
    }
}

impl From<NotSimple> for AreaError {
    fn from(fault: NotSimple) -> Self {
        let at = |polygon: usize, ring: usize, reason: String| Self::Ring {
            polygon: polygon + 1,
            ring: ring + 1,
            reason,
        };
        match fault {
            NotSimple::Itself { polygon, ring, near } => {
                at(polygon, ring, format!("crosses itself, or touches itself, near [{}, {}]", near.x, near.y))
            }
            NotSimple::HoleOutside { polygon, ring } => {
                at(polygon, ring, "is a hole that is not inside the outer ring".to_owned())
            }
            NotSimple::Holes { polygon, ring, other } => {
                at(polygon, ring, format!("is a hole that overlaps ring {}", other + 1))
            }
            NotSimple::Polygons { polygon, other } => {
                Self::NotSimple(format!("polygons {} and {} overlap", polygon + 1, other + 1))
            }
            NotSimple::TooEntangled => Self::NotSimple(
                "the area has too many edges close together: simplify it or send its parts".to_owned(),
            ),
        }
    }
}

/// Reads a Polygon or `MultiPolygon` in WGS84 longitude, latitude, bare or as the geometry of a Feature.
///
/// Rings must be closed and their positions in range. No ring may cross or touch itself, holes must be inside
/// their outer ring without overlapping each other, and polygons must not overlap; they may touch.
///
/// ```
/// let body = br#"{"type": "Polygon", "coordinates": [[[46, 39], [47, 39], [47, 40], [46, 39]]]}"#;
/// assert_eq!(exchange::read_area(body)?.0.len(), 1);
/// # Ok::<(), exchange::AreaError>(())
/// ```
///
/// # Errors
/// Returns an [`AreaError`] if the body is not a valid area.
pub fn read_area(body: &[u8]) -> Result<MultiPolygon<f64>, AreaError> {
    let text = std::str::from_utf8(body).map_err(|_| AreaError::Utf8)?;
    let area = read_geometry(text.trim_start_matches('\u{feff}'), true)?;
    geometry::check_simple(&area)?;
    Ok(area)
}

/// Reads a geometry, or the geometry of a Feature if `allow_feature` is set.
pub(crate) fn read_geometry(text: &str, allow_feature: bool) -> Result<MultiPolygon<f64>, AreaError> {
    let mut cursor = Cursor::new(text);
    if cursor.peek() != Some(b'{') {
        let found = cursor.value()?;
        return Err(AreaError::Kind(format!("the body is {}", found.what())));
    }
    let (mut kind, mut coordinates, mut geometry, mut crs) = (None, None, None, None);
    cursor.object(|cursor, key| {
        match key.as_ref() {
            "type" => kind = Some(cursor.value()?),
            "coordinates" => coordinates = Some(cursor.value()?),
            "geometry" => geometry = Some(cursor.value()?),
            "crs" => crs = read_reference_name(cursor)?,
            _ => drop(cursor.value()?),
        }
        Ok(())
    })?;
    cursor.finish()?;
    if let Some(name) = crs {
        let reference = Reference::parse(&name, AxisOrder::EastNorth).map_err(AreaError::Reference)?;
        if !reference.is_lon_lat() {
            return Err(AreaError::Reference(format!("it is in {}", reference.name())));
        }
    }
    match (kind, coordinates, geometry) {
        (Some(Json::Text(kind)), Some(Json::Array(rings)), _) if kind == "Polygon" => {
            Reading::default().polygon(&mut Cursor::new(rings)).map(|polygon| MultiPolygon(vec![polygon]))
        }
        (Some(Json::Text(kind)), Some(Json::Array(polygons)), _) if kind == "MultiPolygon" => {
            Reading::default().polygons(&mut Cursor::new(polygons))
        }
        (Some(Json::Text(kind)), _, Some(Json::Object(geometry))) if kind == "Feature" && allow_feature => {
            read_geometry(geometry, false)
        }
        (Some(Json::Text(kind)), _, _) if matches!(kind.as_ref(), "Polygon" | "MultiPolygon") => {
            Err(AreaError::Kind(format!("the {kind} has no coordinates")))
        }
        (Some(Json::Text(kind)), _, _) if kind == "Feature" => {
            Err(AreaError::Kind("the Feature has no geometry".to_owned()))
        }
        (Some(kind), _, _) => Err(AreaError::Kind(format!("it is a {}", kind.shown()))),
        (None, _, _) => Err(AreaError::Kind("it has no type".to_owned())),
    }
}

/// Tracks the current polygon, ring and number of positions.
#[derive(Default)]
struct Reading {
    polygon: usize,
    ring: usize,
    vertices: usize,
}

impl Reading {
    fn polygons(&mut self, cursor: &mut Cursor<'_>) -> Result<MultiPolygon<f64>, AreaError> {
        let all = walk(cursor, |cursor| self.polygon(cursor))?;
        if all.is_empty() {
            return Err(AreaError::Kind("the MultiPolygon is empty".to_owned()));
        }
        Ok(MultiPolygon(all))
    }

    fn polygon(&mut self, cursor: &mut Cursor<'_>) -> Result<Polygon<f64>, AreaError> {
        self.polygon += 1;
        self.ring = 0;
        let mut rings = walk(cursor, |cursor| self.ring(cursor))?.into_iter();
        match rings.next() {
            Some(outer) => Ok(Polygon::new(outer, rings.collect())),
            None => Err(AreaError::Kind("the Polygon is empty".to_owned())),
        }
    }

    fn ring(&mut self, cursor: &mut Cursor<'_>) -> Result<LineString<f64>, AreaError> {
        self.ring += 1;
        let ring = LineString(walk(cursor, |cursor| self.position(cursor))?);
        if ring.0.len() < 4 {
            return Err(self.wrong(format!("has {} positions, at least 4 are required", ring.0.len())));
        }
        if !ring.is_closed() {
            return Err(self.wrong("is not closed: its last position is not its first".to_owned()));
        }
        if Polygon::new(ring.clone(), Vec::new()).unsigned_area() == 0.0 {
            return Err(self.wrong("encloses no area".to_owned()));
        }
        Ok(ring)
    }

    fn position(&mut self, cursor: &mut Cursor<'_>) -> Result<Coord<f64>, AreaError> {
        self.vertices += 1;
        if self.vertices > MAX_VERTICES {
            return Err(AreaError::TooManyVertices);
        }
        let (mut numbers, mut count) = ([f64::NAN; 2], 0);
        let is_array = cursor.peek() == Some(b'[');
        let read = cursor.array(|cursor| {
            if let (Json::Number(text), Some(slot)) = (cursor.value()?, numbers.get_mut(count)) {
                *slot = text.parse().unwrap_or(f64::NAN);
            }
            count += 1;
            Ok(())
        });
        if !is_array || read.is_err() || !(2..=3).contains(&count) {
            return Err(self.wrong("has a position that is not 2 or 3 numbers".to_owned()));
        }
        let [lon, lat] = numbers;
        LonLat::new(lon, lat).map_err(|error| self.wrong(error.to_string()))?;
        Ok(Coord { x: lon, y: lat })
    }

    fn wrong(&self, reason: String) -> AreaError {
        AreaError::Ring { polygon: self.polygon, ring: self.ring, reason }
    }
}

/// Collects the result of `element` for each element of an array.
fn walk<T>(
    cursor: &mut Cursor<'_>,
    mut element: impl FnMut(&mut Cursor<'_>) -> Result<T, AreaError>,
) -> Result<Vec<T>, AreaError> {
    let mut all = Vec::new();
    let mut wrong = None;
    let walked = cursor.array(|cursor| match element(cursor) {
        Ok(one) => {
            all.push(one);
            Ok(())
        }
        Err(error) => {
            wrong = Some(error);
            Err(cursor.fault("", "", ""))
        }
    });
    match (wrong, walked) {
        (Some(error), _) => Err(error),
        (None, Err(fault)) => Err(fault.into()),
        (None, Ok(())) => Ok(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, error: &str) {
        assert_eq!(read_area(body.as_bytes()).unwrap_err().to_string(), error, "{body}");
    }

    fn polygon(rings: &str) -> String {
        format!(r#"{{"type":"Polygon","coordinates":{rings}}}"#)
    }

    #[test]
    fn a_feature_around_a_multipolygon_is_read_with_its_holes() {
        let body = r#"{"properties":null,"geometry":{"coordinates":[[[[46,39],[47,39,5],[47,40],[46,40],[46,39]],
            [[46.1,39.1],[46.2,39.1],[46.2,39.2],[46.1,39.1]]]],"type":"MultiPolygon"},"type":"Feature"}"#;
        let area = read_area(body.as_bytes()).unwrap();
        assert_eq!((area.0.len(), area.0[0].interiors().len()), (1, 1));
    }

    #[test]
    fn what_bounds_no_area_is_refused_with_its_place() {
        check(
            &polygon("[[[46,39],[47,39],[46,39]]]"),
            "polygon 1, ring 1: has 3 positions, at least 4 are required",
        );
        check(
            &polygon("[[[46,39],[47,39],[47,40],[46,40]]]"),
            "polygon 1, ring 1: is not closed: its last position is not its first",
        );
        check(&polygon("[[[46,39],[47,39],[46,39],[46,39]]]"), "polygon 1, ring 1: encloses no area");
        check(
            &polygon("[[[46,39],[500,91],[47,40],[46,39]]]"),
            "polygon 1, ring 1: longitude 500 is outside -180..180",
        );
        check(
            &polygon("[[[46,39],[47],[47,40],[46,39]]]"),
            "polygon 1, ring 1: has a position that is not 2 or 3 numbers",
        );
        check(
            &polygon("[[[46,39],[\"47\",39],[47,40],[46,39]]]"),
            "polygon 1, ring 1: longitude NaN is outside -180..180",
        );
        let kind = "; expected a Polygon or MultiPolygon, as a geometry or a Feature";
        check(&polygon("[]"), &format!("the Polygon is empty{kind}"));
        check(r#"{"type":"Point","coordinates":[1,2]}"#, &format!("it is a Point{kind}"));
        check(r#"{"type":"Feature","geometry":null}"#, &format!("the Feature has no geometry{kind}"));
        check("", "the body is not JSON: it ends where a value was expected");
        check("{\"type\":1,\"type\":2}", "type occurs twice");
    }

    #[test]
    fn the_regions_of_the_first_data_set_are_areas() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/regions.geojson");
        let regions: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        for region in regions["features"].as_array().unwrap() {
            // Some regions consist of others and have no boundary in the file.
            if !region["geometry"].is_null() {
                let read = read_area(region["geometry"].to_string().as_bytes());
                assert!(read.is_ok(), "{}: {}", region["id"], read.unwrap_err());
            }
        }
    }

    #[test]
    fn an_area_that_meets_itself_is_refused_with_its_place() {
        check(
            &polygon("[[[46,39],[47,40],[47,39],[46,40.5],[46,39]]]"),
            "polygon 1, ring 1: crosses itself, or touches itself, near [46, 39]",
        );
        check(
            &polygon("[[[46,39],[47,39],[47,40],[46,39]],[[48,39],[49,39],[49,40],[48,39]]]"),
            "polygon 1, ring 2: is a hole that is not inside the outer ring",
        );
        check(
            r#"{"type":"MultiPolygon","coordinates":[[[[46,39],[47,39],[47,40],[46,39]]],[[[46,39],[47,39],[47,40],[46,39]]]]}"#,
            "polygons 1 and 2 overlap",
        );
    }

    #[test]
    fn an_area_of_too_many_positions_is_refused() {
        let ring = vec!["[46,39]"; MAX_VERTICES + 1].join(",");
        check(&polygon(&format!("[[{ring}]]")), "the area has more than 100000 positions");
    }
}
