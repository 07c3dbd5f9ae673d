//! Tiles of regions: boundaries with a buffer, and a label point per region, both with the region's figures.

use demining::Region;
use fast_mvt::{MvtGeomType, MvtTileBuilder};
use geometry::{Bounds, Mercator, TileId, TileSpace};

use super::layer::{Layer, Value, unit};
use crate::{
    answers::figures::Recorded,
    reference::{ReferenceData, RegionInfo},
};

/// 4096 units plus a buffer of 64, so that outlines along the tile's edge stay hidden.
const SPACE: TileSpace = TileSpace { extent: 4096, buffer: 64 };

/// Returns the regions whose figures a tile may show: all whose bounding box touches the tile with its
/// buffer.
pub fn regions_under(reference: &ReferenceData, tile: TileId) -> impl Iterator<Item = usize> {
    let bounds = tile.bounds();
    let around = f64::from(SPACE.buffer) / f64::from(SPACE.extent);
    // Use more than the buffer, because the height of a degree of latitude varies.
    let (wide, high) =
        ((bounds.east() - bounds.west()) * around * 2.0, (bounds.north() - bounds.south()) * around * 2.0);
    let window = Bounds::new(
        (bounds.west() - wide).max(-180.0),
        (bounds.south() - high).max(-90.0),
        (bounds.east() + wide).min(180.0),
        (bounds.north() + high).min(90.0),
    )
    .unwrap_or(Bounds::WORLD);
    let regions = reference.regions().iter().enumerate();
    regions.filter(move |(_, info)| info.bounds.is_some_and(|b| b.intersects(&window))).map(|(at, _)| at)
}

/// Returns the encoded tile with the figures of each region; empty if nothing is in it.
///
/// Countries come first, then economic regions, then districts, so that smaller ones are drawn on top.
pub fn regions_tile(reference: &ReferenceData, tile: TileId, figures: &[Recorded]) -> Vec<u8> {
    let mut under: Vec<usize> = regions_under(reference, tile).collect();
    under.sort_by_key(|at| (reference.regions()[*at].region.level, *at));
    let mut bytes = MvtTileBuilder::new();
    let shapes: Vec<_> = under.iter().map(|at| (*at, reference.shapes.tile(*at, tile, SPACE))).collect();
    if shapes.iter().any(|(_, shape)| !shape.0.is_empty()) {
        let mut layer = Layer::new(bytes, "regions");
        for (at, shape) in shapes.into_iter().filter(|(_, shape)| !shape.0.is_empty()) {
            let mut feature = layer.0.feature_of(MvtGeomType::Polygon);
            for polygon in shape {
                let (exterior, holes) = polygon.into_inner();
                feature.ring(exterior.0, true).expect("a ring was cut to at least three points");
                for hole in holes {
                    feature.ring(hole.0, false).expect("a ring was cut to at least three points");
                }
            }
            layer = Layer::finish(feature, properties(&reference.regions()[at], &figures[at]));
        }
        bytes = layer.end();
    }
    let labelled: Vec<(usize, Mercator)> = under
        .iter()
        .map(|at| (*at, Mercator::from(reference.regions()[*at].region.label)))
        .filter(|(_, place)| TileId::at(*place, tile.z()) == tile)
        .collect();
    if !labelled.is_empty() {
        let mut layer = Layer::new(bytes, "region_labels");
        for (at, place) in labelled {
            layer = layer.point(unit(tile, place), properties(&reference.regions()[at], &figures[at]));
        }
        bytes = layer.end();
    }
    bytes.encode()
}

fn properties<'a>(info: &'a RegionInfo, figures: &Recorded) -> [(&'static str, Option<Value<'a>>); 11] {
    let Region { id, level, names, parent, .. } = &info.region;
    let named = |language: &str| {
        names.by_language.iter().find(|(l, _)| l == language).map(|(_, name)| Value::Text(name))
    };
    [
        ("id", Some(Value::Text(id))),
        ("level", Some(Value::Text(level.word()))),
        ("name", Some(Value::Text(names.get("en")))),
        ("name_en", named("en")),
        ("name_az", named("az")),
        ("parent", parent.as_deref().map(Value::Text)),
        ("records", Some(Value::Count(figures.total.records))),
        ("quantity", Some(Value::Count(figures.total.quantity))),
        ("detected", Some(Value::Count(figures.detected.quantity))),
        ("neutralised", Some(Value::Count(figures.neutralised.quantity))),
        ("share", figures.share().map(Value::Share)),
    ]
}
