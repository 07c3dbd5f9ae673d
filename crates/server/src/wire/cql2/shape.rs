//! Converts geometries of a filter from `GeoJSON` to shapes, without repairing them.

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use geometry::Shape;
use serde_json::Value;

use crate::wire::{bbox, systems::System};

/// The most nested geometries.
pub const MAX_NESTING: usize = 8;

/// The types of geometries.
pub const KINDS: [&str; 7] =
    ["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"];

/// Converts a geometry with positions in a system to a shape; also returns the number of positions. Its edges
/// are straight in longitude and latitude.
///
/// # Errors
/// The problem with the geometry.
pub fn read(value: &Value, system: System) -> Result<(Shape, usize), String> {
    let mut reader = Reader { system, geometries: Vec::new(), n_positions: 0 };
    reader.geometry(value, 0)?;
    let shape = Shape::new(reader.geometries).map_err(|error| format!("the geometry is wrong: {error}"))?;
    Ok((shape, reader.n_positions))
}

/// Converts a box in a system, four or six comma-separated numbers, to a shape; a box whose west exceeds its
/// east crosses the antimeridian.
///
/// # Errors
/// The problem with the box.
pub fn boxes(text: &str, system: System) -> Result<Shape, String> {
    let wrong = |reason: String| format!("BBOX({text}) {reason}");
    if !system.is_storage() {
        let rectangle =
            bbox::four_numbers(text).and_then(|corners| system.rectangle(corners)).map_err(wrong)?;
        return Shape::new(vec![Geometry::Polygon(rectangle)]).map_err(|error| wrong(error.to_string()));
    }
    let numbers: Vec<f64> = text.split(',').filter_map(|number| number.parse().ok()).collect();
    // Unlike the parameter bbox, a box in a filter must be inside the world.
    let ([west, south, east, north] | [west, south, _, east, north, _]) = numbers[..] else {
        return Err(wrong("is not four numbers: west, south, east, north".to_owned()));
    };
    for (lon, lat) in [(west, south), (east, north)] {
        geometry::LonLat::new(lon, lat).map_err(|error| wrong(format!("is outside the world: {error}")))?;
    }
    let boxes = bbox::bbox(text).map_err(wrong)?;
    Shape::of_boxes(boxes).map_err(|error| error.to_string())
}

/// The geometries read so far.
struct Reader {
    system: System,
    geometries: Vec<Geometry<f64>>,
    n_positions: usize,
}

impl Reader {
    fn geometry(&mut self, value: &Value, nesting: usize) -> Result<(), String> {
        if nesting > MAX_NESTING {
            return Err(format!("has more than {MAX_NESTING} nested geometries"));
        }
        let kind = value["type"].as_str().unwrap_or_default();
        let coordinates = &value["coordinates"];
        let geometry = match kind {
            "Point" => Geometry::Point(Point(self.position(coordinates)?)),
            "LineString" => Geometry::LineString(self.line(coordinates)?),
            "Polygon" => Geometry::Polygon(self.polygon(coordinates)?),
            "MultiPoint" => {
                let points = each(coordinates)?.iter().map(|at| self.position(at).map(Point));
                Geometry::MultiPoint(MultiPoint(points.collect::<Result<_, _>>()?))
            }
            "MultiLineString" => {
                let lines = each(coordinates)?.iter().map(|line| self.line(line));
                Geometry::MultiLineString(MultiLineString(lines.collect::<Result<_, _>>()?))
            }
            "MultiPolygon" => {
                let polygons = each(coordinates)?.iter().map(|polygon| self.polygon(polygon));
                Geometry::MultiPolygon(MultiPolygon(polygons.collect::<Result<_, _>>()?))
            }
            "GeometryCollection" => {
                return each(&value["geometries"])?
                    .iter()
                    .try_for_each(|part| self.geometry(part, nesting + 1));
            }
            other => return Err(format!("{other:?} is not a geometry type")),
        };
        self.geometries.push(geometry);
        Ok(())
    }

    fn polygon(&mut self, value: &Value) -> Result<Polygon<f64>, String> {
        let mut rings =
            each(value)?.iter().map(|ring| self.ring(ring)).collect::<Result<Vec<_>, _>>()?.into_iter();
        let outer = rings.next().ok_or("the geometry is wrong: a polygon has no ring")?;
        Ok(Polygon::new(outer, rings.collect()))
    }

    fn ring(&mut self, value: &Value) -> Result<LineString<f64>, String> {
        let ring = self.line(value)?;
        // `Polygon` would close the ring silently.
        if ring.0.len() < 4 || !ring.is_closed() {
            return Err(
                "the geometry is wrong: a ring needs 4 positions or more, and the last must equal the first"
                    .to_owned(),
            );
        }
        Ok(ring)
    }

    fn line(&mut self, value: &Value) -> Result<LineString<f64>, String> {
        each(value)?.iter().map(|at| self.position(at)).collect::<Result<Vec<_>, _>>().map(LineString)
    }

    /// Converts a position in the system to longitude and latitude, ignoring heights and measures.
    fn position(&mut self, value: &Value) -> Result<Coord<f64>, String> {
        self.n_positions += 1;
        let numbers = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let (Some(x), Some(y)) =
            (numbers.first().and_then(Value::as_f64), numbers.get(1).and_then(Value::as_f64))
        else {
            return Err("the geometry is wrong: a position needs two numbers".to_owned());
        };
        self.system.place(x, y).map_err(|reason| format!("the geometry is wrong: a position {reason}"))
    }
}

fn each(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| "the geometry is wrong: its coordinates do not fit its type".to_owned())
}
