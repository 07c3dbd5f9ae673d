//! A view: what a reader sees, at one revision.

use std::sync::Arc;

use demining::{Revision, Status};
use geometry::{Bounds, LonLat, TileId};
use uuid::Uuid;

use crate::{
    answers::{
        figures::{RegionSummary, RegionsSummary},
        happened::{Events, RegionEvents, RegionsEvents},
        page::{Found, Page},
        summary::{Grouping, Summary},
        tile,
    },
    core::{ids::Ids, saved, scope::Scope, snapshot::Snapshot},
    detections::{counts::Counts, records::Packed, row::Row},
    query::{
        filter::{Dates, Filter},
        plan::Query,
        set::Set,
    },
    reference::ReferenceData,
};

/// The records at one revision, never changing. A clone is cheap; what is read from one view, or
/// from its clones, belongs together.
#[derive(Clone, Debug)]
pub struct View {
    reference: Arc<ReferenceData>,
    ids: Arc<Ids>,
    snapshot: Arc<Snapshot>,
}

impl View {
    pub(crate) fn new(reference: &Arc<ReferenceData>, ids: &Arc<Ids>, snapshot: Arc<Snapshot>) -> Self {
        Self { reference: Arc::clone(reference), ids: Arc::clone(ids), snapshot }
    }

    /// Who may see it.
    pub fn scope(&self) -> Scope {
        self.snapshot.scope
    }

    /// The newest change that it shows.
    pub fn revision(&self) -> Revision {
        self.snapshot.revision
    }

    /// Regions, places and reported figures.
    pub fn reference(&self) -> &ReferenceData {
        &self.reference
    }

    /// The record with this id, whatever its status, if the scope shows it. The full scope also shows
    /// one that was rejected.
    pub fn get(&self, id: Uuid) -> Option<Found> {
        // An id may have been given its number after this view was taken.
        let records = &self.snapshot.records;
        let number =
            self.ids.find(id, |number| records.get(number).is_some_and(|packed| packed.id() == id))?;
        let packed = records.get(number).filter(|packed| {
            self.snapshot.scope == Scope::Full || self.snapshot.shows(*packed, &self.reference)
        })?;
        Some(self.found(packed))
    }

    /// The record with this number, if the scope shows it. The full scope also shows one that was rejected.
    pub fn at_number(&self, number: u32) -> Option<Found> {
        let packed = self.snapshot.records.get(number)?;
        let is_shown = self.snapshot.scope == Scope::Full || self.snapshot.shows(packed, &self.reference);
        is_shown.then(|| self.found(packed))
    }

    /// The box of all records, whatever their status; none when there are none. To the Mercator
    /// unit, so up to a centimetre wider than their places.
    pub fn extent(&self) -> Option<Bounds> {
        self.snapshot.index.bounds().map(Bounds::from)
    }

    /// How many records and items the filter leaves.
    pub fn count(&self, filter: &Filter) -> Counts {
        self.snapshot.count(&self.query(filter))
    }

    /// The filter, for only those records that the scope shows by themselves.
    #[must_use]
    pub fn of_shown(&self, filter: &Filter) -> Filter {
        let mut filter = filter.clone();
        if self.snapshot.is_coarse {
            let shown = filter.statuses.iter().filter(|status| *status != Status::Detected);
            filter.statuses = Set::of(shown);
        }
        filter
    }

    /// The records that the filter leaves, in order of their numbers, after the number `after`,
    /// at most `limit` of them. Going on with [`Page::next`], on this view or a later one, gives
    /// each record that stays exactly once.
    pub fn page(&self, filter: &Filter, after: Option<u32>, limit: usize) -> Page {
        self.snapshot.page(&self.query(filter), after, limit, &self.reference)
    }

