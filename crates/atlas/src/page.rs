//! Pages by number: what comes after a key, so that each record comes exactly once while others
//! are being written.

use std::{collections::BinaryHeap, sync::Arc};

use demining::Record;
use geometry::index::{NodeView, Step, Visitor};

use crate::{
    counts::Counts,
    ground::Ground,
    operators::Operators,
    query::{Query, Verdict},
    records::Packed,
    row::Row,
    snapshot::Snapshot,
};

/// Slots that are looked at for each record of a page before the index is asked instead.
const PATIENCE: usize = 16;
/// Slots that are always looked at: fewer cost less than the index.
const ALWAYS: usize = 4_096;

/// A record with the district it lies in.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The record.
    pub record: Arc<Record>,
    /// The district's id; none outside every region.
    pub region: Option<Arc<str>>,
}

impl Found {
    /// The record in a slot.
    pub(crate) fn of(packed: Packed<'_>, operators: &Operators, ground: &Ground) -> Self {
        Self { record: packed.record(operators), region: ground.region_id(packed.region()) }
    }
}

/// Records in order of their numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The records.
    pub records: Vec<Found>,
    /// The key of the next page; none when this was the last one.
    pub next: Option<u32>,
}

impl Snapshot {
    /// How many records and items the query leaves.
    pub fn count(&self, query: &Query<'_>) -> Counts {
        let mut count = Count { query, counts: Counts::default() };
        self.index.visit(&mut count);
        count.counts
    }

    /// The records that the query leaves after a number, at most `limit`.
    pub fn page(&self, query: &Query<'_>, after: Option<u32>, limit: usize, ground: &Ground) -> Page {
        if limit == 0 {
            return Page::default();
        }
        // One more than asked for tells whether there is a next page.
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
            if query.matches(&slot.row()) {
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
            records: slots.into_iter().map(|slot| Found::of(slot, &self.operators, ground)).collect(),
        }
    }

    /// The lowest numbers that the query leaves after this one, in order.
    fn lowest(&self, query: &Query<'_>, after: Option<u32>, n: usize) -> Vec<u32> {
        let mut lowest = Lowest { query, after, n, numbers: BinaryHeap::with_capacity(n) };
        self.index.visit(&mut lowest);
        lowest.numbers.into_sorted_vec()
    }
}

struct Count<'q> {
    query: &'q Query<'q>,
    counts: Counts,
}

impl<'a> Visitor<'a, Row> for Count<'_> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        match self.query.judge(node.summary, &node.bounds) {
            Verdict::None => Step::Done,
            Verdict::Some => Step::Enter,
            Verdict::All | Verdict::Table => {
                self.counts += node.summary.counts(self.query.cells);
                Step::Done
            }
        }
    }

    fn leaf(&mut self, rows: &'a [Row]) {
        for row in rows.iter().filter(|row| self.query.matches(row)) {
            self.counts += Counts::one(row.quantity);
        }
    }
}

/// The lowest numbers seen so far, the greatest of them at hand.
struct Lowest<'q> {
    query: &'q Query<'q>,
    after: Option<u32>,
    n: usize,
    numbers: BinaryHeap<u32>,
}

impl Lowest<'_> {
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

    fn leaf(&mut self, rows: &'a [Row]) {
        for row in rows {
            if Some(row.number) > self.after && self.is_wanted(row.number) && self.query.matches(row) {
                self.numbers.push(row.number);
                if self.numbers.len() > self.n {
                    self.numbers.pop();
                }
            }
        }
    }
}
