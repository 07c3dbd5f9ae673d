//! A shape of any type, including points and lines, and the relation of a position to it.

use geo::{
    Geometry, GeometryCollection, MultiPolygon, Polygon, Relate, coordinate_position::CoordPos,
    prelude::CoordinatePosition, relate::IntersectionMatrix,
};

use super::{Area, NotSimple, PolygonError, Relation, check_simple};
use crate::{Bounds, LonLat, LonLatError};

/// The relation of a position to a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Inside: on a point, on a line but not at its end, in an area but not on its edge.
    Inside,
    /// On the boundary: the edge of an area, the end of a line.
    Edge,
    /// Outside.
    Outside,
}

/// An error that occurs when a geometry is not a valid shape.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ShapeError {
    /// A position is out of range.
    #[error(transparent)]
    Position(#[from] LonLatError),
    /// Rings are not a polygon.
    #[error(transparent)]
    Polygon(#[from] PolygonError),
    /// A ring crosses itself, or polygons overlap.
    #[error(transparent)]
    NotSimple(#[from] NotSimple),
    /// The geometry has no positions.
    #[error("the geometry has no positions")]
    Empty,
    /// A line has only one position.
    #[error("a line needs 2 positions or more")]
    ShortLine,
}

/// Points, lines and areas prepared for many queries. Lines and edges are straight in longitude and latitude.
/// Unlike an [`Area`], it distinguishes positions on an edge from positions inside.
///
/// ```
/// use geometry::{Bounds, LonLat, Position, Shape};
/// let window = Shape::of_boxes(vec![Bounds::new(46.0, 39.0, 47.0, 40.0)?])?;
/// assert_eq!(window.position(LonLat::new(46.0, 39.5)?), Position::Edge);
/// assert_eq!(window.position(LonLat::new(46.1, 39.5)?), Position::Inside);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Shape {
    parts: Vec<Part>,
    boxes: Vec<Bounds>,
}

#[derive(Debug)]
enum Part {
    Area(Area),
    /// Points or lines, and their bounding box.
    Thin(Geometry<f64>, Bounds),
}

impl Shape {
    /// Combines the geometries into one shape. O(edges), in time and in memory.
    ///
    /// # Errors
    /// Returns an error if one of them is not a valid shape.
    pub fn new(geometries: Vec<Geometry<f64>>) -> Result<Self, ShapeError> {
        let parts = geometries.into_iter().map(Part::new).collect::<Result<Vec<_>, _>>()?;
        if parts.is_empty() { Err(ShapeError::Empty) } else { Ok(Self { parts, boxes: Vec::new() }) }
    }

    /// Combines the boxes into one shape. One without height or width is a line or a point.
    ///
    /// # Errors
    /// Returns an error if there are no boxes.
    pub fn of_boxes(boxes: Vec<Bounds>) -> Result<Self, ShapeError> {
        let geometry = |bounds: &Bounds| {
            let corner = |lon, lat| geo::Coord { x: lon, y: lat };
            let (low, high) = (corner(bounds.west(), bounds.south()), corner(bounds.east(), bounds.north()));
            if low == high {
                Geometry::Point(low.into())
            } else if low.x >= high.x || low.y >= high.y {
                Geometry::LineString(vec![low, high].into())
            } else {
                Geometry::Polygon(geo::Rect::new(low, high).to_polygon())
            }
        };
        let shape = Self::new(boxes.iter().map(geometry).collect())?;
        Ok(Self { boxes, ..shape })
    }

    /// Returns the boxes from which it was created; empty for other shapes.
    pub fn boxes(&self) -> &[Bounds] {
        &self.boxes
    }

    /// Returns the relation of the position to the shape.
    pub fn position(&self, at: LonLat) -> Position {
        let positions = self.parts.iter().map(|part| part.position(at));
        positions.fold(Position::Outside, |all, one| match (all, one) {
            (Position::Inside, _) | (_, Position::Inside) => Position::Inside,
            (Position::Edge, _) | (_, Position::Edge) => Position::Edge,
            _ => Position::Outside,
        })
    }

    /// Returns the relation of a box to the shape. `Inside` and `Outside` are certain and exclude the edges;
    /// `Crosses` may be reported for a box that does not cross it.
    pub fn relation(&self, window: impl Into<Bounds>) -> Relation {
        let window = window.into();
        let relations = self.parts.iter().map(|part| part.relation(window));
        relations.fold(Relation::Outside, |all, one| match (all, one) {
            (Relation::Inside, _) | (_, Relation::Inside) => Relation::Inside,
            (Relation::Outside, Relation::Outside) => Relation::Outside,
            _ => Relation::Crosses,
        })
    }

    /// Returns the DE-9IM matrix of a geometry and the shape: the dimensions of the intersections of their
    /// interiors, boundaries and exteriors, with the geometry in rows and the shape in columns. O(edges log
    /// edges) of both.
    pub fn matrix(&self, of: &Geometry<f64>) -> IntersectionMatrix {
        of.relate(&self.geometry())
    }

    /// Returns its geometry, in longitude and latitude.
    pub fn geometry(&self) -> Geometry<f64> {
        match &self.parts[..] {
            [part] => part.geometry(),
            parts => {
                let parts: GeometryCollection<f64> = parts.iter().map(Part::geometry).collect();
                Geometry::GeometryCollection(parts)
            }
        }
    }

    /// Returns whether it is a single point.
    pub fn is_point(&self) -> bool {
        let mut bounds = self.parts.iter().map(|part| match part {
            Part::Area(_) | Part::Thin(Geometry::LineString(_) | Geometry::MultiLineString(_), _) => None,
            Part::Thin(_, bounds) => Some(bounds),
        });
        let first = bounds.next().flatten();
        first.is_some_and(|first| {
            first.west() >= first.east()
                && first.south() >= first.north()
                && bounds.all(|other| other == Some(first))
        })
    }
}

impl Part {
    fn new(geometry: Geometry<f64>) -> Result<Self, ShapeError> {
        let area = |shape: MultiPolygon<f64>| {
            let area = Area::new(shape)?;
            check_simple(area.shape())?;
            Ok(Self::Area(area))
        };
        let lines = match geometry {
            Geometry::Polygon(polygon) => return area(MultiPolygon(vec![polygon])),
            Geometry::MultiPolygon(polygons) => return area(polygons),
            Geometry::Rect(rect) => return area(MultiPolygon(vec![rect.to_polygon()])),
            Geometry::Triangle(triangle) => return area(MultiPolygon(vec![Polygon::from(triangle)])),
            Geometry::LineString(line) => vec![line],
            Geometry::MultiLineString(lines) => lines.0,
            Geometry::Line(line) => vec![line.into()],
            points => {
                let bounds = around(&points)?;
                return Ok(Self::Thin(points, bounds));
            }
        };
        if lines.iter().any(|line| line.0.len() < 2) {
            return Err(ShapeError::ShortLine);
        }
        let lines = Geometry::MultiLineString(geo::MultiLineString(lines));
        let bounds = around(&lines)?;
        Ok(Self::Thin(lines, bounds))
    }

    fn geometry(&self) -> Geometry<f64> {
        match self {
            Self::Area(area) => Geometry::MultiPolygon(area.shape().clone()),
            Self::Thin(geometry, _) => geometry.clone(),
        }
    }

    fn position(&self, at: LonLat) -> Position {
        let coord = geo::Coord { x: at.lon(), y: at.lat() };
        let exact = match self {
            Self::Area(area) => match area.relation(Bounds::of(at)) {
                Relation::Inside => return Position::Inside,
                Relation::Outside => return Position::Outside,
                // An edge runs through the position or close by.
                Relation::Crosses => area.shape().coordinate_position(&coord),
            },
            Self::Thin(_, bounds) if !bounds.contains(at) => return Position::Outside,
            Self::Thin(geometry, _) => geometry.coordinate_position(&coord),
        };
        match exact {
            CoordPos::Inside => Position::Inside,
            CoordPos::OnBoundary => Position::Edge,
            CoordPos::Outside => Position::Outside,
        }
    }

    fn relation(&self, window: Bounds) -> Relation {
        match self {
            Self::Area(area) => area.relation(window),
            Self::Thin(_, bounds) if bounds.intersects(&window) => Relation::Crosses,
            Self::Thin(..) => Relation::Outside,
        }
    }
}

/// Returns the box around all positions.
fn around(geometry: &Geometry<f64>) -> Result<Bounds, ShapeError> {
    use geo::CoordsIter;
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for coord in geometry.coords_iter() {
        LonLat::new(coord.x, coord.y)?;
        (low, high) =
            ([low[0].min(coord.x), low[1].min(coord.y)], [high[0].max(coord.x), high[1].max(coord.y)]);
    }
    // Without positions, each lower end is beyond its upper end.
    Bounds::new(low[0], low[1], high[0], high[1]).map_err(|_| ShapeError::Empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{LineString, MultiPoint, Point, polygon};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    fn star() -> Geometry<f64> {
        Geometry::Polygon(polygon!(
            exterior: [(x: 0., y: 0.), (x: 8., y: 1.), (x: 16., y: 0.), (x: 12., y: 8.), (x: 16., y: 16.), (x: 0., y: 12.)],
            interiors: [[(x: 4., y: 4.), (x: 6., y: 4.), (x: 6., y: 7.)]],
        ))
    }

    #[test]
    fn the_end_of_a_line_is_its_edge_and_a_closed_line_has_none() {
        let line = |coords: Vec<(f64, f64)>| Shape::new(vec![Geometry::LineString(coords.into())]).unwrap();
        let open = line(vec![(0.0, 0.0), (2.0, 2.0), (4.0, 2.0)]);
        assert_eq!(open.position(at(0.0, 0.0)), Position::Edge);
        assert_eq!(open.position(at(1.0, 1.0)), Position::Inside);
        assert_eq!(open.position(at(2.0, 2.0)), Position::Inside);
        assert_eq!(open.position(at(3.0, 2.000_000_1)), Position::Outside);
        let closed = line(vec![(0.0, 0.0), (2.0, 2.0), (4.0, 2.0), (0.0, 0.0)]);
        assert_eq!(closed.position(at(0.0, 0.0)), Position::Inside);
    }

    #[test]
    fn only_points_on_one_spot_are_a_point() {
        let points = |coords: &[(f64, f64)]| {
            Shape::new(vec![Geometry::MultiPoint(MultiPoint::from(coords.to_vec()))]).unwrap()
        };
        assert!(points(&[(1.0, 2.0)]).is_point() && points(&[(1.0, 2.0), (1.0, 2.0)]).is_point());
        assert!(!points(&[(1.0, 2.0), (1.0, 2.1)]).is_point());
        assert!(!Shape::new(vec![star()]).unwrap().is_point());
        assert_eq!(points(&[(1.0, 2.0), (3.0, 4.0)]).position(at(3.0, 4.0)), Position::Inside);
    }

    #[test]
    fn what_is_no_shape_is_refused() {
        let refused = |geometry: Geometry<f64>| Shape::new(vec![geometry]).unwrap_err();
        assert!(matches!(refused(Point::new(181.0, 0.0).into()), ShapeError::Position(_)));
        assert!(matches!(refused(Point::new(f64::NAN, 0.0).into()), ShapeError::Position(_)));
        assert!(matches!(refused(LineString::from(vec![(1.0, 1.0)]).into()), ShapeError::ShortLine));
        assert!(matches!(refused(MultiPoint::<f64>(Vec::new()).into()), ShapeError::Empty));
        let bow = polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)];
        assert!(matches!(refused(bow.into()), ShapeError::NotSimple(_)));
        assert!(matches!(Shape::new(Vec::new()), Err(ShapeError::Empty)));
    }

    #[test]
    fn geometries_lie_to_a_shape_as_the_nine_intersections_say() {
        let shape = |geometries: Vec<Geometry<f64>>| Shape::new(geometries).unwrap();
        let square = |from: f64, to: f64| Geometry::from(geo::Rect::new((from, from), (to, to)).to_polygon());
        let line = |from: f64, to: f64| Geometry::LineString(vec![(from, from), (to, to)].into());
        let (small, large) = (square(0.0, 2.0), shape(vec![square(0.0, 4.0)]));
        assert!(large.matrix(&small).is_within() && !large.matrix(&square(1.0, 5.0)).is_within());
        assert!(
            large.matrix(&square(1.0, 5.0)).is_overlaps() && large.matrix(&square(4.0, 5.0)).is_touches()
        );
        assert!(large.matrix(&square(-1.0, 5.0)).is_contains() && large.matrix(&line(1.0, 9.0)).is_crosses());
        assert!(large.matrix(&Point::new(4.0, 1.0).into()).is_touches());
        let two = shape(vec![Point::new(1.0, 1.0).into(), square(3.0, 4.0)]);
        assert!(two.matrix(&Point::new(1.0, 1.0).into()).is_within());
        assert!(two.matrix(&small).is_intersects() && two.matrix(&square(8.0, 9.0)).is_disjoint());
        let boxed = Shape::of_boxes(vec![Bounds::new(0.0, 0.0, 2.0, 2.0).unwrap()]).unwrap();
        assert!(boxed.matrix(&small).is_equal_topo());
    }

    #[test]
    fn positions_and_boxes_agree_with_another_crate_on_every_sort_of_shape() {
        let line = Geometry::LineString(LineString::from(vec![(1.0, 1.0), (9.0, 5.0), (9.0, 9.0)]));
        let parts =
            [star(), line, Geometry::Point(Point::new(12.0, 14.0)), Geometry::Point(Point::new(3.0, 3.0))];
        let shapes = parts.iter().map(|part| vec![part.clone()]).chain([parts.to_vec()]);
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        for geometries in shapes {
            let shape = Shape::new(geometries.clone()).unwrap();
            // On a coarse grid many positions are on edges and corners.
            let mut position =
                || at(f64::from(rng.random_range(0..34)) / 2.0, f64::from(rng.random_range(0..34)) / 2.0);
            for _ in 0..3_000 {
                let here = position();
                let coord = geo::Coord { x: here.lon(), y: here.lat() };
                let each = geometries.iter().map(|g| g.coordinate_position(&coord)).collect::<Vec<_>>();
                let expected = if each.contains(&CoordPos::Inside) {
                    Position::Inside
                } else if each.contains(&CoordPos::OnBoundary) {
                    Position::Edge
                } else {
                    Position::Outside
                };
                assert_eq!(shape.position(here), expected, "{here:?}");
                let there = position();
                let window = Bounds::of(here).union(&Bounds::of(there));
                let inside = match shape.relation(window) {
                    Relation::Inside => Position::Inside,
                    Relation::Outside => Position::Outside,
                    Relation::Crosses => continue,
                };
                for corner in [here, there, at(here.lon(), there.lat())] {
                    assert_eq!(shape.position(corner), inside, "{window:?}");
                }
            }
        }
    }
}
