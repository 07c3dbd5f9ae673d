//! Parses names of coordinate reference systems.

use super::CrsError;

/// The code of a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// WGS84, longitude first.
    Crs84,
    /// WGS84, latitude first.
    Epsg4326,
    /// A number of the EPSG registry.
    Epsg(u32),
}

/// The forms of a name, in lower case; the ones of EPSG are followed by a number.
const EPSG: [&str; 5] = [
    "epsg:",
    "urn:ogc:def:crs:epsg:",
    "http://www.opengis.net/def/crs/epsg/",
    "https://www.opengis.net/def/crs/epsg/",
    "http://www.opengis.net/gml/srs/epsg.xml#",
];
const CRS84: [&str; 6] = [
    "crs84",
    "ogc:crs84",
    "urn:ogc:def:crs:ogc:1.3:crs84",
    "urn:ogc:def:crs:ogc::crs84",
    "http://www.opengis.net/def/crs/ogc/1.3/crs84",
    "https://www.opengis.net/def/crs/ogc/1.3/crs84",
];

/// Parses a name. Only a number is ever passed to PROJ, which would also accept file names and definitions.
pub(super) fn parse(name: &str) -> Result<Code, CrsError> {
    let unreadable = || CrsError::Unreadable { given: name.chars().take(100).collect() };
    let small = name.trim().to_ascii_lowercase();
    let small = small.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&small);
    if CRS84.contains(&small) {
        return Ok(Code::Crs84);
    }
    let rest = EPSG.iter().find_map(|form| small.strip_prefix(form)).ok_or_else(unreadable)?;
    // The long forms name a version of the registry before the code: `:`, `9.9:`, `0/`.
    let digits = rest.rsplit([':', '/']).next().unwrap_or(rest);
    let is_number = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let is_version =
        rest[..rest.len() - digits.len()].bytes().all(|b| b.is_ascii_digit() || b".:/".contains(&b));
    if !is_number || !is_version {
        return Err(unreadable());
    }
    match digits.parse().map_err(|_| unreadable())? {
        4326 => Ok(Code::Epsg4326),
        number => Ok(Code::Epsg(number)),
    }
}
