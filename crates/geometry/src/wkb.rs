//! Geometries as bytes: well-known binary, alone and in the blobs of `GeoPackage`.
//!
//! A blob is a `GeoPackage` header (OGC 12-128r17, 2.1.3) followed by well-known binary. Written coordinates
//! are longitude, latitude in degrees.

use geo::{BoundingRect, Coord, LineString, MultiPolygon, Polygon};

use crate::LonLat;

const WGS84: i32 = 4326;
const LITTLE_ENDIAN: u8 = 1;
const WITH_ENVELOPE: u8 = 1 << 1;
const EMPTY: u8 = 1 << 4;
const POINT: u32 = 1;
const POLYGON: u32 = 3;
const MULTI_POINT: u32 = 4;
const MULTI_POLYGON: u32 = 6;

/// The size of a point in well-known binary, bytes.
pub const POINT_BYTES: usize = 21;

/// The size of a point as a blob, bytes.
pub const POINT_BLOB_BYTES: usize = 8 + POINT_BYTES;

/// Returns a point as well-known binary.
pub fn point(at: LonLat) -> [u8; POINT_BYTES] {
    let mut bytes = [0; POINT_BYTES];
    bytes[0] = LITTLE_ENDIAN;
    bytes[1..5].copy_from_slice(&POINT.to_le_bytes());
    bytes[5..13].copy_from_slice(&at.lon().to_le_bytes());
    bytes[13..].copy_from_slice(&at.lat().to_le_bytes());
    bytes
}

/// Returns a point as a blob.
pub fn point_blob(at: LonLat) -> [u8; POINT_BLOB_BYTES] {
    let mut blob = [0; POINT_BLOB_BYTES];
    blob[..4].copy_from_slice(&[b'G', b'P', 0, LITTLE_ENDIAN]);
    blob[4..8].copy_from_slice(&WGS84.to_le_bytes());
    blob[8..].copy_from_slice(&point(at));
    blob
}

/// Returns a multipolygon as a blob with its envelope.
pub fn multi_polygon_blob(shape: &MultiPolygon<f64>) -> Vec<u8> {
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

/// The place of a blob, which need not be a point or in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// No place: an empty point or multipoint.
    Empty,
    /// A point, or a multipoint with one point; heights and measures are dropped.
    Point {
        /// The first coordinate.
        x: f64,
        /// The second coordinate.
        y: f64,
    },
    /// A geometry of another type, by its number in well-known binary.
    Other(u32),
}

/// Reads the place of a blob. Accepts points with heights and measures, in the codes of ISO and of `PostGIS`.
///
/// # Errors
/// Returns the fault of the blob.
pub fn read_place_blob(blob: &[u8]) -> Result<Place, &'static str> {
    let mut wkb = Wkb::after_header(blob)?;
    match wkb.kind()? {
        POINT => wkb.place(),
        MULTI_POINT => match wkb.number()? {
            0 => Ok(Place::Empty),
            1 if wkb.kind()? == POINT => wkb.place(),
            _ => Ok(Place::Other(MULTI_POINT)),
        },
        other => Ok(Place::Other(other)),
    }
}

/// Reads a point in degrees.
///
/// # Errors
/// Returns the fault of the blob, including a position out of range.
pub fn read_point_blob(blob: &[u8]) -> Result<LonLat, String> {
    match read_place_blob(blob)? {
        Place::Point { x, y } => LonLat::new(x, y).map_err(|error| error.to_string()),
        Place::Empty | Place::Other(_) => Err("the geometry is not a point".to_owned()),
    }
}

/// Reads a multipolygon.
///
/// # Errors
/// Returns the fault of the blob.
pub fn read_multi_polygon_blob(blob: &[u8]) -> Result<MultiPolygon<f64>, &'static str> {
    let mut wkb = Wkb::after_header(blob)?;
    wkb.expect(MULTI_POLYGON, "the geometry is not a multipolygon")?;
    let mut polygons = Vec::new();
    for _ in 0..wkb.number()? {
        wkb.expect(POLYGON, "the geometry is not a polygon")?;
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

/// The rest of a well-known binary. Its counts are not trusted: they only limit how many elements are read,
/// and reading ends with the bytes.
struct Wkb<'a> {
    rest: &'a [u8],
    little: bool,
}

impl<'a> Wkb<'a> {
    fn after_header(blob: &'a [u8]) -> Result<Self, &'static str> {
        let &[b'G', b'P', _, flags, _, _, _, _, ref rest @ ..] = blob else {
            return Err("the geometry is not a GeoPackage blob");
        };
        let envelope_bytes = match (flags >> 1) & 7 {
            0 => 0,
            1 => 32,
            2 | 3 => 48,
            4 => 64,
            _ => return Err("the geometry has an unknown envelope"),
        };
        let rest = rest.get(envelope_bytes..).ok_or("the geometry is truncated")?;
        Ok(Self { rest, little: true })
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], &'static str> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or("the geometry is truncated")?;
        self.rest = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<u32, &'static str> {
        let bytes = self.take()?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn float(&mut self) -> Result<f64, &'static str> {
        let bytes = self.take()?;
        Ok(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    fn coord(&mut self) -> Result<Coord<f64>, &'static str> {
        Ok(Coord { x: self.float()?, y: self.float()? })
    }

    /// Reads the byte order and the geometry type, whatever its dimensions.
    fn kind(&mut self) -> Result<u32, &'static str> {
        const WITH_SRID: u32 = 0x2000_0000;
        const FLAGS: u32 = 0xf000_0000;
        self.little = match self.take()? {
            [0] => false,
            [LITTLE_ENDIAN] => true,
            _ => return Err("the geometry is not well-known binary"),
        };
        let code = self.number()?;
        if code & WITH_SRID != 0 {
            self.number()?;
        }
        Ok((code & !FLAGS) % 1000)
    }

