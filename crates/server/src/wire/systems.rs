//! The coordinate reference systems offered for features (OGC API Features Part 2).

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use geometry::{Area, Bounds, LonLat, crs::Crs};
use serde_json::{Value, json};

use crate::{
    http::{
        params::Params,
        problem::{Answer, Problem},
    },
    wire::bbox,
};

/// The header that names the system of a response's coordinates.
pub const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// The systems; the first one is that of storage.
const OFFERED: [(&str, &str); 6] = [
    ("OGC:CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
    ("EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/4326"),
    ("EPSG:3857", "http://www.opengis.net/def/crs/EPSG/0/3857"),
    ("EPSG:32638", "http://www.opengis.net/def/crs/EPSG/0/32638"),
    ("EPSG:32639", "http://www.opengis.net/def/crs/EPSG/0/32639"),
    ("EPSG:28408", "http://www.opengis.net/def/crs/EPSG/0/28408"),
];

/// The corners added to each edge of a box when it is converted to degrees, where it is curved: the box of a
/// whole UTM zone is accurate to some centimetres, and the error of a smaller one falls with the square of
/// its size.
const CORNERS_OF_EDGE: usize = 256;

/// A reference system offered for features.
#[derive(Clone, Copy, Debug)]
pub struct System {
    crs: Crs,
    uri: &'static str,
}

impl Default for System {
    /// Returns WGS84, longitude first.
    fn default() -> Self {
        Self { crs: Crs::CRS84, uri: OFFERED[0].1 }
    }
}

/// The requested location of features.
pub enum Within {
    /// In one of these boxes.
    Boxes(Vec<Bounds>),
    /// In a box of another system.
    Area(Arc<Area>),
}

/// Returns the URIs of all systems, the default one first.
pub fn uris() -> impl Iterator<Item = &'static str> {
    OFFERED.iter().map(|(_, uri)| *uri)
}

/// Reads the parameter `crs`: the system of coordinates in the response.
///
/// # Errors
/// 400 when the system is not offered.
pub fn take(params: &mut Params) -> Answer<System> {
    Ok(params.parse("crs", parse)?.unwrap_or_default())
}

/// Reads `bbox`, in the system that `bbox-crs` names.
///
/// # Errors
/// 400 when either is invalid, or the box is outside the range of its system.
pub fn take_bbox(params: &mut Params) -> Answer<Option<Within>> {
    let system = params.parse("bbox-crs", parse)?.unwrap_or_default();
    params.parse("bbox", |text| system.within(text))
}

/// Finds a system by its URI, also in `[` `]` (a safe CURIE), or by its short name.
///
/// # Errors
/// When the system is not offered: a sentence that lists those offered.
pub fn parse(text: &str) -> Result<System, String> {
    let plain = text.trim().trim_start_matches(['<', '[']).trim_end_matches(['>', ']']);
    let known = OFFERED.iter().find(|(name, uri)| plain.eq_ignore_ascii_case(name) || plain == *uri);
    let Some((name, uri)) = known else {
        return Err(format!("is not an offered reference system: {}", uris().collect::<Vec<_>>().join(", ")));
    };
    Ok(System { crs: Crs::parse(name).map_err(|error| error.to_string())?, uri })
}

impl System {
    /// Returns whether coordinates are longitude and latitude, as stored.
    pub fn is_storage(&self) -> bool {
        self.crs == Crs::CRS84
    }

