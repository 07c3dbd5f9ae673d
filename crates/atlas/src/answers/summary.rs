//! Counts grouped by any combination of region, status, kind, month and operator.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::Arc,
};

use demining::{Kind, Status};

use super::happened::Events;
use crate::{
    core::snapshot::Snapshot,
    detections::{cells::KINDS, counts::Counts, cube::Facet, day::Month},
    query::{
        filter::{Dates, Filter},
        plan::Query,
        scan::{Months, Wanted},
    },
    reference::ReferenceData,
};

/// The fields to group by. The default is none: only the total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::struct_excessive_bools)] // Five independent choices.
pub struct Grouping {
    /// By district.
    pub region: bool,
    /// By status.
    pub status: bool,
    /// By kind.
    pub kind: bool,
    /// By the month in which the present status began.
    pub month: bool,
    /// By operator.
    pub operator: bool,
}

/// Counts by group: of records, or of their events ([`Events`](crate::Events)).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary<C = Counts> {
    /// The non-empty groups, ordered by region, status, kind, month and operator. Groups without a region or
    /// an operator come last.
    pub rows: Vec<Group<C>>,
    /// The sum of all groups.
    pub total: C,
}

/// One group. Fields that it is not grouped by are `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<C = Counts> {
    /// The district's id; `Some(None)` outside every region.
    pub region: Option<Option<Arc<str>>>,
    /// The status.
    pub status: Option<Status>,
    /// The kind.
    pub kind: Option<Kind>,
    /// The month in which the present status began, or that of the event.
    pub month: Option<Month>,
    /// The operator; `Some(None)` without an operator.
    pub operator: Option<Option<Arc<str>>>,
    /// The counts.
    pub counts: C,
}

/// Bits of each part of a packed key, from the lowest: operator, month, kind, status, region.
const OPERATOR: u32 = 30;
const MONTH: u32 = 12;
const KIND: u32 = 4;
const STATUS: u32 = 2;

impl Grouping {
    fn key(self, facet: &Facet, month: Month) -> u64 {
        let (status, kind) = (usize::from(facet.cell) / KINDS, usize::from(facet.cell) % KINDS);
        let mut key = 0;
        for (wanted, bits, value) in [
            (self.region, 16, u64::from(facet.region)),
            (self.status, STATUS, status as u64),
            (self.kind, KIND, kind as u64),
            (self.month, MONTH, u64::from(month.index())),
            (self.operator, OPERATOR, u64::from(facet.operator)),
        ] {
            key = key << bits | if wanted { value } else { 0 };
        }
        key
    }

    fn group<C>(self, mut key: u64, counts: C, reference: &ReferenceData, snapshot: &Snapshot) -> Group<C> {
        let mut take = |bits: u32| {
            let part = key & ((1 << bits) - 1);
            key >>= bits;
            part
        };
        let operator = take(OPERATOR) as u32;
        let month = take(MONTH) as u16;
        let kind = take(KIND) as usize;
        let status = take(STATUS) as usize;
        let region = take(16) as u16;
        Group {
            region: self.region.then(|| reference.region_id(region)),
            status: self.status.then(|| Status::ALL[status]),
            kind: self.kind.then(|| Kind::ALL[kind]),
            month: self.month.then(|| Month::from_index(month)),
            operator: self.operator.then(|| snapshot.operators.name(operator)),
            counts,
        }
    }
}

impl Snapshot {
    /// Groups the records that match the query.
    pub fn summary(&self, query: &Query<'_>, by: Grouping, reference: &ReferenceData) -> Summary {
        let months = if by.month { Months::Present } else { Months::None };
        let wanted = Wanted { region: by.region, months, operator: by.operator };
        let mut groups: HashMap<u64, Counts, BuildHasherDefault<Mix>> = HashMap::default();
        let mut total = Counts::default();
        // Neighbours in the cube are often of the same group, so keep the last one at hand.
        let (mut last, mut open) = (u64::MAX, Counts::default());
        self.scan(query, wanted, |facet, counts| {
            total += counts;
            let key = by.key(&facet, facet.present());
            if key != last {
                if open.records > 0 {
                    *groups.entry(last).or_default() += open;
                }
                (last, open) = (key, Counts::default());
            }
            open += counts;
        });
        if open.records > 0 {
            *groups.entry(last).or_default() += open;
        }
        Summary { rows: self.in_order(groups, by, reference), total }
    }

    /// Groups the events in these days of the records that match the filter; `month` is that of the event.
    pub fn events(
        &self,
        filter: &Filter,
        dates: Dates,
        by: Grouping,
        reference: &ReferenceData,
    ) -> Summary<Events> {
        let months = if by.month { Months::Both } else { Months::None };
        let wanted = Wanted { region: by.region, months, operator: by.operator };
        let mut groups: HashMap<u64, Events, BuildHasherDefault<Mix>> = HashMap::default();
        let mut total = Events::default();
        self.each_event(filter, dates, wanted, reference, |event, facet, counts| {
            *total.of(event) += counts;
            *groups.entry(by.key(&facet, event.month(&facet))).or_default().of(event) += counts;
        });
        Summary { rows: self.in_order(groups, by, reference), total }
    }

    fn in_order<C, S>(
        &self,
        groups: HashMap<u64, C, S>,
        by: Grouping,
        reference: &ReferenceData,
    ) -> Vec<Group<C>> {
        if by == Grouping::default() {
            return Vec::new();
        }
        let groups = groups.into_iter().map(|(key, counts)| by.group(key, counts, reference, self));
        let mut rows: Vec<Group<C>> = groups.collect();
        rows.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
        rows
    }
}

impl<C> Group<C> {
    /// Returns the sort key of a group; missing names come last.
    #[allow(clippy::type_complexity)] // The fields of a group, in order.
    fn order(
        &self,
    ) -> (Option<(bool, &str)>, Option<Status>, Option<Kind>, Option<Month>, Option<(bool, &str)>) {
        (place(self.region.as_ref()), self.status, self.kind, self.month, place(self.operator.as_ref()))
    }
}

fn place(name: Option<&Option<Arc<str>>>) -> Option<(bool, &str)> {
    name.map(|name| (name.is_none(), name.as_deref().unwrap_or("")))
}

/// A hasher for internal keys: clients cannot cause collisions at will.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        // 2^64 divided by the golden ratio. Source: Knuth, TAOCP 3, 6.4.
        let mixed = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}
