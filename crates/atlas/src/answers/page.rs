//! Pages by record number: each page continues after a key, so that each record appears exactly once during
//! concurrent writes.

use std::{collections::BinaryHeap, sync::Arc};

use demining::{Detection, Record};
use geometry::index::{LeafView, NodeView, Step, Visitor};

use crate::{
    core::{scope::Scope, snapshot::Snapshot},
    detections::{counts::Counts, records::Packed, row::Row},
    query::{
        hits::Sums,
        judge::{Open, Verdict},
        plan::Query,
    },
    reference::ReferenceData,
};

/// Slots examined for each record of a page before the index is used instead.
const PATIENCE: usize = 16;
/// Slots that are always examined: fewer cost less than the index.
const ALWAYS: usize = 4_096;

/// A record with its district: a detection unless `T` is the record type of another collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<T = Detection> {
    /// The record.
    pub record: Arc<Record<T>>,
    /// The district's id; `None` outside every region.
    pub region: Option<Arc<str>>,
}

/// Records in the order of their numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The records.
    pub records: Vec<Found>,
    /// The key of the next page; `None` on the last page.
    pub next: Option<u32>,
}

impl Snapshot {
    /// Counts the records and items that match the query.
    pub fn count(&self, query: &Query<'_>) -> Counts {
        let mut count = Count { query, sums: Sums::default(), open: query.unjudged() };
        self.index.visit(&mut count);
        count.sums.take(query.cells).all()
    }

    /// Returns the record in a slot, as the scope shows it.
    pub fn found(&self, packed: Packed<'_>, reference: &ReferenceData) -> Found {
        let record = packed.record(&self.operators);
        let record = if self.scope == Scope::Public { record.into_public() } else { record };
        Found { record: Arc::new(record), region: reference.region_id(packed.region()) }
    }

    /// Returns `true` if the scope shows the record itself, and not only a count.
    pub fn shows(&self, packed: Packed<'_>, reference: &ReferenceData) -> bool {
        self.scope.show(packed.row(), reference).is_some_and(|row| !self.hides(&row))
    }

    /// Returns at most `limit` records after a number that match the query and that the scope shows.
    pub fn page(
        &self,
        query: &Query<'_>,
        after: Option<u32>,
        limit: usize,
        reference: &ReferenceData,
    ) -> Page {
        if limit == 0 {
            return Page::default();
        }
        // Search one more record than requested, to know whether there is a next page.
        let wanted = limit.saturating_add(1);
        let mut slots = Vec::new();
        let mut last_seen = None;
        let mut patience = limit.saturating_mul(PATIENCE).max(ALWAYS);
        let mut walk = self.records.after(after);
        let finished = loop {
            if slots.len() == wanted {
                break true;
            }
            if patience == 0 {
                break false;
            }
            let Some(slot) = walk.next() else { break true };
            patience -= 1;
            last_seen = Some(slot.number);
            if self.shows(slot, reference) && query.seen(slot.row()).is_some() {
                slots.push(slot);
            }
        };
        if !finished {
            let rest = self.lowest(query, last_seen, wanted - slots.len());
            slots.extend(rest.into_iter().filter_map(|number| self.records.get(number)));
        }
        let more = slots.len() > limit;
        slots.truncate(limit);
        Page {
            next: slots.last().filter(|_| more).map(|slot| slot.number),
            records: slots.into_iter().map(|slot| self.found(slot, reference)).collect(),
        }
    }

    /// Returns the `n` lowest matching numbers after this one, in order.
    fn lowest(&self, query: &Query<'_>, after: Option<u32>, n: usize) -> Vec<u32> {
        let mut lowest = Lowest { query, after, n, numbers: BinaryHeap::with_capacity(n) };
        self.index.visit(&mut lowest);
        lowest.numbers.into_sorted_vec()
    }
}

struct Count<'q> {
    query: &'q Query<'q>,
    sums: Sums,
    /// The conditions left open for the rows of the last visited node.
    open: Open,
}

impl<'a> Visitor<'a, Row> for Count<'_> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        match self.query.judge(node.summary, &node.bounds) {
            Verdict::None => Step::Done,
            Verdict::Some(open) => {
                self.open = open;
                Step::Enter
            }
            Verdict::All | Verdict::Table => {
                node.summary.add_to(self.sums.tally_mut(), self.query.cells);
                Step::Done
            }
        }
    }

    fn leaf(&mut self, rows: LeafView<'a, Row>) {
        if !self.open.places {
            self.sums.add(self.query, &rows, rows.range(), self.open);
            return;
        }
        for row in rows.iter().filter_map(|row| self.query.seen_if(row, self.open)) {
            self.sums.add_row(&row);
        }
    }
}

/// The lowest numbers so far, in a heap with the greatest on top.
struct Lowest<'q> {
    query: &'q Query<'q>,
    after: Option<u32>,
    n: usize,
    numbers: BinaryHeap<u32>,
}

impl Lowest<'_> {
    fn takes(&self, row: Row) -> bool {
        !self.query.hides(&row) && self.query.seen(row).is_some()
    }

    fn is_wanted(&self, least: u32) -> bool {
        self.numbers.len() < self.n || self.numbers.peek().is_some_and(|greatest| least < *greatest)
    }
}

impl<'a> Visitor<'a, Row> for Lowest<'_> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        let numbers = node.summary.numbers;
        let beyond = Some(numbers.greatest) > self.after && self.is_wanted(numbers.least);
        if !beyond || self.query.judge(node.summary, &node.bounds) == Verdict::None {
            return Step::Done;
        }
        Step::Enter
    }

    fn leaf(&mut self, rows: LeafView<'a, Row>) {
        for row in rows.iter() {
            if Some(row.number) > self.after && self.is_wanted(row.number) && self.takes(row) {
                self.numbers.push(row.number);
                if self.numbers.len() > self.n {
                    self.numbers.pop();
                }
            }
        }
    }
}
