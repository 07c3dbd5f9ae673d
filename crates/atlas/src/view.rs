//! A view: what a reader sees at one revision.

use std::sync::Arc;

use demining::{Revision, Status};
use geometry::{Bounds, LonLat, TileId};
use uuid::Uuid;

use crate::{
    accidents::{Accidents, PublicCounts, PublicFilter},
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
    state::State,
};

/// The records at one revision, which never change. Clones are cheap; data read from one view or its clones
/// are consistent.
#[derive(Clone, Debug)]
pub struct View {
    reference: Arc<ReferenceData>,
    ids: Arc<Ids>,
    snapshot: Arc<Snapshot>,
    accidents: Accidents,
}

impl View {
    pub(crate) fn new(reference: &Arc<ReferenceData>, ids: &Arc<Ids>, state: &State) -> Self {
        let State { snapshot, accidents } = state.clone();
        Self { reference: Arc::clone(reference), ids: Arc::clone(ids), snapshot, accidents }
    }

    /// Returns its scope.
    pub fn scope(&self) -> Scope {
        self.snapshot.scope
    }

    /// Returns the newest revision that it shows.
    pub fn revision(&self) -> Revision {
        self.snapshot.revision
    }

    /// Returns the regions, places and reported figures.
    pub fn reference(&self) -> &ReferenceData {
        &self.reference
    }

    /// Returns the accidents. The public sees none of them unless the policy opens exact places.
    pub fn accidents(&self) -> &Accidents {
        &self.accidents
    }

    /// Returns what the public may know of accidents: counts by district and month. Any scope gives the same
    /// answer.
    pub fn public_accidents(&self, filter: &PublicFilter) -> PublicCounts {
        self.accidents.public_counts(filter, &self.reference)
    }

    /// Returns the record with this id, whatever its status, if the scope shows it. The full scope also
    /// returns rejected ones.
    pub fn get(&self, id: Uuid) -> Option<Found> {
        // The id may have received its number after this view was taken.
        let records = &self.snapshot.records;
        let number =
            self.ids.find(id, |number| records.get(number).is_some_and(|packed| packed.id() == id))?;
        let packed = records.get(number).filter(|packed| {
            self.snapshot.scope == Scope::Full || self.snapshot.shows(*packed, &self.reference)
        })?;
        Some(self.found(packed))
    }

    /// Returns the record with this number, if the scope shows it. The full scope also returns rejected ones.
    pub fn at_number(&self, number: u32) -> Option<Found> {
        let packed = self.snapshot.records.get(number)?;
        let is_shown = self.snapshot.scope == Scope::Full || self.snapshot.shows(packed, &self.reference);
        is_shown.then(|| self.found(packed))
    }

    /// Returns the bounding box of all records, whatever their status; `None` if there are none. It is
    /// rounded to Mercator units, so up to a centimetre larger than the places.
    pub fn extent(&self) -> Option<Bounds> {
        self.snapshot.index.bounds().map(Bounds::from)
    }

    /// Counts the records and items that match the filter.
    pub fn count(&self, filter: &Filter) -> Counts {
        self.snapshot.count(&self.query(filter))
    }

    /// Restricts the filter to records that the scope shows individually.
    #[must_use]
    pub fn of_shown(&self, filter: &Filter) -> Filter {
        let mut filter = filter.clone();
        if self.snapshot.is_coarse {
            let shown = filter.statuses.iter().filter(|status| *status != Status::Detected);
            filter.statuses = Set::of(shown);
        }
        filter
    }

    /// Returns at most `limit` records that match the filter, in the order of their numbers, after the number
    /// `after`. Continuing with [`Page::next`], on this view or a later one, returns each remaining record
    /// exactly once.
    pub fn page(&self, filter: &Filter, after: Option<u32>, limit: usize) -> Page {
        self.snapshot.page(&self.query(filter), after, limit, &self.reference)
    }

    /// Returns at most `limit` matching records nearest to a position, with their distance in metres, nearest
    /// first; only records that the scope shows.
    pub fn nearest(&self, filter: &Filter, at: LonLat, limit: usize) -> Vec<(Found, f64)> {
        let query = self.query(filter);
        let snapshot = &self.snapshot;
        let packed = |row: &Row| snapshot.records.get(row.number);
        let shown = |row: &Row| packed(row).is_some_and(|packed| snapshot.shows(packed, &self.reference));
        let near = snapshot.index.nearest(at, |row| query.seen(*row).is_some() && shown(row)).take(limit);
        near.filter_map(|(row, metres)| Some((self.found(packed(&row)?), metres))).collect()
    }

    /// Groups the records that match the filter.
    pub fn summary(&self, filter: &Filter, by: Grouping) -> Summary {
        self.snapshot.summary(&self.query(filter), by, &self.reference)
    }

    /// Returns the figures of every region, under the filter.
    pub fn regions(&self, filter: &Filter) -> RegionsSummary {
        self.snapshot.regions(filter, &self.reference)
    }

    /// Returns the figures of the region with this id, with its kinds and months, under the filter; `None` if
    /// there is no such region.
    pub fn region(&self, id: &str, filter: &Filter) -> Option<RegionSummary> {
        self.snapshot.region(id, filter, &self.reference)
    }

    /// Groups the events on these days of the records that match the filter; `month` is that of the event.
    pub fn events(&self, filter: &Filter, dates: Dates, by: Grouping) -> Summary<Events> {
        self.snapshot.events(filter, dates, by, &self.reference)
    }

    /// Returns the events on these days in every region, under the filter.
    pub fn regions_events(&self, filter: &Filter, dates: Dates) -> RegionsEvents {
        self.snapshot.regions_events(filter, dates, &self.reference)
    }

    /// Returns the events on these days in the region with this id, under the filter; `None` if there is no
    /// such region.
    pub fn region_events(&self, id: &str, filter: &Filter, dates: Dates) -> Option<RegionEvents> {
        self.snapshot.region_events(id, filter, dates, &self.reference)
    }

    /// Returns the operators that have records, with their number of records, sorted by name.
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

    /// Returns `true` if any record, whatever its status, has this operator.
    pub fn has_operator(&self, operator: &str) -> bool {
        let number = self.snapshot.operators.number(operator);
        number.is_some_and(|number| self.snapshot.cube.of_operator(number) > 0)
    }

    /// Returns the tile of detections as encoded MVT; empty if nothing is in it. Equal records give equal
    /// bytes.
    pub fn detections_tile(&self, tile: TileId, filter: &Filter) -> Vec<u8> {
        self.snapshot.detections_tile(tile, &self.query(filter), &self.reference)
    }

    /// Returns the tile of regions, with the figures of each under the filter.
    pub fn regions_tile(&self, tile: TileId, filter: &Filter) -> Vec<u8> {
        let figures = self.snapshot.region_counts(filter, &self.reference);
        tile::regions_tile(&self.reference, tile, &figures)
    }

    /// Returns the tile of places.
    pub fn places_tile(&self, tile: TileId) -> Vec<u8> {
        tile::places_tile(&self.reference, tile)
    }

    /// Returns everything that a [`Loading`](crate::Loading) needs to rebuild this view, in blocks of about a
    /// megabyte, in the order in which they must be loaded.
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
