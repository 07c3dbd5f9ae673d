//! The base map below the records: roads, settlements and relief, if the operator configures a source.

mod archive;
mod error;
mod source;

use std::{fmt, path::Path, sync::Arc};

use serde_json::{Value, json};

pub use archive::{Archive, TileKind};
pub use error::BaseMapError;
use source::Address;

/// What lies below the map's own layers. The default is nothing: the map then draws only what the program contains.
#[derive(Clone, Default)]
pub struct BaseMap {
    source: Source,
    terrain: Option<Arc<Archive>>,
}

#[derive(Clone, Default)]
enum Source {
    #[default]
    None,
    /// A file of this server.
    Archive(Arc<Archive>),
    /// A MapLibre style on another host.
    Style(Address),
    /// Pictures on another host.
    Pictures(Address),
}

impl BaseMap {
    /// Reads what an operator configures: for `source` the path of a PMTiles archive in the Protomaps schema (or of
    /// pictures), the address of a MapLibre style, or a template of pictures with `{z}`, `{x}` and `{y}`; for
    /// `terrain` the path of a PMTiles archive of heights in the terrarium encoding.
    ///
    /// # Errors
    /// When an archive is unreadable, or an address is not `https://` and a host.
    pub fn new(source: Option<&str>, terrain: Option<&Path>) -> Result<Self, BaseMapError> {
        let source = match source {
            None => Source::None,
            Some(given) if given.contains("://") => {
                let address = Address::parse(given)?;
                if address.is_template() { Source::Pictures(address) } else { Source::Style(address) }
            }
            Some(path) => Source::Archive(Arc::new(Archive::open(Path::new(path))?)),
        };
        let terrain = terrain.map(Archive::open).transpose()?.map(Arc::new);
        if let Some(archive) = &terrain
            && archive.kind == TileKind::Vector
        {
            return Err(BaseMapError::NotTerrain);
        }
        Ok(Self { source, terrain })
    }

    /// Replaces what an operator configures again; the rest stays.
    ///
    /// # Errors
    /// As [`BaseMap::new`].
    pub fn replaced(self, source: Option<&str>, terrain: Option<&Path>) -> Result<Self, BaseMapError> {
        let given = Self::new(source, terrain)?;
        Ok(Self {
            source: if source.is_some() { given.source } else { self.source },
            terrain: given.terrain.or(self.terrain),
        })
    }

    /// Returns whether there is something to draw: heights alone are not.
    pub fn is_there(&self) -> bool {
        !matches!(self.source, Source::None)
    }

    /// Returns an archive by the name that the addresses of its tiles begin with.
    pub fn archive(&self, name: &str) -> Option<&Arc<Archive>> {
        match (name, &self.source) {
            ("basemap", Source::Archive(archive)) => Some(archive),
            ("terrain", _) => self.terrain.as_ref(),
            _ => None,
        }
    }

    /// Returns the origin of another host that browsers load the base map from, such as `https://tiles.example.org`.
    pub fn other_origin(&self) -> Option<&str> {
        match &self.source {
            Source::Style(address) | Source::Pictures(address) => Some(address.origin()),
            Source::None | Source::Archive(_) => None,
        }
    }

    /// Returns the document that tells the page what to draw; `base` is the address of this server.
    pub fn document(&self, base: &str) -> Value {
        let mut document = match &self.source {
            Source::None => json!({"kind": "none"}),
            Source::Archive(archive) => {
                let mut document = tiles(archive, "basemap", base);
                document["kind"] =
                    json!(if archive.kind == TileKind::Vector { "protomaps" } else { "raster" });
                document["attribution"] = json!(archive.attribution);
                document
            }
            Source::Style(address) => json!({"kind": "style", "url": address.as_str()}),
            Source::Pictures(address) => json!({"kind": "raster", "tiles": address.as_str()}),
        };
        let terrain = self.terrain.as_ref().map(|archive| {
            let mut document = tiles(archive, "terrain", base);
            document["encoding"] = json!("terrarium");
            document
        });
        document["terrain"] = json!(terrain);
        document
    }
}

/// Describes the tiles of an archive.
fn tiles(archive: &Archive, name: &str, base: &str) -> Value {
    let (minzoom, maxzoom) = archive.zooms();
    let (version, ending) = (&archive.version, archive.kind.ending());
    json!({
        "tiles": format!("{base}/basemap/{name}-{version}/{{z}}/{{x}}/{{y}}.{ending}"),
        "minzoom": minzoom,
        "maxzoom": maxzoom,
        "bounds": archive.bounds(),
    })
}

/// Names the source only.
impl fmt::Debug for BaseMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.source {
            Source::None => "none",
            Source::Archive(_) => "archive",
            Source::Style(_) => "style",
            Source::Pictures(_) => "pictures",
        };
        f.debug_struct("BaseMap").field("source", &kind).finish_non_exhaustive()
    }
}
