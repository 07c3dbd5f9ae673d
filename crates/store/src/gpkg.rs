//! `GeoPackage`: geometries as blobs, and the table of contents.
//!
//! A blob is a header of `GeoPackage` (OGC 12-128r17, 2.1.3) and well-known binary. Coordinates are
//! longitude, latitude in degrees.

use geo::{BoundingRect, Coord, LineString, MultiPolygon, Polygon};
use geometry::{Bounds, LonLat};
use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;

const WGS84: i32 = 4326;
const LITTLE_ENDIAN: u8 = 1;
const WITH_ENVELOPE: u8 = 1 << 1;
const EMPTY: u8 = 1 << 4;
const POINT: u32 = 1;
const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;

/// Bytes of a point.
pub(crate) const POINT_BYTES: usize = 29;

/// A point as a blob.
pub(crate) fn point(at: LonLat) -> [u8; POINT_BYTES] {
    let mut blob = [0; POINT_BYTES];
    blob[..4].copy_from_slice(&[b'G', b'P', 0, LITTLE_ENDIAN]);
    blob[4..8].copy_from_slice(&WGS84.to_le_bytes());
    blob[8] = LITTLE_ENDIAN;
    blob[9..13].copy_from_slice(&POINT.to_le_bytes());
    blob[13..21].copy_from_slice(&at.lon().to_le_bytes());
    blob[21..].copy_from_slice(&at.lat().to_le_bytes());
    blob
}

/// A multipolygon as a blob with its envelope.
pub(crate) fn multi_polygon(shape: &MultiPolygon<f64>) -> Vec<u8> {
    let mut blob = vec![b'G', b'P', 0];
    let envelope = shape.bounding_rect();
    blob.push(LITTLE_ENDIAN | if envelope.is_some() { WITH_ENVELOPE } else { EMPTY });
    blob.extend(WGS84.to_le_bytes());
    if let Some(rect) = envelope {
        for edge in [rect.min().x, rect.max().x, rect.min().y, rect.max().y] {
            blob.extend(edge.to_le_bytes());
        }
    }
    let head = |blob: &mut Vec<u8>, kind: u32, n: usize| {
        blob.push(LITTLE_ENDIAN);
        blob.extend(kind.to_le_bytes());
        blob.extend((n as u32).to_le_bytes());
    };
    head(&mut blob, MULTI_POLYGON, shape.0.len());
    for polygon in shape {
        head(&mut blob, POLYGON, 1 + polygon.interiors().len());
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            blob.extend((ring.0.len() as u32).to_le_bytes());
            for corner in &ring.0 {
                blob.extend(corner.x.to_le_bytes());
                blob.extend(corner.y.to_le_bytes());
            }
        }
    }
    blob
}

/// Reads a point.
///
/// # Errors
/// What is wrong with the blob, also when it lies outside the world.
pub(crate) fn read_point(blob: &[u8]) -> Result<LonLat, String> {
    let mut wkb = Wkb::after_header(blob)?;
    wkb.expect(POINT, "point")?;
    let at = wkb.coord()?;
    LonLat::new(at.x, at.y).map_err(|error| error.to_string())
}

/// Reads a multipolygon.
///
/// # Errors
/// What is wrong with the blob.
pub(crate) fn read_multi_polygon(blob: &[u8]) -> Result<MultiPolygon<f64>, String> {
    let mut wkb = Wkb::after_header(blob)?;
    wkb.expect(MULTI_POLYGON, "multipolygon")?;
    let mut polygons = Vec::new();
    for _ in 0..wkb.number()? {
        wkb.expect(POLYGON, "polygon")?;
        let mut rings = Vec::new();
        for _ in 0..wkb.number()? {
            let mut corners = Vec::new();
            for _ in 0..wkb.number()? {
                corners.push(wkb.coord()?);
            }
            rings.push(LineString::new(corners));
        }
        let mut rings = rings.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        polygons.push(Polygon::new(exterior, rings.collect()));
    }
    Ok(MultiPolygon::new(polygons))
}

/// What is left of a well-known binary. Its counts are not believed: they only say how often to
/// read on, and reading ends with the bytes.
struct Wkb<'a> {
    rest: &'a [u8],
    little: bool,
}

