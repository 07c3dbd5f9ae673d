//! Coordinate reference systems: converts coordinates from any system to WGS84 and back.
//!
//! Uses only the system database built into the program, never one installed on the machine.

mod code;
mod transform;

use std::fmt;
use std::str::FromStr;

use crate::LonLat;
use code::Code;
use transform::Facts;

/// How far outside the area of use input coordinates may be, degrees: half a UTM zone.
const MARGIN_DEG: f64 = 3.0;

/// How far outside the area of use output positions may be, degrees. Input in the neighbouring zone is
/// usually a mistake, but requesting a whole country in one of its zones is not. PROJ's transverse Mercator
/// is accurate to well below a millimetre at that distance.
const MARGIN_OUT_DEG: f64 = 12.0;

/// A coordinate reference system with two horizontal axes.
///
/// Its *own* axis order is that of its definition: latitude first for EPSG:4326, northing first for
/// EPSG:28408. Files of GIS programs usually have x (east) first whatever the definition; use the methods
/// that end in `_xy` for these.
///
/// The first use of a system takes 20 to 500 ms, plus about half of that in each further thread; every
/// conversion after that takes 0.1 to 0.5 µs.
///
/// ```
/// use geometry::crs::Crs;
/// let pulkovo = Crs::parse("EPSG:28408")?;
/// let at = pulkovo.to_lonlat(4_436_903.40, 8_612_585.74)?;
/// assert!((at.lon() - 46.3183).abs() < 1e-6 && (at.lat() - 40.0581).abs() < 1e-6);
/// assert_eq!(pulkovo.to_lonlat_xy(8_612_585.74, 4_436_903.40)?, at);
/// assert_eq!(pulkovo.accuracy_m(), 5.0);
/// # Ok::<(), geometry::crs::CrsError>(())
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Crs {
    code: Code,
    facts: Facts,
}

/// An error of a coordinate reference system.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// The text is not the name of a system.
    #[error("{given:?} is not a coordinate reference system; use a name such as EPSG:28408 or OGC:CRS84")]
    Unreadable {
        /// The name, as specified.
        given: String,
    },
    /// The code does not exist, or does not name a coordinate reference system.
    #[error("EPSG:{code} is not a known coordinate reference system")]
    Unknown {
        /// The code.
        code: u32,
    },
    /// The system does not have two horizontal axes, or no transformation from it to WGS84 is known.
    #[error("EPSG:{code} cannot be converted to longitude and latitude")]
    NoTransformation {
        /// The code.
        code: u32,
    },
    /// The coordinates are not a position in the system.
    #[error("{first}, {second} is not a position in {crs}, whose axes are {axes}")]
    NoPosition {
        /// The system.
        crs: String,
        /// Its axes in the requested order.
        axes: &'static str,
        /// The first coordinate.
        first: f64,
        /// The second coordinate.
        second: f64,
    },
    /// The position is far outside the system's area of use: usually the axes are swapped, the zone is wrong,
    /// or the easting lacks the zone.
    #[error(
        "{first}, {second} in {crs}, whose axes are {axes}, is at longitude {lon:.4}, latitude {lat:.4}, \
         outside its area of use {west}..{east}, {south}..{north}"
    )]
    OutsideArea {
        /// The system.
        crs: String,
        /// Its axes in the requested order.
        axes: &'static str,
        /// The first coordinate.
        first: f64,
        /// The second coordinate.
        second: f64,
        /// The longitude of the position.
        lon: f64,
        /// The latitude of the position.
        lat: f64,
        /// Western limit of the area, degrees.
        west: f64,
        /// Southern limit of the area, degrees.
        south: f64,
        /// Eastern limit of the area, degrees; less than `west` if the area crosses the antimeridian.
        east: f64,
        /// Northern limit of the area, degrees.
        north: f64,
    },
}

/// The order of two coordinates.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Own,
    EastFirst,
}

impl Crs {
    /// WGS84, longitude first: the order for storage and output.
    pub const CRS84: Self = Self { code: Code::Crs84, facts: Facts::WGS84 };
    /// WGS84, latitude first.
    pub const EPSG_4326: Self = Self { code: Code::Epsg4326, facts: Facts::WGS84_NORTH_FIRST };

    /// Returns the system with this name: `EPSG:28408`, `urn:ogc:def:crs:EPSG::28408`,
    /// `http://www.opengis.net/def/crs/EPSG/0/28408`, `OGC:CRS84` and its long forms. A name may be enclosed
    /// in `[` `]`, and case does not matter.
    ///
    /// # Errors
    /// Returns an error if the text is not such a name, the code is unknown, or the system is not horizontal.
    pub fn parse(name: &str) -> Result<Self, CrsError> {
        match code::parse(name)? {
            Code::Crs84 => Ok(Self::CRS84),
            Code::Epsg4326 => Ok(Self::EPSG_4326),
            code @ Code::Epsg(number) => Ok(Self { code, facts: transform::facts(number)? }),
        }
    }

