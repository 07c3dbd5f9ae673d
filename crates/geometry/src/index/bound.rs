//! Lower bounds of distances: cheap to compute, so that a search can skip what is too far away.
//!
//! The ellipsoid is most strongly curved on a meridian at the equator, where its radius is `b²/a`. So the
//! length of any line on it is at least that radius times the length of the line with the same longitudes and
//! latitudes on the unit sphere. The bound is at most 1 % too short.

use std::f64::consts::PI;

use crate::{LonLat, Mercator, MercatorBounds};

/// The smallest radius of curvature of WGS84, b²/a, metres.
const LEAST_RADIUS_M: f64 = 6_335_439.327;
/// More than rounding errors can add up to, metres: positions are whole units of 9 mm.
const SLACK_M: f64 = 0.02;

/// The start of a search, with precomputed values.
pub(super) struct Origin {
    lon: f64,
    lat: f64,
    cos_lat: f64,
}

impl Origin {
    pub fn new(at: LonLat) -> Self {
        let lat = at.lat().to_radians();
        Self { lon: at.lon().to_radians(), lat, cos_lat: lat.cos() }
    }

    /// Returns a distance in metres; no position in the box is nearer.
    pub fn least_to_box(&self, bounds: &MercatorBounds) -> f64 {
        let [west, south, east, north] = bounds.degrees().map(f64::to_radians);
        if (west..=east).contains(&self.lon) {
            return least_m(self.haversine(self.lat.clamp(south, north), 0.0));
        }
        let away = turn(west - self.lon).min(turn(self.lon - east));
        // Along a meridian the distance has one minimum; its latitude follows from the derivative.
        let foot = self.lat.sin().atan2(self.cos_lat * away.cos());
        let nearest = if (south..=north).contains(&foot) {
            self.haversine(foot, away)
        } else {
            self.haversine(south, away).min(self.haversine(north, away))
        };
        least_m(nearest)
    }

    /// Returns a distance in metres; the place is not nearer.
    pub fn least_to_place(&self, place: Mercator) -> f64 {
        self.least_to_box(&MercatorBounds::of(place))
    }

    fn haversine(&self, lat: f64, away: f64) -> f64 {
        let (up, along) = (((lat - self.lat) / 2.0).sin(), (away / 2.0).sin());
        up * up + self.cos_lat * lat.cos() * along * along
    }
}

/// Normalises the angle to 0..2π.
fn turn(angle: f64) -> f64 {
    angle.rem_euclid(2.0 * PI)
}

fn least_m(haversine: f64) -> f64 {
    (2.0 * haversine.clamp(0.0, 1.0).sqrt().asin() * LEAST_RADIUS_M - SLACK_M).max(0.0)
}