    fn place(&mut self) -> Result<Place, &'static str> {
        let Coord { x, y } = self.coord()?;
        Ok(if x.is_nan() && y.is_nan() { Place::Empty } else { Place::Point { x, y } })
    }

    fn expect(&mut self, kind: u32, error: &'static str) -> Result<(), &'static str> {
        self.little = self.take::<1>()? == [LITTLE_ENDIAN];
        if self.number()? == kind { Ok(()) } else { Err(error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::wkt;

    #[test]
    fn a_point_is_the_blob_that_the_standard_prescribes() {
        let blob = point_blob(LonLat::new(46.0412, 40.1063).unwrap());
        assert_eq!(blob[..13], [0x47, 0x50, 0, 1, 0xe6, 0x10, 0, 0, 1, 1, 0, 0, 0]);
        assert_eq!(blob[13..21], 46.0412_f64.to_le_bytes());
        assert_eq!(blob[21..], 40.1063_f64.to_le_bytes());
        assert_eq!(read_point_blob(&blob).unwrap(), LonLat::new(46.0412, 40.1063).unwrap());
    }

    #[test]
    fn a_point_that_another_program_wrote_with_the_high_byte_first_and_an_envelope_is_read() {
        let mut blob = vec![b'G', b'P', 0, 0b10, 0, 0, 0x10, 0xe6];
        blob.extend([0; 32]);
        blob.extend([0, 0, 0, 0, 1]);
        blob.extend(46.5_f64.to_be_bytes());
        blob.extend(39.5_f64.to_be_bytes());
        assert_eq!(read_point_blob(&blob).unwrap(), LonLat::new(46.5, 39.5).unwrap());
    }

    #[test]
    fn polygons_with_holes_come_back_as_they_were() {
        let shape = wkt!(MULTIPOLYGON(
            ((46.0 39.0, 47.0 39.0, 47.0 40.0, 46.0 39.0), (46.7 39.2, 46.8 39.2, 46.8 39.3, 46.7 39.2)),
            ((48.0 39.0, 49.0 39.0, 49.0 40.0, 48.0 39.0))
        ));
        assert_eq!(read_multi_polygon_blob(&multi_polygon_blob(&shape)).unwrap(), shape);
        let none = MultiPolygon::new(Vec::new());
        assert_eq!(read_multi_polygon_blob(&multi_polygon_blob(&none)).unwrap(), none);
    }

    #[test]
    fn a_blob_cut_anywhere_is_an_error() {
        let shape = wkt!(MULTIPOLYGON(((46.0 39.0, 47.0 39.0, 47.0 40.0, 46.0 39.0))));
        let blob = multi_polygon_blob(&shape);
        for end in 0..blob.len() {
            assert!(read_multi_polygon_blob(&blob[..end]).is_err(), "{end}");
        }
        let mut huge = blob.clone();
        huge[45..49].fill(0xff);
        assert!(read_multi_polygon_blob(&huge).is_err());
    }

    #[test]
    fn points_are_taken_in_every_way_to_write_them() {
        let blob = |wkb: &[&[u8]]| [&[b'G', b'P', 0, 1, 0, 0, 0, 0][..], &wkb.concat()].concat();
        let (x, y, z) = (46.5_f64.to_le_bytes(), 39.5_f64.to_le_bytes(), 9.0_f64.to_le_bytes());
        let place = Ok(Place::Point { x: 46.5, y: 39.5 });
        for (code, more) in [(1001_u32, 1), (2001, 1), (3001, 2), (0x8000_0001, 1), (0x4000_0001, 1), (1, 0)]
        {
            let measures = z.repeat(more);
            assert_eq!(
                read_place_blob(&blob(&[&[1], &code.to_le_bytes(), &x, &y, &measures])),
                place,
                "{code}"
            );
        }
        let point = [&[1][..], &1_u32.to_le_bytes(), &x, &y].concat();
        let several = |n: u32| blob(&[&[1], &4_u32.to_le_bytes(), &n.to_le_bytes(), &point, &point]);
        assert_eq!(read_place_blob(&several(0)), Ok(Place::Empty));
        assert_eq!(read_place_blob(&several(1)), place);
        assert_eq!(read_place_blob(&several(2)), Ok(Place::Other(4)));
        let with_srid = blob(&[&[1], &0x2000_0001_u32.to_le_bytes(), &[0; 4], &x, &y]);
        assert_eq!(read_place_blob(&with_srid), place);
        let nan = f64::NAN.to_le_bytes();
        assert_eq!(read_place_blob(&blob(&[&[1], &1_u32.to_le_bytes(), &nan, &nan])), Ok(Place::Empty));
        assert_eq!(read_place_blob(&blob(&[&[1], &1002_u32.to_le_bytes()])), Ok(Place::Other(2)));
    }
}
