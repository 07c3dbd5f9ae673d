//! The figures of each region: counts, first and latest day, kinds, and a series of months.

use std::collections::BTreeMap;

use demining::{Kind, Status};
use geometry::index::{LeafView, NodeView, Step, Visitor};
use jiff::civil::Date;

use crate::{
    core::snapshot::Snapshot,
    detections::{
        cells::KINDS,
        counts::Counts,
        day::{Day, Month},
        node_summary::{NodeSummary, region_bit},
        row::Row,
    },
    query::{
        filter::Filter,
        judge::Verdict,
        plan::Query,
        scan::{Months, Wanted},
    },
    reference::{OUTSIDE, ReferenceData},
};

/// The figures of a region, under a filter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Recorded {
    /// All records.
    pub total: Counts,
    /// Those still only detected.
    pub detected: Counts,
    /// Those neutralised.
    pub neutralised: Counts,
    /// The day of the first find.
    pub first: Option<Date>,
    /// The newest day on which something was found or dealt with.
    pub latest: Option<Date>,
}

impl Recorded {
    /// Returns the share of neutralised items among those detected or neutralised (0 to 1); `None` if nothing
    /// is recorded.
    pub fn share(&self) -> Option<f64> {
        let known = self.detected.quantity + self.neutralised.quantity;
        (known > 0).then(|| self.neutralised.quantity as f64 / known as f64)
    }

    fn count(&mut self, status: usize, counts: Counts) {
        self.total += counts;
        match Status::ALL[status] {
            Status::Detected => self.detected += counts,
            Status::Neutralised => self.neutralised += counts,
            Status::Discounted => {}
        }
    }

    fn take_in(&mut self, other: &Self) {
        self.total += other.total;
        self.detected += other.detected;
        self.neutralised += other.neutralised;
        // `None` is less than any day, so the minimum needs the longer way.
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.latest = self.latest.max(other.latest);
    }
}

/// The figures of all regions.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionsSummary {
    /// For each of [`ReferenceData::regions`], in its order.
    pub regions: Vec<Recorded>,
    /// Outside every region.
    pub outside: Recorded,
    /// Everywhere.
    pub total: Recorded,
}

/// The figures of one region, with its kinds and months.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionSummary {
    /// The region's position in [`ReferenceData::regions`].
    pub region: usize,
    /// Its figures.
    pub recorded: Recorded,
    /// The regions one level below, each with its position in [`ReferenceData::regions`].
    pub children: Vec<(usize, Recorded)>,
    /// The kinds found, in the order of the vocabulary.
    pub kinds: Vec<KindRow>,
    /// The months in which something was found or dealt with, in order; other months are omitted.
    pub months: Vec<MonthRow>,
}

/// Counts of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindRow {
    /// The kind.
    pub kind: Kind,
    /// Still only detected.
    pub detected: Counts,
    /// Neutralised.
    pub neutralised: Counts,
}

/// Counts of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthRow {
    /// The month.
    pub month: Month,
    /// Found in the month, whatever its status now.
    pub detected: Counts,
    /// Dealt with in the month.
    pub neutralised: Counts,
}

impl Snapshot {
    /// Returns the figures of all regions.
    pub fn regions(&self, filter: &Filter, reference: &ReferenceData) -> RegionsSummary {
        let query = self.query(filter, reference);
        let mut districts = self.districts(&query, reference);
        for (recorded, reach) in districts.iter_mut().zip(self.reaches(&query, reference.n_districts())) {
            recorded.first = reach.first.date();
            recorded.latest = reach.latest.and_then(Day::date);
        }
        let mut total = Recorded::default();
        for recorded in &districts {
            total.take_in(recorded);
        }
        RegionsSummary {
            regions: rolled_up(&districts, reference),
            outside: districts[reference.n_districts()],
            total,
        }
    }

    /// Returns the figures of all regions, in the order of [`ReferenceData::regions`], without days.
    pub fn region_counts(&self, filter: &Filter, reference: &ReferenceData) -> Vec<Recorded> {
        rolled_up(&self.districts(&self.query(filter, reference), reference), reference)
    }

    /// Returns the figures of each district, and last those outside all districts, without days.
    fn districts(&self, query: &Query<'_>, reference: &ReferenceData) -> Vec<Recorded> {
        let n_districts = reference.n_districts();
        let mut districts = vec![Recorded::default(); n_districts + 1];
        self.scan(query, Wanted { region: true, ..Wanted::default() }, |facet, counts| {
            let recorded = &mut districts[usize::from(facet.region).min(n_districts)];
            recorded.count(usize::from(facet.cell) / KINDS, counts);
        });
        districts
    }

