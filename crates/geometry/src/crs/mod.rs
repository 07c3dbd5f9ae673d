//! Coordinate reference systems: coordinates as they were measured, to WGS84 and back.
//!
//! The database of systems is the one inside the program, whatever lies on the machine.

mod code;
mod transform;

use std::fmt;
use std::str::FromStr;

use crate::LonLat;
use code::Code;
use transform::Facts;

/// How far beyond its area of use coordinates are taken in, in degrees: half a UTM zone.
const MARGIN_DEG: f64 = 3.0;

/// How far beyond it places are given out, in degrees. Coordinates in the zone next door are most often
/// a mistake; a country that is asked for in one of its zones is not. PROJ's transverse Mercator is good
/// to well below a millimetre that far out.
const MARGIN_OUT_DEG: f64 = 12.0;

/// A coordinate reference system with two horizontal axes.
///
/// Its *own* axis order is that of its definition: latitude first for EPSG:4326, northing first
/// for EPSG:28408. Files of geographic information systems mostly have x (east) first whatever
/// the definition says; for these there are the methods that end in `_xy`.
///
/// The first use of a system costs 20 to 500 ms, in each thread again about half of it; every
/// conversion after that 0.1 to 0.5 µs.
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

/// What went wrong with a coordinate reference system.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// The text is no name of a system.
    #[error("{given:?} names no coordinate reference system; write it like EPSG:28408 or OGC:CRS84")]
    Unreadable {
        /// What was given.
        given: String,
    },
    /// There is no such code, or it names something else.
    #[error("EPSG:{code} is no coordinate reference system that is known here")]
    Unknown {
        /// The code.
        code: u32,
    },
    /// The system has no two horizontal axes, or no known way leads from it to WGS84.
    #[error("EPSG:{code} can't be brought to longitude and latitude")]
    NoTransformation {
        /// The code.
        code: u32,
    },
    /// The system has no place for these coordinates.
    #[error("{first}, {second} is no position in {crs}, whose axes are {axes}")]
    NoPosition {
        /// The system.
        crs: String,
        /// Its axes in the order that was asked for.
        axes: &'static str,
        /// The first coordinate.
        first: f64,
        /// The second coordinate.
        second: f64,
    },
    /// The position lies far outside the area that the system is made for: mostly the axes are
    /// swapped, the zone is another one, or the zone was left off the easting.
    #[error(
        "{first}, {second} in {crs}, whose axes are {axes}, lies at longitude {lon:.4}, latitude {lat:.4}, \
         outside its area of use {west}..{east}, {south}..{north}"
    )]
    OutsideArea {
        /// The system.
        crs: String,
        /// Its axes in the order that was asked for.
        axes: &'static str,
        /// The first coordinate.
        first: f64,
        /// The second coordinate.
        second: f64,
        /// Where that is.
        lon: f64,
        /// Where that is.
        lat: f64,
        /// Western end of the area, degrees.
        west: f64,
        /// Southern end of the area, degrees.
        south: f64,
        /// Eastern end of the area, degrees; less than `west` when the antimeridian lies within.
        east: f64,
        /// Northern end of the area, degrees.
        north: f64,
    },
}

/// The order in which two coordinates are given.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Own,
    EastFirst,
}

impl Crs {
    /// WGS84, longitude first: what is stored and sent.
    pub const CRS84: Self = Self { code: Code::Crs84, facts: Facts::WGS84 };
    /// WGS84, latitude first.
    pub const EPSG_4326: Self = Self { code: Code::Epsg4326, facts: Facts::WGS84_NORTH_FIRST };

    /// The system with this name: `EPSG:28408`, `urn:ogc:def:crs:EPSG::28408`,
    /// `http://www.opengis.net/def/crs/EPSG/0/28408`, `OGC:CRS84` and its long forms; a name may
    /// stand in `[` `]`. Small letters will do.
    ///
    /// # Errors
    /// When the text is no such name, the code is unknown, or the system is not horizontal.
    pub fn parse(name: &str) -> Result<Self, CrsError> {
        match code::parse(name)? {
            Code::Crs84 => Ok(Self::CRS84),
            Code::Epsg4326 => Ok(Self::EPSG_4326),
            code @ Code::Epsg(number) => Ok(Self { code, facts: transform::facts(number)? }),
        }
    }

    /// The position at these coordinates in the system's own axis order.
    ///
    /// # Errors
    /// When the coordinates are no position of the system, or lie more than 3° outside its area of use.
    pub fn to_lonlat(&self, first: f64, second: f64) -> Result<LonLat, CrsError> {
        self.inverse(first, second, Order::Own)
    }

    /// The position at x (easting or longitude) and y (northing or latitude).
    ///
    /// # Errors
    /// As [`Crs::to_lonlat`].
    pub fn to_lonlat_xy(&self, x: f64, y: f64) -> Result<LonLat, CrsError> {
        self.inverse(x, y, Order::EastFirst)
    }

    /// The coordinates of the position in the system's own axis order.
    ///
    /// # Errors
    /// When the system has no coordinates for it, or it lies more than 12° outside its area of use.
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

    /// The coordinates of the position as x (easting or longitude) and y (northing or latitude).
    ///
    /// # Errors
    /// As [`Crs::from_lonlat`].
    pub fn from_lonlat_xy(&self, at: LonLat) -> Result<(f64, f64), CrsError> {
        self.from_lonlat(at).map(|own| if self.facts.is_north_first { (own.1, own.0) } else { own })
    }

    /// How far a position may be off after the conversion, in whole metres: 5 for Pulkovo 1942, 0
    /// for systems on WGS84. Where accuracy depends on the place, the worst of the area of use.
    pub fn accuracy_m(&self) -> f64 {
        self.facts.accuracy_m
    }

    /// Whether its coordinates are degrees, and not metres on a plane.
    pub fn is_geographic(&self) -> bool {
        self.facts.is_geographic
    }

    /// Whether the system's own order has the northing or latitude first.
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
    /// The short name, as [`Crs::parse`] reads it.
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
