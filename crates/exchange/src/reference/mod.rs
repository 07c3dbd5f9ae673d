//! Transforms the coordinates of a file to WGS84: reference system and axis order.

pub(crate) mod wkt;

use demining::{AsGiven, RawLocation};
use geometry::{LonLat, crs::Crs};

use crate::limits::ReadLimits;

/// Which of two coordinates comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisOrder {
    /// As the reference system defines it: latitude, longitude for EPSG:4326; northing, easting for
    /// EPSG:28408. OGC API clients send this order with a CRS URI.
    Defined,
    /// Longitude or easting first, whatever the definition. GIS programs write this order.
    EastNorth,
}

/// The reference system of a file's coordinates, with its axis order.
///
/// ```
/// use exchange::{AxisOrder, Reference};
/// let swapped = Reference::parse("http://www.opengis.net/def/crs/EPSG/0/4326", AxisOrder::Defined)?;
/// assert_ne!(swapped, Reference::default());
/// assert_eq!(Reference::parse("urn:ogc:def:crs:OGC:1.3:CRS84", AxisOrder::Defined)?, Reference::default());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone)]
pub struct Reference {
    name: String,
    order: Order,
}

#[derive(Debug, Clone)]
enum Order {
    /// WGS84 degrees, longitude first.
    LonLat,
    /// WGS84 degrees, latitude first.
    LatLon,
    /// Anything else.
    Other(Crs, AxisOrder),
}

impl Default for Reference {
    /// WGS84, longitude and latitude.
    fn default() -> Self {
        Self { name: "OGC:CRS84".to_owned(), order: Order::LonLat }
    }
}

impl PartialEq for Reference {
    /// Returns whether both map the same coordinates to the same place.
    fn eq(&self, other: &Self) -> bool {
        match (&self.order, &other.order) {
            (Order::LonLat, Order::LonLat) | (Order::LatLon, Order::LatLon) => true,
            (Order::Other(_, a), Order::Other(_, b)) => a == b && self.name == other.name,
            _ => false,
        }
    }
}

impl Reference {
    /// Returns the system with this name: `EPSG:28408`, `urn:ogc:def:crs:EPSG::28408`,
    /// `http://www.opengis.net/def/crs/EPSG/0/28408`, `OGC:CRS84` and similar.
    ///
    /// # Errors
    /// Returns a sentence with the name if it is unknown.
    pub fn parse(name: &str, order: AxisOrder) -> Result<Self, String> {
        let name = short_name(name);
        let order = match (name.as_str(), order) {
            ("OGC:CRS84", _) | ("EPSG:4326", AxisOrder::EastNorth) => Order::LonLat,
            ("EPSG:4326", AxisOrder::Defined) => Order::LatLon,
            _ => Order::Other(Crs::parse(&name).map_err(|error| error.to_string())?, order),
        };
        Ok(Self { name, order })
    }

    /// Returns its name, such as `EPSG:28408`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether coordinates are already WGS84 longitude and latitude.
    pub fn is_lon_lat(&self) -> bool {
        matches!(self.order, Order::LonLat)
    }

    /// Returns whether coordinates are degrees, in WGS84 or another datum, rather than metres on a plane.
    pub(crate) fn is_in_degrees(&self) -> bool {
        match &self.order {
            Order::LonLat | Order::LatLon => true,
            Order::Other(crs, _) => crs.is_geographic(),
        }
    }

    /// Returns the same system with easting or longitude first, for columns that name their axes.
    pub(crate) fn east_north(&self) -> Self {
        let order = match &self.order {
            Order::LonLat | Order::LatLon => Order::LonLat,
            Order::Other(crs, _) => Order::Other(*crs, AxisOrder::EastNorth),
        };
        Self { name: self.name.clone(), order }
    }