    /// Returns the URI.
    pub fn uri(&self) -> &'static str {
        self.uri
    }

    /// Returns the value of `Content-Crs`.
    pub fn header(&self) -> HeaderValue {
        // The URIs are plain ASCII.
        HeaderValue::try_from(format!("<{}>", self.uri)).unwrap_or(HeaderValue::from_static(""))
    }

    /// Converts a place to coordinates in the system's axis order, rounded to a tenth of a millimetre, or
    /// 1e-7 degrees.
    ///
    /// # Errors
    /// 400 when the place is outside the range of the system.
    pub fn coordinates(&self, at: LonLat) -> Answer<[f64; 2]> {
        let (first, second) = self.crs.from_lonlat(at).map_err(|error| {
            Problem::parameter(
                "crs",
                self.uri,
                &format!("a feature is outside its range ({error}); CRS84 covers all features"),
            )
        })?;
        let units = if self.crs.is_geographic() { 1e7 } else { 1e4 };
        Ok([first, second].map(|number| (number * units).round() / units))
    }

    /// Converts a GeoJSON geometry from longitude and latitude to the system.
    ///
    /// # Errors
    /// As [`Self::coordinates`].
    pub fn express(&self, geometry: &mut Value) -> Answer<()> {
        match geometry.get_mut("coordinates") {
            Some(coordinates) if !self.is_storage() => self.express_coordinates(coordinates),
            _ => Ok(()),
        }
    }

    fn express_coordinates(&self, coordinates: &mut Value) -> Answer<()> {
        let Value::Array(parts) = coordinates else { return Ok(()) };
        if let [Value::Number(lon), Value::Number(lat)] = parts.as_slice() {
            let (lon, lat) = (lon.as_f64().unwrap_or(f64::NAN), lat.as_f64().unwrap_or(f64::NAN));
            let at = LonLat::new(lon, lat).map_err(|error| Problem::internal(&error))?;
            *coordinates = json!(self.coordinates(at)?);
            return Ok(());
        }
        parts.iter_mut().try_for_each(|part| self.express_coordinates(part))
    }

    /// Converts a box with corners in the system's axis order.
    fn within(&self, text: &str) -> Result<Within, String> {
        if self.is_storage() {
            return bbox::bbox(text).map(Within::Boxes);
        }
        let [a, b, c, d] = bbox::four_numbers(text)?;
        if self.crs == Crs::EPSG_4326 {
            return bbox::bbox(&format!("{b},{a},{d},{c}")).map(Within::Boxes);
        }
        let shape = MultiPolygon::new(vec![self.rectangle([a, b, c, d])?]);
        Area::new(shape).map(|area| Within::Area(Arc::new(area))).map_err(|error| error.to_string())
    }

    /// Converts a box in the system, from its lower to its upper corner, to a polygon whose edges follow
    /// those of the box.
    ///
    /// # Errors
    /// The end of a sentence, when the box is invalid or outside the range of the system.
    pub fn rectangle(&self, [a, b, c, d]: [f64; 4]) -> Result<Polygon<f64>, String> {
        if a > c || b > d {
            return Err("has a lower corner beyond the upper one".to_owned());
        }
        let corners = [(a, b), (c, b), (c, d), (a, d), (a, b)];
        let mut ring = Vec::with_capacity(4 * CORNERS_OF_EDGE + 1);
        for (from, to) in corners.iter().zip(&corners[1..]) {
            for step in 0..CORNERS_OF_EDGE {
                let part = step as f64 / CORNERS_OF_EDGE as f64;
                let (first, second) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
                ring.push(self.place(first, second)?);
            }
        }
        Ok(Polygon::new(LineString::new(ring), Vec::new()))
    }

    /// Converts two coordinates in the system's axis order to longitude and latitude.
    ///
    /// # Errors
    /// The end of a sentence, when the coordinates are outside the range of the system.
    pub fn place(&self, first: f64, second: f64) -> Result<Coord<f64>, String> {
        if self.is_storage() {
            return Ok(Coord { x: first, y: second });
        }
        let at = self.crs.to_lonlat(first, second).map_err(|error| error.to_string())?;
        Ok(Coord { x: at.lon(), y: at.lat() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(name: &str) -> System {
        parse(name).unwrap()
    }

    #[test]
    fn coordinates_stand_in_the_order_that_the_system_defines() {
        let at = LonLat::new(46.3183, 40.0581).unwrap();
        assert_eq!(json!(system("EPSG:4326").coordinates(at).unwrap()), json!([40.0581, 46.3183]));
        let [north, east] = system("http://www.opengis.net/def/crs/EPSG/0/28408").coordinates(at).unwrap();
        assert!((4_436_000.0..4_438_000.0).contains(&north) && (8_612_000.0..8_613_000.0).contains(&east));
        let [east, north] = system("EPSG:32638").coordinates(at).unwrap();
        assert!((600_000.0..700_000.0).contains(&east) && (4_400_000.0..4_500_000.0).contains(&north));
    }

    #[test]
    fn a_place_in_the_zone_next_door_is_given_out_and_one_beyond_the_map_is_not() {
        // Nakhchivan, in zone 38, requested in zone 39.
        assert!(system("EPSG:32639").coordinates(LonLat::new(44.8, 39.6).unwrap()).is_ok());
        assert!(system("EPSG:32639").coordinates(LonLat::new(-70.0, 39.6).unwrap()).is_err());
    }

    #[test]
    fn a_box_is_read_in_the_order_of_its_system() {
        let Within::Boxes(boxes) = system("EPSG:4326").within("39,46,40,47").unwrap() else { panic!() };
        assert_eq!(boxes, bbox::bbox("46,39,47,40").unwrap());
        let Within::Area(area) = system("EPSG:28408").within("4436000,8612000,4438000,8613000").unwrap()
        else {
            panic!()
        };
        assert!(area.contains(LonLat::new(46.3183, 40.0581).unwrap()));
        assert!(!area.contains(LonLat::new(46.3183, 40.0681).unwrap()));
        assert!(system("EPSG:32638").within("4436000,8612000,4438000,8613000").is_err());
    }

    #[test]
    fn a_polygon_is_brought_over_corner_by_corner() {
        let mut polygon = json!({"type": "Polygon", "coordinates": [[[46.0, 40.0], [47.0, 40.0], [46.0, 41.0], [46.0, 40.0]]]});
        system("EPSG:4326").express(&mut polygon).unwrap();
        assert_eq!(polygon["coordinates"][0][1], json!([40.0, 47.0]));
    }
}
