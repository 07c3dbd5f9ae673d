//! The tiles of the map in one file, for use without a server: a `PMTiles` archive (version 3).
//!
//! Each tile contains the layers of the records, of regions and of places. Tiles are generated from the top
//! down, and only below tiles that are not empty. The archive is built in a temporary file, because it begins
//! with data that is known last.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek},
    vec,
};

use atlas::{Filter, View};
use geometry::{Bounds, TileId};
use pmtiles::{Compression, PmTilesStreamWriter, PmTilesWriter, TileCoord, TileType};
use serde_json::json;

use super::Making;
use crate::wire::{
    layers::{Layered, extent, vector_layers},
    matrices::TileLimits,
    records::Listed,
};

/// The deepest zoom: single records are drawn individually from zoom 11, and at 14 in all but the most
/// crowded places. Programs draw deeper zoom levels from these tiles.
pub const DEEPEST: u8 = 14;

/// Down to this zoom, tiles are generated even below an empty tile, whose features may be too small to show.
const ALWAYS: u8 = 8;

/// The tiles generated between two pieces: a moment's work, after which a disconnected client is noticed.
const AT_ONCE: usize = 32;

/// The size of a piece in bytes.
const PIECE: u64 = 1 << 20;

/// An archive that is generated and then sent.
pub struct Map<T: Listed> {
    view: View,
    filter: T::Filter,
    bounds: Option<Bounds>,
    state: State,
}

enum State {
    Making(Box<Walk>),
    Made(File),
}

/// The tiles still to be generated.
struct Walk {
    writer: PmTilesStreamWriter<BufWriter<File>>,
    file: File,
    z: u8,
    here: vec::IntoIter<TileId>,
    below: Vec<TileId>,
}

impl<T: Listed> Map<T> {
    /// Creates the map of the filtered records.
    ///
    /// # Errors
    /// When a temporary file cannot be created.
    pub fn new(view: View, filter: T::Filter) -> io::Result<Self> {
        let file = tempfile::tempfile()?;
        let bounds = extent(Layered::Records(T::COLLECTION), &view);
        let [west, south, east, north] = bounds.map_or([-180.0, -85.0, 180.0, 85.0], |b| b.to_array());
        let writer = PmTilesWriter::new(TileType::Mvt)
            .tile_compression(Compression::Gzip)
            .min_zoom(0)
            .max_zoom(DEEPEST)
            .bounds(west, south, east, north)
            .center(f64::midpoint(west, east), f64::midpoint(south, north))
            .center_zoom(7)
            .metadata(metadata::<T>(&view))
            .create(BufWriter::new(file.try_clone()?))
            .map_err(io::Error::other)?;
        let top = TileId::new(0, 0, 0).into_iter().collect::<Vec<_>>();
        let walk = Walk { writer, file, z: 0, here: top.into_iter(), below: Vec::new() };
        Ok(Self { view, filter, bounds, state: State::Making(Box::new(walk)) })
    }
}

impl<T: Listed> Making for Map<T> {
    fn n_records(&self) -> u64 {
        T::n_selected(&self.view, &self.filter)
    }

    fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        match &mut self.state {
            State::Making(walk) => {
                for _ in 0..AT_ONCE {
                    if !walk.step::<T>(&self.view, &self.filter, self.bounds)? {
                        break;
                    }
                }
                if walk.is_done() {
                    let made = State::Made(walk.file.try_clone()?);
                    if let State::Making(walk) = std::mem::replace(&mut self.state, made) {
                        walk.end()?;
                    }
                }
                Ok(Some(Vec::new()))
            }
            State::Made(file) => {
                let mut piece = Vec::new();
                let n = file.take(PIECE).read_to_end(&mut piece)?;
                Ok((n > 0).then_some(piece))
            }
        }
    }
}

impl Walk {
    fn is_done(&self) -> bool {
        self.here.len() == 0 && self.below.is_empty()
    }

    /// Generates the next tile; returns whether there was one.
    fn step<T: Listed>(
        &mut self,
        view: &View,
        filter: &T::Filter,
        bounds: Option<Bounds>,
    ) -> io::Result<bool> {
        if self.here.len() == 0 {
            if self.below.is_empty() {
                return Ok(false);
            }
            self.z += 1;
            // In the order of the archive, so that neighbouring tiles are read together.
            self.below.sort_by_cached_key(|tile| {
                coordinate(*tile).map(|at| pmtiles::TileId::from(at).value()).ok()
            });
            self.here = std::mem::take(&mut self.below).into_iter();
        }
        let Some(tile) = self.here.next() else { return Ok(false) };
        // Concatenated layers form a tile.
        let mut bytes = T::tile(view, tile, filter);
        bytes.extend(view.regions_tile(tile, &Filter { as_of: T::day_of(filter), ..Filter::default() }));
        bytes.extend(view.places_tile(tile));
        if !bytes.is_empty() {
            self.writer.add_tile(coordinate(tile)?, &bytes).map_err(io::Error::other)?;
        }
        if tile.z() < DEEPEST && (!bytes.is_empty() || tile.z() < ALWAYS) {
            let limits = TileLimits::of(bounds, tile.z() + 1);
            self.below.extend(tile.children().filter(|child| limits.contain(*child)));
        }
        Ok(true)
    }

    fn end(self) -> io::Result<()> {
        let Self { writer, mut file, .. } = self;
        writer.finalize().map_err(io::Error::other)?;
        file.rewind()
    }
}

fn coordinate(tile: TileId) -> io::Result<TileCoord> {
    TileCoord::new(tile.z(), tile.x(), tile.y()).map_err(io::Error::other)
}

/// Builds the archive's metadata.
fn metadata<T: Listed>(view: &View) -> String {
    let mut layers: Vec<_> = [Layered::Records(T::COLLECTION), Layered::Regions, Layered::Places]
        .into_iter()
        .flat_map(|layered| vector_layers(layered, DEEPEST).as_array().cloned().unwrap_or_default())
        .collect();
    for layer in &mut layers {
        // Programs accept only the name of a type.
        for field in layer["fields"].as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
            let name = field.as_str().and_then(|text| text.split(':').next()).unwrap_or("String").to_owned();
            *field = json!(name);
        }
    }
    json!({
        "name": "Clearline", "type": "overlay", "version": view.revision().0.to_string(),
        "description": "Shows what has been recorded. No record does not mean no danger.",
        "attribution": "Boundaries: Natural Earth. Places: GeoNames, CC BY 4.0.",
        "vector_layers": layers,
    })
    .to_string()
}