    /// Returns the place at two numbers, as written, in the axis order of this reference.
    pub(crate) fn locate(&self, first: &str, second: &str) -> RawLocation {
        let unreadable =
            |reason: String| RawLocation::Unreadable { value: format!("{first} {second}"), reason };
        let number = |text: &str| {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            number.ok_or_else(|| {
                format!("{:?} is not a finite number", text.chars().take(40).collect::<String>())
            })
        };
        let (a, b) = match (number(first), number(second)) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(reason), _) | (_, Err(reason)) => return unreadable(reason),
        };
        let degrees = |lon, lat| RawLocation::At { lon, lat, as_given: None, transform_accuracy_m: 0.0 };
        let (crs, order) = match &self.order {
            Order::LonLat => return degrees(a, b),
            Order::LatLon => return degrees(b, a),
            Order::Other(crs, order) => (crs, order),
        };
        let at = match order {
            AxisOrder::Defined => crs.to_lonlat(a, b),
            AxisOrder::EastNorth => crs.to_lonlat_xy(a, b),
        };
        match at {
            Ok(at) => RawLocation::At {
                lon: at.lon(),
                lat: at.lat(),
                as_given: Some(AsGiven { coordinates: format!("{first} {second}"), crs: self.name.clone() }),
                transform_accuracy_m: crs.accuracy_m(),
            },
            Err(error) => {
                let swapped = match order {
                    AxisOrder::Defined => crs.to_lonlat(b, a),
                    AxisOrder::EastNorth => crs.to_lonlat_xy(b, a),
                };
                let hint = swapped.map_or(String::new(), |at| swapped_hint(crs, *order, at));
                unreadable(format!("in {}: {error}{hint}", self.name))
            }
        }
    }
}

/// Returns a hint if the coordinates are out of range in this order but valid when swapped: in many systems,
/// such as Pulkovo 1942, X is the northing.
fn swapped_hint(crs: &Crs, order: AxisOrder, at: LonLat) -> String {
    let (lon, lat) = (at.lon(), at.lat());
    let (first, second) = match (crs.is_geographic(), order == AxisOrder::Defined && crs.is_north_first()) {
        (false, false) => ("easting", "northing"),
        (false, true) => ("northing", "easting"),
        (true, false) => ("longitude", "latitude"),
        (true, true) => ("latitude", "longitude"),
    };
    format!(
        "; {first} comes first, and the first number looks like the {second}: swapped, they are at longitude \
         {lon:.4}, latitude {lat:.4}. In a table, name the columns {second} and {first}"
    )
}

/// Returns `EPSG:28408` for any spelling of it; a name in an unknown form is returned unchanged.
fn short_name(name: &str) -> String {
    let name = name.trim().trim_start_matches('<').trim_end_matches('>');
    let upper = name.to_ascii_uppercase();
    let parts: Vec<&str> = upper.split([':', '/']).filter(|part| !part.is_empty()).collect();
    match (parts.as_slice(), parts.last()) {
        (_, Some(&"CRS84" | &"CRS84H")) => "OGC:CRS84".to_owned(),
        (["EPSG", code] | [.., "CRS", "EPSG", code] | [.., "CRS", "EPSG", _, code], _) => {
            format!("EPSG:{code}")
        }
        ([code], _) if code.bytes().all(|b| b.is_ascii_digit()) && !code.is_empty() => format!("EPSG:{code}"),
        _ => name.to_owned(),
    }
}

/// The systems named in the rows of one file, each created once, because creating one takes milliseconds.
#[derive(Default)]
pub(crate) struct References {
    seen: Vec<(String, Result<Reference, String>)>,
}

impl References {
    pub(crate) fn get(&mut self, name: &str, order: AxisOrder) -> Result<&Reference, String> {
        let at = match self.seen.iter().position(|(seen, _)| seen == name) {
            Some(at) => at,
            None if self.seen.len() == ReadLimits::DEFAULT.systems => {
                return Err(format!(
                    "exceeds the limit of {} reference systems in one file",
                    ReadLimits::DEFAULT.systems
                ));
            }
            None => {
                self.seen.push((name.to_owned(), Reference::parse(name, order)));
                self.seen.len() - 1
            }
        };
        self.seen[at].1.as_ref().map_err(Clone::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_code_is_the_same_system() {
        for name in [
            "EPSG:28408",
            "epsg:28408",
            "28408",
            "urn:ogc:def:crs:EPSG::28408",
            "urn:ogc:def:crs:EPSG:9.6:28408",
            "http://www.opengis.net/def/crs/EPSG/0/28408",
            "<https://www.opengis.net/def/crs/EPSG/0/28408>",
        ] {
            assert_eq!(short_name(name), "EPSG:28408", "{name}");
        }
        for name in [
            "CRS84",
            "OGC:CRS84",
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        ] {
            assert_eq!(short_name(name), "OGC:CRS84", "{name}");
        }
    }

    #[test]
    fn epsg_4326_is_latitude_first_where_its_definition_is_followed() {
        let place = |order| match Reference::parse("EPSG:4326", order).unwrap().locate("40.1", "46.2") {
            RawLocation::At { lon, lat, as_given: None, .. } => (lon, lat),
            other => panic!("{other:?}"),
        };
        assert_eq!(place(AxisOrder::Defined), (46.2, 40.1));
        assert_eq!(place(AxisOrder::EastNorth), (40.1, 46.2));
    }
}
