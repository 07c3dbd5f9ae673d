//! Iterates over the matches of a filter by the fastest sufficient way: the totals of the cube, its cells,
//! the summaries of the index, or its rows.

use std::ops::Range;

use geometry::index::{Leaf, LeafView, NodeView, Step, Visitor};

use super::{
    hits::Sums,
    judge::{Open, Verdict},
    plan::Query,
};
use crate::{
    core::snapshot::Snapshot,
    detections::{
        cells::{CELLS, each_cell},
        counts::Counts,
        cube::Facet,
        day::Month,
        node_summary::{NodeSummary, REGION_BITS},
        row::Row,
    },
    reference::OUTSIDE,
};

/// The facets that a caller distinguishes; others may have any value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// By region.
    pub region: bool,
    /// By months.
    pub months: Months,
    /// By operator.
    pub operator: bool,
}

/// The months that a caller distinguishes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Months {
    /// None.
    #[default]
    None,
    /// The month in which the present status began.
    Present,
    /// The month found and the month dealt with.
    Both,
}

impl Snapshot {
    /// Calls `each` with the counts that match the filter, by status, kind and the wanted facets.
    pub fn scan(&self, query: &Query<'_>, wanted: Wanted, mut each: impl FnMut(Facet, Counts)) {
        let by_table = !wanted.operator && query.asks_only_for_cells_and_regions();
        if by_table && wanted.months != Months::Both {
            let mut show = |region: u16, month: Month, table: &[Counts; CELLS]| {
                for (cell, counts) in table.iter().enumerate() {
                    if query.cells >> cell & 1 == 1 && counts.records > 0 {
                        each(Facet { detected: month, ..facet(region, cell) }, *counts);
                    }
                }
            };
            let wants = |region: u16| query.wants_region(region);
            if wanted.months == Months::None {
                let tables = self.cube.totals().filter(|(region, _)| wants(*region));
                tables.for_each(|(region, table)| show(region, Month::NONE, table));
            } else {
                let tables = self.cube.present().filter(|(region, ..)| wants(*region));
                tables.for_each(|(region, month, table)| show(region, month, table));
            }
        } else if let Some(months) = query.whole_months() {
            self.cube.each(
                |region| query.wants_region(region),
                |facet, counts| {
                    if let Some(facet) = months.seen(facet).filter(|facet| query.wants_facet(facet)) {
                        each(facet, counts);
                    }
                },
            );
        } else {
            let n_districts = self.cube.n_districts();
            let (open, region, counted) = (query.unjudged(), None, None);
            let mut scan = Scan { query, wanted, n_districts, each, open, region, counted };
            self.index.visit(&mut scan);
            scan.tell_counted();
        }
    }
}

fn facet(region: u16, cell: usize) -> Facet {
    Facet { region, operator: 0, cell: cell as u8, detected: Month::NONE, neutralised: Month::NONE }
}

struct Scan<'q, F> {
    query: &'q Query<'q>,
    wanted: Wanted,
    n_districts: usize,
    each: F,
    /// The open conditions for the rows of the last visited node, and their region if it is unique.
    open: Open,
    region: Option<u16>,
    /// Sums of one region that were not passed on yet.
    counted: Option<(u16, Sums)>,
}

impl<F: FnMut(Facet, Counts)> Scan<'_, F> {
    fn tell_counted(&mut self) {
        if let Some((region, mut sums)) = self.counted.take() {
            let cells = sums.take(self.query.cells).0.into_iter().enumerate();
            cells
                .filter(|(_, counts)| counts.records > 0)
                .for_each(|(cell, counts)| (self.each)(facet(region, cell), counts));
        }
    }

    /// Returns `true` if the caller distinguishes facets that summaries lack.
    fn tells_rows_apart(&self) -> bool {
        self.wanted.months != Months::None || self.wanted.operator
    }

    /// Returns the region of all rows below a node, if it is unique or the caller does not distinguish
    /// regions.
    fn region_of(&self, summary: &NodeSummary) -> Option<u16> {
        if !self.wanted.region {
            return Some(OUTSIDE);
        }
        let outside = REGION_BITS - 1;
        // A bit identifies a region only if every region has its own bit.
        if summary.regions.count_ones() != 1 || self.n_districts > outside as usize {
            return None;
        }
        let bit = summary.regions.trailing_zeros();
        Some(if bit == outside { OUTSIDE } else { bit as u16 })
    }
}

impl<'a, F: FnMut(Facet, Counts)> Visitor<'a, Row> for Scan<'_, F> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        self.region = self.region_of(node.summary);
        self.open = match self.query.judge(node.summary, &node.bounds) {
            Verdict::None => return Step::Done,
            Verdict::Some(open) => open,
            Verdict::All | Verdict::Table => Open::default(),
        };
        if self.open != Open::default() || self.tells_rows_apart() {
            return Step::Enter;
        }
        let Some(region) = self.region else { return Step::Enter };
        for cell in each_cell(self.query.cells) {
            let counts = node.summary.counts(1 << cell);
            if counts.records > 0 {
                (self.each)(facet(region, cell), counts);
            }
        }
        Step::Done
    }

    fn leaf(&mut self, rows: LeafView<'a, Row>) {
        let query = self.query;
        query.each_run(&rows, rows.range(), self.open, &mut |run, open| self.take(&rows, run, open));
    }
}

impl<F: FnMut(Facet, Counts)> Scan<'_, F> {
    fn take(&mut self, rows: &LeafView<'_, Row>, run: Range<usize>, open: Open) {
        let query = self.query;
        if let Some(region) = self.region
            && !self.tells_rows_apart()
            && !open.places
        {
            if self.counted.as_ref().is_some_and(|(counted, _)| *counted != region) {
                self.tell_counted();
            }
            let (_, sums) = self.counted.get_or_insert_with(|| (region, Sums::default()));
            sums.add(query, rows, run, open);
            return;
        }
        for row in run.filter_map(|at| query.seen_if(rows.leaf().get(at), open)) {
            let facet = if self.wanted.months == Months::None {
                Facet { operator: row.operator, ..facet(row.region, row.cell()) }
            } else {
                Facet::of(&row)
            };
            (self.each)(facet, Counts::one(row.quantity));
        }
    }
}
