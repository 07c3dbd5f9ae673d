//! A PMTiles archive on this server's disk.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use bytes::Bytes;
use futures::executor::block_on;
use geometry::TileId;
use pmtiles::{
    AsyncBackend, AsyncPmTilesReader, BackendResponse, HashMapCache, PmtError, PmtResult, TileCoord, TileType,
};
use serde_json::Value;

use super::BaseMapError;

/// The largest piece that is read at once, in bytes: a tile, a directory or the metadata. Tiles of
/// OpenStreetMap take up to 1 MiB.
const LARGEST: usize = 16 << 20;

/// The credit that the licence of OpenStreetMap demands, for archives that state none.
const USUAL_ATTRIBUTION: &str = "© OpenStreetMap contributors";

/// What the tiles of an archive are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileKind {
    /// Vector tiles.
    Vector,
    /// Pictures, with their content type and the ending of their names.
    Picture(&'static str, &'static str),
}

impl TileKind {
    fn of(tiles: TileType) -> Option<Self> {
        match tiles {
            TileType::Mvt => Some(Self::Vector),
            TileType::Png => Some(Self::Picture("image/png", "png")),
            TileType::Jpeg => Some(Self::Picture("image/jpeg", "jpg")),
            TileType::Webp => Some(Self::Picture("image/webp", "webp")),
            _ => None,
        }
    }

    /// Returns the content type of a tile.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Vector => "application/vnd.mapbox-vector-tile",
            Self::Picture(content_type, _) => content_type,
        }
    }

    /// Returns the ending of the name of a tile.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Vector => "mvt",
            Self::Picture(_, ending) => ending,
        }
    }
}

/// An open archive.
pub struct Archive {
    reader: AsyncPmTilesReader<Pieces, HashMapCache>,
    path: PathBuf,
    /// What its tiles are.
    pub kind: TileKind,
    /// Whom the map must credit, as plain text.
    pub attribution: String,
    /// Changes when the file changes, so that the addresses of tiles name their content.
    pub version: String,
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// When the file is unreadable, is not a PMTiles archive (version 3), or contains neither vector tiles nor
    /// pictures.
    pub fn open(path: &Path) -> Result<Self, BaseMapError> {
        let failed = |reason: String| BaseMapError::Archive { path: path.to_owned(), reason };
        let file = File::open(path).map_err(|e| failed(e.to_string()))?;
        let facts = file.metadata().map_err(|e| failed(e.to_string()))?;
        let written = facts.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let stamp = format!("{}-{:?}", facts.len(), written);
        let pieces = Pieces(Mutex::new(file));
        // The reads themselves block, so this never waits for a runtime.
        let reader = block_on(AsyncPmTilesReader::try_from_cached_source(pieces, HashMapCache::default()))
            .map_err(|e| failed(e.to_string()))?;
        let tiles = reader.get_header().tile_type;
        let kind = TileKind::of(tiles)
            .ok_or_else(|| failed(format!("its tiles are {tiles:?}; expected MVT, PNG, JPEG or WebP")))?;
        let metadata = block_on(reader.get_metadata()).unwrap_or_default();
        let version = blake3::hash(stamp.as_bytes()).to_hex()[..12].to_owned();
        Ok(Self { reader, path: path.to_owned(), kind, attribution: attribution(&metadata), version })
    }

    /// Returns the least and the greatest zoom of the archive's tiles.
    pub fn zooms(&self) -> (u8, u8) {
        let header = self.reader.get_header();
        (header.min_zoom, header.max_zoom)
    }

    /// Returns the box around its tiles: west, south, east and north in degrees.
    pub fn bounds(&self) -> [f64; 4] {
        let header = self.reader.get_header();
        [header.min_longitude, header.min_latitude, header.max_longitude, header.max_latitude]
    }

    /// Reads a tile and unpacks it; `None` if the archive has none there. Blocks while the disk reads.
    ///
    /// # Errors
    /// When the file is unreadable or damaged.
    pub fn tile(&self, tile: TileId) -> Result<Option<Bytes>, BaseMapError> {
        let failed =
            |error: PmtError| BaseMapError::Archive { path: self.path.clone(), reason: error.to_string() };
        let at = TileCoord::new(tile.z(), tile.x(), tile.y()).map_err(failed)?;
        block_on(self.reader.get_tile_decompressed(at)).map_err(failed)
    }
}

/// Returns the attribution in an archive's metadata, without markup.
fn attribution(metadata: &str) -> String {
    let metadata: Value = serde_json::from_str(metadata).unwrap_or_default();
    let stated = metadata["attribution"].as_str().unwrap_or_default();
    let mut plain = String::new();
    let mut is_tag = false;
    for c in stated.chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            c if !is_tag => plain.push(c),
            _ => {}
        }
    }
    let plain = plain.replace("&copy;", "©").replace("&amp;", "&");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.is_empty() { USUAL_ATTRIBUTION.to_owned() } else { plain }
}

/// A file that is read in pieces. It is not mapped into memory: a mapped file that is cut off ends the program.
struct Pieces(Mutex<File>);

impl AsyncBackend for Pieces {
    async fn read(&self, offset: u64, length: usize) -> PmtResult<BackendResponse> {
        if length > LARGEST {
            return Err(PmtError::InvalidEntry);
        }
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        (&mut *file).take(length as u64).read_to_end(&mut bytes)?;
        Ok(BackendResponse::new(bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credit_is_plain_text() {
        let of = |stated: &str| attribution(&serde_json::json!({"attribution": stated}).to_string());
        let protomaps =
            r#"<a href="https://protomaps.com">Protomaps</a> &copy; <a href="x">OpenStreetMap</a>"#;
        assert_eq!(of(protomaps), "Protomaps © OpenStreetMap");
        assert_eq!(of("<img src=x onerror=alert(1)>"), USUAL_ATTRIBUTION);
        assert_eq!(attribution("no JSON"), USUAL_ATTRIBUTION);
    }

    #[test]
    fn what_is_no_archive_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.pmtiles");
        let refused = |path: &Path| Archive::open(path).err().unwrap().to_string();
        assert!(refused(&path).contains("map.pmtiles"));
        for bytes in [&b""[..], b"PMTiles", &[0; 200], b"PMTiles\x02"] {
            std::fs::write(&path, bytes).unwrap();
            assert!(refused(&path).contains("map.pmtiles"), "{bytes:?}");
        }
    }
}