    /// Returns the figures of one region; `None` if there is no such region.
    pub fn region(&self, id: &str, filter: &Filter, reference: &ReferenceData) -> Option<RegionSummary> {
        let region = reference.index_of(id)?;
        let within = filter.within(&reference.regions()[region].districts);
        let all = self.regions(&within, reference);
        let mut kinds = [(Counts::default(), Counts::default()); KINDS];
        let mut months: BTreeMap<Month, (Counts, Counts)> = BTreeMap::new();
        let wanted = Wanted { months: Months::Both, ..Wanted::default() };
        self.scan(&self.query(&within, reference), wanted, |facet, counts| {
            let (status, kind) = (usize::from(facet.cell) / KINDS, usize::from(facet.cell) % KINDS);
            match Status::ALL[status] {
                Status::Detected => kinds[kind].0 += counts,
                Status::Neutralised => kinds[kind].1 += counts,
                Status::Discounted => {}
            }
            months.entry(facet.detected).or_default().0 += counts;
            if facet.neutralised != Month::NONE {
                months.entry(facet.neutralised).or_default().1 += counts;
            }
        });
        let kinds = Kind::ALL.iter().zip(kinds);
        Some(RegionSummary {
            region,
            recorded: all.regions[region],
            children: reference.regions()[region].children.iter().map(|at| (*at, all.regions[*at])).collect(),
            kinds: kinds
                .filter(|(_, (detected, neutralised))| detected.records + neutralised.records > 0)
                .map(|(kind, (detected, neutralised))| KindRow { kind: *kind, detected, neutralised })
                .collect(),
            months: months
                .into_iter()
                .map(|(month, (detected, neutralised))| MonthRow { month, detected, neutralised })
                .collect(),
        })
    }

    /// Returns the first and latest day of each district, and last those outside all districts.
    fn reaches(&self, query: &Query<'_>, n_districts: usize) -> Vec<Reach> {
        let mut on_bit = vec![Vec::new(); 128];
        for region in (0..n_districts as u16).chain([OUTSIDE]).filter(|region| query.wants_region(*region)) {
            on_bit[region_bit(region).trailing_zeros() as usize].push(usize::from(region).min(n_districts));
        }
        let mut days = Days { query, on_bit, reaches: vec![Reach::default(); n_districts + 1] };
        self.index.visit(&mut days);
        days.reaches
    }
}

/// Sums districts to the regions of all levels.
fn rolled_up(districts: &[Recorded], reference: &ReferenceData) -> Vec<Recorded> {
    let mut regions = vec![Recorded::default(); reference.regions().len()];
    for (region, recorded) in (0..).zip(&districts[..reference.n_districts()]) {
        for at in reference.lineage(region) {
            regions[at].take_in(recorded);
        }
    }
    regions
}

#[derive(Clone, Copy)]
struct Reach {
    first: Day,
    latest: Option<Day>,
}

impl Default for Reach {
    fn default() -> Self {
        Self { first: Day::NONE, latest: None }
    }
}

impl Reach {
    /// Returns `true` if these days would extend the range.
    fn grows_with(self, first: Day, latest: Day) -> bool {
        first < self.first || Some(latest) > self.latest
    }

    fn add(&mut self, first: Day, latest: Day) {
        self.first = self.first.min(first);
        self.latest = self.latest.max(Some(latest));
    }
}

/// Searches for first and latest days, entering only nodes that may extend a range.
struct Days<'q> {
    query: &'q Query<'q>,
    /// The regions that share each bit.
    on_bit: Vec<Vec<usize>>,
    reaches: Vec<Reach>,
}

impl Days<'_> {
    fn regions_of<'s>(&'s self, summary: &NodeSummary) -> impl Iterator<Item = usize> + use<'s> {
        let mut rest = summary.regions;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(bit)
        })
        .flat_map(|bit| self.on_bit[bit].iter().copied())
    }
}

impl<'a> Visitor<'a, Row> for Days<'_> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        let summary = node.summary;
        let (first, latest) = (summary.detected.least, latest(summary).min(self.query.as_of));
        if !self.regions_of(summary).any(|region| self.reaches[region].grows_with(first, latest)) {
            return Step::Done;
        }
        match self.query.judge(summary, &node.bounds) {
            Verdict::None => Step::Done,
            Verdict::All if summary.regions.is_power_of_two() => {
                let mut regions = self.regions_of(summary);
                let (only, other) = (regions.next(), regions.next());
                drop(regions);
                match (only, other) {
                    (Some(only), None) => {
                        self.reaches[only].add(first, latest);
                        Step::Done
                    }
                    _ => Step::Enter,
                }
            }
            _ => Step::Enter,
        }
    }

    fn leaf(&mut self, rows: LeafView<'a, Row>) {
        for row in rows.iter().filter_map(|row| self.query.seen(row)) {
            let outside = self.reaches.len() - 1;
            let latest = if row.neutralised_on == Day::NONE { row.detected_on } else { row.neutralised_on };
            self.reaches[usize::from(row.region).min(outside)].add(row.detected_on, latest);
        }
    }
}

/// Returns the newest day below a node.
fn latest(summary: &NodeSummary) -> Day {
    summary.detected.greatest.max(summary.neutralised.greatest)
}
