//! The ground of a district on which lines are laid: metres from its south-west corner, and the direction of
//! its valleys.

use geo::{BoundingRect, Contains, Coord, MultiPolygon};
use geometry::LonLat;
use rand::Rng;

use crate::Region;

/// Metres to the east and to the north.
pub(super) type Metres = [f64; 2];

/// Metres in a degree of latitude, precise enough for made-up positions.
const LAT_M: f64 = 111_000.0;

/// The distance between two points of a line, metres.
const STEP_M: f64 = 50.0;

/// The shortest line along which a site can be laid, metres.
pub(super) const SHORTEST_M: f64 = 300.0;

/// The longest line, metres.
const LONGEST_M: f64 = 14_000.0;

/// The number of lines tried for each one used: the longest of a few runs well through its district.
const TRIES: u32 = 6;

/// The maximum number of start points tried for a line; most of them are inside the district.
const STARTS: u32 = 200;

/// The distance over which the direction of the lines turns, metres.
const BEND_M: f64 = 4_500.0;

/// How far it turns, as the tangent of half the angle: 0.6 is 62 degrees.
const BEND: f64 = 0.6;

/// A district's boundary and the direction of the lines in it.
#[derive(Debug)]
pub(super) struct Ground {
    /// The district's id.
    pub(super) id: String,
    boundary: MultiPolygon<f64>,
    west: f64,
    south: f64,
    size: Metres,
    lon_m: f64,
    margin_m: f64,
    grain: Metres,
    bends: u64,
}

impl Ground {
    /// Creates the ground of a region that has a boundary. `bends` is the seed for the turns of lines about
    /// `grain`.
    pub(super) fn new(region: &Region, grain: Metres, bends: u64) -> Option<Self> {
        let bounds = region.boundary.bounding_rect()?;
        let middle = bounds.center().y.to_radians();
        // Use whole metres: the last digits of a cosine differ between machines.
        let lon_m = (LAT_M * middle.cos()).round();
        let size = [bounds.width() * lon_m, bounds.height() * LAT_M];
        let length = (grain[0] * grain[0] + grain[1] * grain[1]).sqrt();
        Some(Self {
            id: region.id.clone(),
            boundary: region.boundary.clone(),
            west: bounds.min().x,
            south: bounds.min().y,
            size,
            lon_m,
            margin_m: (size[0].min(size[1]) * 0.03).clamp(30.0, 250.0),
            grain: [grain[0] / length, grain[1] / length],
            bends,
        })
    }

    /// Returns the position if it is in the district, also after rounding.
    pub(super) fn position(&self, at: Metres) -> Option<LonLat> {
        let position = LonLat::new(self.west + at[0] / self.lon_m, self.south + at[1] / LAT_M).ok()?;
        self.contains(position).then_some(position)
    }

    /// Returns whether the position is in the district.
    pub(super) fn contains(&self, position: LonLat) -> bool {
        self.boundary.contains(&Coord::from(position))
    }

    /// Returns the longest of a few lines through the district; `None` if there is no room for one.
    pub(super) fn line(&self, rng: &mut impl Rng) -> Option<Line> {
        let mut longest: Option<Line> = None;
        let mut tries = 0;
        for _ in 0..STARTS {
            let start = [self.size[0] * rng.random::<f64>(), self.size[1] * rng.random::<f64>()];
            if !self.has_margin(start) {
                continue;
            }
            let line = self.trace(start);
            if line.length_m() >= longest.as_ref().map_or(SHORTEST_M, Line::length_m) {
                longest = Some(line);
            }
            tries += 1;
            if tries == TRIES {
                break;
            }
        }
        longest
    }

    /// Traces the line through `start` in both directions, as far as the district and its margin reach.
    fn trace(&self, start: Metres) -> Line {
        let side = |sign: f64| {
            let ahead = move |at: &Metres| {
                let way = self.way(*at);
                let next = [at[0] + sign * STEP_M * way[0], at[1] + sign * STEP_M * way[1]];
                self.has_margin(next).then_some(next)
            };
            std::iter::successors(Some(start), ahead).take((LONGEST_M / STEP_M / 2.0) as usize)
        };
        let mut points: Vec<_> = side(-1.0).collect();
        points.reverse();
        points.extend(side(1.0).skip(1));
        Line { points }
    }

    /// Returns whether the four neighbours at the distance of the margin are in the district.
    fn has_margin(&self, at: Metres) -> bool {
        let m = self.margin_m;
        [[m, 0.0], [-m, 0.0], [0.0, m], [0.0, -m]]
            .iter()
            .all(|by| self.position([at[0] + by[0], at[1] + by[1]]).is_some())
    }

    /// Returns the direction of a line at this point, as a vector of length one metre.
    fn way(&self, at: Metres) -> Metres {
        // Turning by the tangent of half the angle needs no sine, whose last digits differ between machines.
        let half = BEND * self.bend([at[0] / BEND_M, at[1] / BEND_M]);
        let turn = [(1.0 - half * half) / (1.0 + half * half), 2.0 * half / (1.0 + half * half)];
        let grain = self.grain;
        [grain[0] * turn[0] - grain[1] * turn[1], grain[0] * turn[1] + grain[1] * turn[0]]
    }

    /// Returns the value of a smooth field in -1..=1: random numbers at the corners of a grid, blended
    /// between them.
    fn bend(&self, at: Metres) -> f64 {
        let (x, y) = (at[0].floor(), at[1].floor());
        let blend = |t: f64| t * t * (3.0 - 2.0 * t);
        let (u, v) = (blend(at[0] - x), blend(at[1] - y));
        let corner = |dx: i64, dy: i64| drawn(self.bends, x as i64 + dx, y as i64 + dy);
        let south = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * u;
        let north = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * u;
        south + (north - south) * v
    }
}

/// Returns a number in -1..=1 for a corner of the grid: `SplitMix64` (Steele, Lea and Flood, 2014).
fn drawn(seed: u64, x: i64, y: i64) -> f64 {
    let mut z = seed ^ (x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (y as u64).rotate_left(32);
    for factor in [0xbf58_476d_1ce4_e5b9_u64, 0x94d0_49bb_1331_11eb] {
        z = (z ^ (z >> 30)).wrapping_mul(factor);
    }
    (z >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// A line through a district, with a point every 50 m.
#[derive(Debug)]
pub(super) struct Line {
    points: Vec<Metres>,
}

impl Line {
    /// Returns its length, metres.
    pub(super) fn length_m(&self) -> f64 {
        self.points.len().saturating_sub(1) as f64 * STEP_M
    }

    /// Returns the point `along_m` from the start and `across_m` to the left. Beyond its ends the line
    /// continues straight.
    pub(super) fn place(&self, along_m: f64, across_m: f64) -> Metres {
        let last = self.points.len().saturating_sub(2);
        let at = ((along_m / STEP_M).max(0.0) as usize).min(last);
        // A line has a length, so it has at least two points.
        let [from, to, ..] = self.points[at..] else { return self.points[at] };
        let way = [(to[0] - from[0]) / STEP_M, (to[1] - from[1]) / STEP_M];
        let ahead = along_m - at as f64 * STEP_M;
        [from[0] + way[0] * ahead - way[1] * across_m, from[1] + way[1] * ahead + way[0] * across_m]
    }
}
