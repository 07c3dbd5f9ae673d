//! The reference data: regions, places and reported figures. It never changes after loading.

use std::{collections::HashMap, sync::Arc};

use demining::{Level, Place, Precision, Region, ReportedFigure, mismatched_totals};
use geometry::{Districts, LonLat, Mercator, Places, PolygonError, Shapes, TileId};

use super::{
    district_set::{DistrictSet, OUTSIDE},
    regions::RegionInfo,
    search::{Gazetteer, Hit, Target},
};

/// A reported figure, and whether its parts add up to it.
#[derive(Debug, Clone, Copy)]
pub struct Reported<'a> {
    /// The figure.
    pub figure: &'a ReportedFigure,
    /// The sum of its reported parts, if it differs from the figure.
    pub parts_sum: Option<u64>,
}

/// Records outside every region are counted in a tile of this zoom at least: 120 km at 40 degrees.
const WIDE_CELL_BITS: u8 = 8;

/// Regions, places and reported figures.
#[derive(Debug)]
pub struct ReferenceData {
    regions: Vec<RegionInfo>,
    by_id: HashMap<String, usize>,
    /// For each district, its position in `regions` and its id.
    districts: Vec<(usize, Arc<str>)>,
    located: Districts,
    pub(crate) shapes: Shapes,
    places: Vec<Place>,
    near: Places<usize>,
    figures: Vec<ReportedFigure>,
    parts_sums: HashMap<String, u64>,
    gazetteer: Gazetteer,
    /// The precision of the public view for uncleared records.
    pub(crate) precision: Precision,
}

impl ReferenceData {
    /// Prepares regions, places and figures.
    ///
    /// # Errors
    /// If a boundary is not a valid polygon.
    pub(crate) fn new(
        regions: Vec<Region>,
        places: Vec<Place>,
        figures: Vec<ReportedFigure>,
    ) -> Result<Self, PolygonError> {
        let by_id: HashMap<String, usize> = regions.iter().map(|r| r.id.clone()).zip(0..).collect();
        let districts: Vec<(usize, Arc<str>)> = (0..)
            .zip(&regions)
            .filter(|(_, region)| region.level == Level::District)
            .map(|(at, region)| (at, region.id.as_str().into()))
            .collect();
        let located = Districts::new(districts.iter().map(|(at, _)| &regions[*at].boundary))?;
        let shapes = Shapes::new(regions.iter().map(|region| &region.boundary))?;
        let infos = RegionInfo::all(regions, &by_id, &districts);
        let parts_sums =
            mismatched_totals(&figures).into_iter().map(|(total, sum)| (total.id.clone(), sum)).collect();
        Ok(Self {
            gazetteer: Gazetteer::new(&infos, &places),
            near: Places::new(places.iter().map(|place| place.location).zip(0..).collect()),
            regions: infos,
            by_id,
            districts,
            located,
            shapes,
            places,
            figures,
            parts_sums,
            precision: Precision::default(),
        })
    }

    /// Returns all regions of all levels, in their original order.
    pub fn regions(&self) -> &[RegionInfo] {
        &self.regions
    }

    /// Returns the region's position in [`ReferenceData::regions`].
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Returns the region with this id.
    pub fn region(&self, id: &str) -> Option<&RegionInfo> {
        self.index_of(id).map(|at| &self.regions[at])
    }

    /// Returns the district, or all districts of the economic region or country, with this id.
    pub fn districts(&self, id: &str) -> Option<&DistrictSet> {
        self.region(id).map(|info| &info.districts)
    }

    /// Returns the id of the district at a position; `None` outside every region.
    pub fn locate(&self, at: LonLat) -> Option<&str> {
        self.located.locate(at).map(|district| &*self.districts[district].1)
    }

    /// Returns `true` if a position is in a region of any level.
    pub fn lies_in(&self, at: LonLat, region: &str) -> bool {
        let is_it = |at: usize| self.regions.get(at).is_some_and(|info| info.region.id == region);
        self.lineage(self.region_at(at)).any(is_it)
    }

    /// Returns `true` if the regions are the same, or the first is part of the other.
    pub fn is_within(&self, region: &str, outer: &str) -> bool {
        let Some(info) = self.region(region) else { return false };
        region == outer || info.ancestors.iter().any(|at| self.regions[*at].region.id == outer)
    }

    /// Returns regions and places by name in any spelling, best first.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Hit<'_>> {
        let found = self.gazetteer.search(text, limit).into_iter();
        found
            .map(|target| match target {
                Target::Region(at) => Hit::Region(&self.regions[at]),
                Target::Place(at) => Hit::Place(&self.places[at]),
            })
            .collect()
    }

    /// Returns all places, in their original order.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Returns the nearest places, with their distance in metres, nearest first.
    pub fn places_near(&self, at: LonLat, limit: usize) -> Vec<(&Place, f64)> {
        let near = self.near.nearest(at, limit).into_iter();
        near.map(|(place, metres)| (&self.places[*place], metres)).collect()
    }

    /// Returns all reported figures, in their original order.
    pub fn figures(&self) -> impl Iterator<Item = Reported<'_>> {
        self.figures.iter().map(|figure| self.reported(figure))
    }

    /// Returns the reported figures for the region, for one that contains it, or for one within it.
    pub fn figures_for(&self, id: &str) -> Vec<Reported<'_>> {
        let Some(here) = self.index_of(id) else { return Vec::new() };
        let related = |other: usize| {
            other == here
                || self.regions[here].ancestors.contains(&other)
                || self.regions[other].ancestors.contains(&here)
        };
        let names =
            |figure: &&ReportedFigure| figure.regions.iter().filter_map(|id| self.index_of(id)).any(related);
        self.figures.iter().filter(names).map(|figure| self.reported(figure)).collect()
    }

    fn reported<'a>(&self, figure: &'a ReportedFigure) -> Reported<'a> {
        Reported { figure, parts_sum: self.parts_sums.get(&figure.id).copied() }
    }

    /// Returns the number of districts.
    pub(crate) fn n_districts(&self) -> usize {
        self.districts.len()
    }

    /// Returns the number of the district at a position, or [`OUTSIDE`].
    pub(crate) fn region_at(&self, at: LonLat) -> u16 {
        self.located.locate(at).map_or(OUTSIDE, |district| district as u16)
    }

    /// Returns the single public place of a row's region: its label position. For rows outside every region
    /// it is precise to about a hundred kilometres.
    pub(crate) fn somewhere_in(&self, region: u16, place: Mercator) -> Mercator {
        let named = self.districts.get(usize::from(region)).map(|(at, _)| self.regions[*at].region.label);
        named.map_or_else(|| TileId::at(place, WIDE_CELL_BITS).middle(), Mercator::from)
    }

    /// Returns `true` if a row may have this region number.
    pub(crate) fn has_district(&self, region: u16) -> bool {
        region == OUTSIDE || usize::from(region) < self.districts.len()
    }

    /// Returns the id of a row's region; `None` outside every region.
    pub(crate) fn region_id(&self, region: u16) -> Option<Arc<str>> {
        self.districts.get(usize::from(region)).map(|(_, id)| Arc::clone(id))
    }

    /// Returns the positions in [`ReferenceData::regions`] of a row's region and its ancestors.
    pub(crate) fn lineage(&self, region: u16) -> impl Iterator<Item = usize> {
        let own = self.districts.get(usize::from(region)).map(|(at, _)| *at);
        own.into_iter().flat_map(|at| std::iter::once(at).chain(self.regions[at].ancestors.iter().copied()))
    }
}
