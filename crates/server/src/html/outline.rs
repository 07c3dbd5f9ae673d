//! A drawing of a district and a place in it.

use std::fmt::Write as _;

use geo::{Coord, CoordsIter, MultiPolygon};
use geometry::LonLat;
use maud::{Markup, PreEscaped, html};

/// The width of the drawing and its greatest height, in drawing units.
const WIDTH: f64 = 560.0;
const MOST_HEIGHT: f64 = 440.0;
const MARGIN: f64 = 12.0;

/// Corners of an outline closer than this are drawn as one.
const CLOSEST: f64 = 0.7;

/// What to draw beside a feature.
pub struct Drawn {
    /// The region's name.
    pub region: String,
    /// The region's boundary.
    pub boundary: MultiPolygon<f64>,
    /// The feature's place, if it is a point.
    pub place: Option<LonLat>,
}

/// Converts degrees to drawing units: everything fits, and shapes look as they do on the ground.
struct Frame {
    west: f64,
    north: f64,
    per_degree: (f64, f64),
    size: (f64, f64),
}

impl Frame {
    fn around(drawn: &Drawn) -> Option<Self> {
        let place = drawn.place.map(|at| Coord { x: at.lon(), y: at.lat() });
        let all = || drawn.boundary.exterior_coords_iter().chain(place);
        all().next()?;
        let least = |of: fn(Coord) -> f64| all().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(Coord) -> f64| all().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (west, east, south, north) = (least(|c| c.x), most(|c| c.x), least(|c| c.y), most(|c| c.y));
        let narrowing = f64::midpoint(south, north).to_radians().cos().max(0.01);
        // At least a hundredth of a degree, so that a single point also has a map.
        let (wide, high) = (((east - west) * narrowing).max(0.01), (north - south).max(0.01));
        let scale = ((WIDTH - 2.0 * MARGIN) / wide).min((MOST_HEIGHT - 2.0 * MARGIN) / high);
        let size = (wide * scale + 2.0 * MARGIN, high * scale + 2.0 * MARGIN);
        Some(Self { west, north, per_degree: (narrowing * scale, scale), size })
    }

    fn at(&self, place: Coord) -> (f64, f64) {
        (
            MARGIN + (place.x - self.west) * self.per_degree.0,
            MARGIN + (self.north - place.y) * self.per_degree.1,
        )
    }

    /// Formats the outline as path data.
    fn path(&self, boundary: &MultiPolygon<f64>) -> String {
        let mut path = String::new();
        for ring in boundary.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
            let mut last = None;
            for (x, y) in ring.coords().map(|c| self.at(*c)) {
                let near = last.is_some_and(|(a, b): (f64, f64)| (a - x).hypot(b - y) < CLOSEST);
                if !near {
                    path.push(if last.is_none() { 'M' } else { 'L' });
                    // Writing to a `String` cannot fail.
                    let _ = write!(path, "{x:.1} {y:.1}");
                    last = Some((x, y));
                }
            }
            path.push('Z');
        }
        path
    }
}

/// Builds the drawing, with the region's name.
pub fn figure(drawn: &Drawn) -> Markup {
    let Some(frame) = Frame::around(drawn) else { return PreEscaped(String::new()) };
    let (wide, high) = frame.size;
    let place = drawn.place.map(|at| frame.at(Coord { x: at.lon(), y: at.lat() }));
    html! {
        figure {
            svg viewBox={ "0 0 " (format!("{wide:.0} {high:.0}")) } role="img" aria-label={ "Outline of " (drawn.region) } {
                path .land d=(frame.path(&drawn.boundary)) fill-rule="evenodd" {}
                @if let Some((x, y)) = place {
                    circle .halo cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="11" {}
                    circle .place cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="5.5" {}
                }
            }
            figcaption { (drawn.region) }
        }
    }
}