impl<'a> Wkb<'a> {
    fn after_header(blob: &'a [u8]) -> Result<Self, String> {
        let &[b'G', b'P', _, flags, _, _, _, _, ref rest @ ..] = blob else {
            return Err("the geometry is no GeoPackage blob".into());
        };
        let envelope_bytes = match (flags >> 1) & 7 {
            0 => 0,
            1 => 32,
            2 | 3 => 48,
            4 => 64,
            _ => return Err("the geometry has an unknown envelope".into()),
        };
        let rest = rest.get(envelope_bytes..).ok_or("the geometry is cut short")?;
        Ok(Self { rest, little: true })
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or("the geometry is cut short")?;
        self.rest = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<u32, String> {
        let bytes = self.take()?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn float(&mut self) -> Result<f64, String> {
        let bytes = self.take()?;
        Ok(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    fn coord(&mut self) -> Result<Coord<f64>, String> {
        Ok(Coord { x: self.float()?, y: self.float()? })
    }

    fn expect(&mut self, kind: u32, name: &str) -> Result<(), String> {
        self.little = self.take::<1>()? == [LITTLE_ENDIAN];
        if self.number()? == kind { Ok(()) } else { Err(format!("the geometry is no {name}")) }
    }
}

/// The extent of a layer as its entry in the table of contents has it.
pub(crate) fn extent(conn: &Connection, table: &str) -> Result<Option<Bounds>, StoreError> {
    let sql = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?1";
    let edges = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]);
    let edges: Option<[Option<f64>; 4]> = conn.prepare_cached(sql)?.query_row([table], edges).optional()?;
    Ok(match edges {
        Some([Some(west), Some(south), Some(east), Some(north)]) => {
            Bounds::new(west, south, east, north).ok()
        }
        _ => None,
    })
}

/// Writes the extent and the instant of the last change of a layer or table.
pub(crate) fn describe(
    conn: &Connection,
    table: &str,
    at: &str,
    extent: Option<Bounds>,
) -> Result<(), StoreError> {
    let sql = "UPDATE gpkg_contents
        SET last_change = ?2, min_x = ?3, min_y = ?4, max_x = ?5, max_y = ?6 WHERE table_name = ?1";
    let edge = |of: fn(&Bounds) -> f64| extent.as_ref().map(of);
    let edges = (edge(Bounds::west), edge(Bounds::south), edge(Bounds::east), edge(Bounds::north));
    conn.prepare_cached(sql)?.execute(params![table, at, edges.0, edges.1, edges.2, edges.3])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::wkt;

    #[test]
    fn a_point_is_the_blob_that_the_standard_prescribes() {
        let blob = point(LonLat::new(46.0412, 40.1063).unwrap());
        assert_eq!(hex::encode(blob), "47500001e61000000101000000304ca60a460547404bc8073d9b0d4440");
        assert_eq!(read_point(&blob).unwrap(), LonLat::new(46.0412, 40.1063).unwrap());
    }

    #[test]
    fn a_point_that_another_program_wrote_with_the_high_byte_first_and_an_envelope_is_read() {
        let mut blob = vec![b'G', b'P', 0, 0b10, 0, 0, 0x10, 0xe6];
        blob.extend([0; 32]);
        blob.extend([0, 0, 0, 0, 1]);
        blob.extend(46.5_f64.to_be_bytes());
        blob.extend(39.5_f64.to_be_bytes());
        assert_eq!(read_point(&blob).unwrap(), LonLat::new(46.5, 39.5).unwrap());
    }

    #[test]
    fn polygons_with_holes_come_back_as_they_were() {
        let shape = wkt!(MULTIPOLYGON(
            ((46.0 39.0, 47.0 39.0, 47.0 40.0, 46.0 39.0), (46.7 39.2, 46.8 39.2, 46.8 39.3, 46.7 39.2)),
            ((48.0 39.0, 49.0 39.0, 49.0 40.0, 48.0 39.0))
        ));
        assert_eq!(read_multi_polygon(&multi_polygon(&shape)).unwrap(), shape);
        let none = MultiPolygon::new(Vec::new());
        assert_eq!(read_multi_polygon(&multi_polygon(&none)).unwrap(), none);
    }

    #[test]
    fn a_blob_cut_anywhere_is_an_error() {
        let shape = wkt!(MULTIPOLYGON(((46.0 39.0, 47.0 39.0, 47.0 40.0, 46.0 39.0))));
        let blob = multi_polygon(&shape);
        for end in 0..blob.len() {
            assert!(read_multi_polygon(&blob[..end]).is_err(), "{end}");
        }
        let mut huge = blob.clone();
        huge[45..49].fill(0xff);
        assert!(read_multi_polygon(&huge).is_err());
    }
}
