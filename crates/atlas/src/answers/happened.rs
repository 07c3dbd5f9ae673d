//! Events in a range of days: how much was found, and how much was neutralised.

use std::collections::BTreeMap;

use demining::Kind;

use crate::{
    core::snapshot::Snapshot,
    detections::{cells::KINDS, counts::Counts, cube::Facet, day::Month},
    query::{
        event::Event,
        filter::{Dates, Filter},
        scan::{Months, Wanted},
    },
    reference::ReferenceData,
};

/// Counts of events in a range of days. A record that was both found and neutralised in them is in both
/// counts, so the two never form a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// Found in these days, whatever its status now.
    pub found: Counts,
    /// Neutralised in these days, whenever it was found.
    pub neutralised: Counts,
}

impl Events {
    /// Returns the count of one of the two.
    pub(crate) fn of(&mut self, event: Event) -> &mut Counts {
        match event {
            Event::Found => &mut self.found,
            Event::Neutralised => &mut self.neutralised,
        }
    }

    fn take_in(&mut self, other: Self) {
        self.found += other.found;
        self.neutralised += other.neutralised;
    }
}

/// The events in all regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionsEvents {
    /// For each of [`ReferenceData::regions`], in its order.
    pub regions: Vec<Events>,
    /// Outside every region.
    pub outside: Events,
    /// Everywhere.
    pub total: Events,
}

/// The events in one region, by kind and month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionEvents {
    /// All events.
    pub events: Events,
    /// The regions one level below, each with its position in [`ReferenceData::regions`].
    pub children: Vec<(usize, Events)>,
    /// The kinds with events, in the order of the vocabulary.
    pub kinds: Vec<(Kind, Events)>,
    /// The months with events, in order; only the requested days count.
    pub months: Vec<(Month, Events)>,
}

impl Snapshot {
    /// Calls `each` with the events in these days of the records that match the filter.
    pub fn each_event(
        &self,
        filter: &Filter,
        dates: Dates,
        wanted: Wanted,
        reference: &ReferenceData,
        mut each: impl FnMut(Event, Facet, Counts),
    ) {
        for event in [Event::Found, Event::Neutralised] {
            let query = self.query(filter, reference).on(event, dates);
            self.scan(&query, wanted, |facet, counts| each(event, facet, counts));
        }
    }

    /// Returns the events in all regions.
    pub fn regions_events(&self, filter: &Filter, dates: Dates, reference: &ReferenceData) -> RegionsEvents {
        let mut districts = vec![Events::default(); reference.n_districts() + 1];
        let wanted = Wanted { region: true, ..Wanted::default() };
        self.each_event(filter, dates, wanted, reference, |event, facet, counts| {
            *districts[usize::from(facet.region).min(reference.n_districts())].of(event) += counts;
        });
        rolled_up(&districts, reference)
    }

    /// Returns the events in one region; `None` if there is no such region.
    pub fn region_events(
        &self,
        id: &str,
        filter: &Filter,
        dates: Dates,
        reference: &ReferenceData,
    ) -> Option<RegionEvents> {
        let region = reference.index_of(id)?;
        let within = filter.within(&reference.regions()[region].districts);
        let mut districts = vec![Events::default(); reference.n_districts() + 1];
        let mut kinds = [Events::default(); KINDS];
        let mut months: BTreeMap<Month, Events> = BTreeMap::new();
        let wanted = Wanted { region: true, months: Months::Both, ..Wanted::default() };
        self.each_event(&within, dates, wanted, reference, |event, facet, counts| {
            *districts[usize::from(facet.region).min(reference.n_districts())].of(event) += counts;
            *kinds[usize::from(facet.cell) % KINDS].of(event) += counts;
            *months.entry(event.month(&facet)).or_default().of(event) += counts;
        });
        let all = rolled_up(&districts, reference);
        Some(RegionEvents {
            events: all.regions[region],
            children: reference.regions()[region].children.iter().map(|at| (*at, all.regions[*at])).collect(),
            kinds: Kind::ALL
                .iter()
                .copied()
                .zip(kinds)
                .filter(|(_, events)| *events != Events::default())
                .collect(),
            months: months.into_iter().collect(),
        })
    }
}

/// Sums districts, and the events outside them, to the regions of all levels.
fn rolled_up(districts: &[Events], reference: &ReferenceData) -> RegionsEvents {
    let mut regions = vec![Events::default(); reference.regions().len()];
    let mut total = Events::default();
    for (region, events) in (0..).zip(&districts[..reference.n_districts()]) {
        for at in reference.lineage(region) {
            regions[at].take_in(*events);
        }
    }
    for events in districts {
        total.take_in(*events);
    }
    RegionsEvents { regions, outside: districts[reference.n_districts()], total }
}