    /// The records that the filter leaves nearest to a position, at most `limit`, with their
    /// distance in metres, nearest first; those that the scope shows.
    pub fn nearest(&self, filter: &Filter, at: LonLat, limit: usize) -> Vec<(Found, f64)> {
        let query = self.query(filter);
        let snapshot = &self.snapshot;
        let packed = |row: &Row| snapshot.records.get(row.number);
        let shown = |row: &Row| packed(row).is_some_and(|packed| snapshot.shows(packed, &self.reference));
        let near = snapshot.index.nearest(at, |row| query.seen(*row).is_some() && shown(row)).take(limit);
        near.filter_map(|(row, metres)| Some((self.found(packed(&row)?), metres))).collect()
    }

    /// What the filter leaves, grouped.
    pub fn summary(&self, filter: &Filter, by: Grouping) -> Summary {
        self.snapshot.summary(&self.query(filter), by, &self.reference)
    }

    /// What is recorded in every region, under the filter.
    pub fn regions(&self, filter: &Filter) -> RegionsSummary {
        self.snapshot.regions(filter, &self.reference)
    }

    /// What is recorded in the region with this id, with its kinds and months, under the filter;
    /// nothing when there is no such region.
    pub fn region(&self, id: &str, filter: &Filter) -> Option<RegionSummary> {
        self.snapshot.region(id, filter, &self.reference)
    }

    /// What happened on these days to the records that the filter leaves, grouped; `month` is that of the event.
    pub fn events(&self, filter: &Filter, dates: Dates, by: Grouping) -> Summary<Events> {
        self.snapshot.events(filter, dates, by, &self.reference)
    }

    /// What happened on these days in every region, under the filter.
    pub fn regions_events(&self, filter: &Filter, dates: Dates) -> RegionsEvents {
        self.snapshot.regions_events(filter, dates, &self.reference)
    }

    /// What happened on these days in the region with this id, under the filter; nothing when there is no such region.
    pub fn region_events(&self, id: &str, filter: &Filter, dates: Dates) -> Option<RegionEvents> {
        self.snapshot.region_events(id, filter, dates, &self.reference)
    }

    /// The operators that have records, with their number of records, by name.
    pub fn operators(&self) -> Vec<(Arc<str>, u64)> {
        let Snapshot { operators, cube, .. } = &*self.snapshot;
        let mut all: Vec<_> = operators
            .iter()
            .map(|(number, name)| (Arc::clone(name), u64::from(cube.of_operator(number))))
            .filter(|(_, records)| *records > 0)
            .collect();
        all.sort();
        all
    }

    /// Whether any record, of whatever status, is of this operator.
    pub fn has_operator(&self, operator: &str) -> bool {
        let number = self.snapshot.operators.number(operator);
        number.is_some_and(|number| self.snapshot.cube.of_operator(number) > 0)
    }

    /// The tile of detections as bytes of an MVT; none when it is empty. The same records give
    /// the same bytes.
    pub fn detections_tile(&self, tile: TileId, filter: &Filter) -> Vec<u8> {
        self.snapshot.detections_tile(tile, &self.query(filter), &self.reference)
    }

    /// The tile of regions, with what is recorded in each under the filter.
    pub fn regions_tile(&self, tile: TileId, filter: &Filter) -> Vec<u8> {
        let figures = self.snapshot.region_counts(filter, &self.reference);
        tile::regions_tile(&self.reference, tile, &figures)
    }

    /// The tile of places.
    pub fn places_tile(&self, tile: TileId) -> Vec<u8> {
        tile::places_tile(&self.reference, tile)
    }

    /// All that a [`Loading`](crate::Loading) needs to make this view again, in blocks of about a
    /// megabyte, in the order they are to be taken in.
    pub fn saved(&self) -> impl ExactSizeIterator<Item = Vec<u8>> {
        saved::blocks(&self.snapshot)
    }

    fn found(&self, packed: Packed<'_>) -> Found {
        self.snapshot.found(packed, &self.reference)
    }

    pub(crate) fn query<'a>(&'a self, filter: &'a Filter) -> Query<'a> {
        self.snapshot.query(filter, &self.reference)
    }
}