    /// Returns the position at these coordinates in the system's own axis order.
    ///
    /// # Errors
    /// Returns an error if the coordinates are not a position in the system, or are more than 3° outside its
    /// area of use.
    pub fn to_lonlat(&self, first: f64, second: f64) -> Result<LonLat, CrsError> {
        self.inverse(first, second, Order::Own)
    }

    /// Returns the position at x (easting or longitude) and y (northing or latitude).
    ///
    /// # Errors
    /// As [`Crs::to_lonlat`].
    pub fn to_lonlat_xy(&self, x: f64, y: f64) -> Result<LonLat, CrsError> {
        self.inverse(x, y, Order::EastFirst)
    }

    /// Returns the coordinates of the position in the system's own axis order.
    ///
    /// # Errors
    /// Returns an error if the system has no coordinates for the position, or it is more than 12° outside its
    /// area of use.
    pub fn from_lonlat(&self, at: LonLat) -> Result<(f64, f64), CrsError> {
        let (lon, lat) = (at.lon(), at.lat());
        let own = match self.code {
            Code::Crs84 => (lon, lat),
            Code::Epsg4326 => (lat, lon),
            Code::Epsg(number) => {
                let outside = || self.outside((lon, lat), at, "longitude, latitude");
                if !self.facts.is_near_area(at, MARGIN_OUT_DEG) {
                    return Err(outside());
                }
                transform::forward(number, &self.facts, at)?.ok_or_else(outside)?
            }
        };
        Ok(own)
    }

    /// Returns the coordinates of the position as x (easting or longitude) and y (northing or latitude).
    ///
    /// # Errors
    /// As [`Crs::from_lonlat`].
    pub fn from_lonlat_xy(&self, at: LonLat) -> Result<(f64, f64), CrsError> {
        self.from_lonlat(at).map(|own| if self.facts.is_north_first { (own.1, own.0) } else { own })
    }

    /// Returns the maximum error of a position after the conversion, in whole metres: 5 for Pulkovo 1942, 0
    /// for systems on WGS84. If the accuracy depends on the place, this is the worst in the area of use.
    pub fn accuracy_m(&self) -> f64 {
        self.facts.accuracy_m
    }

    /// Returns whether its coordinates are degrees rather than metres on a plane.
    pub fn is_geographic(&self) -> bool {
        self.facts.is_geographic
    }

    /// Returns whether the system's own order has the northing or latitude first.
    pub fn is_north_first(&self) -> bool {
        self.facts.is_north_first
    }

    fn inverse(&self, first: f64, second: f64, order: Order) -> Result<LonLat, CrsError> {
        let own = match order {
            Order::EastFirst if self.facts.is_north_first => (second, first),
            _ => (first, second),
        };
        let no_position =
            || CrsError::NoPosition { crs: self.to_string(), axes: self.axes(order), first, second };
        let (lon, lat) = match self.code {
            Code::Crs84 => own,
            Code::Epsg4326 => (own.1, own.0),
            Code::Epsg(number) => transform::inverse(number, &self.facts, own)?.ok_or_else(no_position)?,
        };
        let at = LonLat::new(lon, lat).map_err(|_| no_position())?;
        if !self.facts.is_near_area(at, MARGIN_DEG) {
            return Err(self.outside((first, second), at, self.axes(order)));
        }
        Ok(at)
    }

    fn axes(&self, order: Order) -> &'static str {
        match (order == Order::Own && self.facts.is_north_first, self.facts.is_geographic) {
            (true, true) => "latitude, longitude",
            (true, false) => "northing, easting",
            (false, true) => "longitude, latitude",
            (false, false) => "easting, northing",
        }
    }

    fn outside(&self, (first, second): (f64, f64), at: LonLat, axes: &'static str) -> CrsError {
        let [west, south, east, north] = self.facts.area;
        let (lon, lat) = (at.lon(), at.lat());
        CrsError::OutsideArea {
            crs: self.to_string(),
            axes,
            first,
            second,
            lon,
            lat,
            west,
            south,
            east,
            north,
        }
    }
}

impl FromStr for Crs {
    type Err = CrsError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::parse(name)
    }
}

impl fmt::Display for Crs {
    /// Writes the short name, as [`Crs::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Code::Crs84 => f.write_str("OGC:CRS84"),
            Code::Epsg4326 => f.write_str("EPSG:4326"),
            Code::Epsg(number) => write!(f, "EPSG:{number}"),
        }
    }
}

impl fmt::Debug for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crs({self})")
    }
}

#[cfg(test)]
mod tests;
