//! The summary cube: counts by region, operator, kind, status and months, updated with every change. It
//! serves queries for whole months that involve no place.
//!
//! It is sparse and layered (region, month found, the rest). Snapshots share each layer until a write changes
//! it, so a write copies a few kilobytes.

use std::sync::Arc;

use demining::Status;

use super::{
    cells::{CELLS, KINDS},
    counts::Counts,
    day::Month,
    row::Row,
};
use crate::reference::OUTSIDE;

/// The values that a row, or an entry of the cube, is counted under.
#[derive(Clone, Copy, Debug)]
pub struct Facet {
    /// The district's number or [`OUTSIDE`].
    pub region: u16,
    /// The operator's number.
    pub operator: u32,
    /// The cell of status and kind.
    pub cell: u8,
    /// The month found.
    pub detected: Month,
    /// The month dealt with, or `Month::NONE`.
    pub neutralised: Month,
}

impl Facet {
    /// Returns the facet of a row.
    pub fn of(row: &Row) -> Self {
        Self {
            region: row.region,
            operator: row.operator,
            cell: row.cell() as u8,
            detected: row.detected_on.month(),
            neutralised: row.neutralised_on.month(),
        }
    }

    /// Returns the facet at the end of a month: see [`Row::as_of`].
    pub fn as_of(self, month: Month) -> Option<Self> {
        let dealt_with_later = self.neutralised != Month::NONE && self.neutralised > month;
        (self.detected <= month).then_some(if dealt_with_later {
            let kind = self.cell % KINDS as u8;
            Self { cell: (Status::Detected.index() * KINDS) as u8 + kind, neutralised: Month::NONE, ..self }
        } else {
            self
        })
    }

    /// Returns the month in which the present status began.
    pub fn present(&self) -> Month {
        if self.neutralised == Month::NONE { self.detected } else { self.neutralised }
    }
}

/// Counts of one operator and one month dealt with, within a region, month found and cell.
#[derive(Clone, Copy, Debug)]
struct Entry {
    operator: u32,
    neutralised: Month,
    records: u32,
    quantity: u64,
}

/// The records found in one month: for each non-empty cell its entries, ordered by operator and month dealt
/// with.
type Cells = Vec<(u8, Arc<Vec<Entry>>)>;

#[derive(Clone, Debug)]
struct RegionCube {
    totals: [Counts; CELLS],
    /// By the month in which the present status began, in order.
    present: Vec<(Month, Arc<[Counts; CELLS]>)>,
    /// By the month found, in order.
    months: Vec<(Month, Arc<Cells>)>,
}

impl Default for RegionCube {
    fn default() -> Self {
        Self { totals: [Counts::default(); CELLS], present: Vec::new(), months: Vec::new() }
    }
}

/// The cube. A clone is a snapshot.
#[derive(Clone, Debug)]
pub struct Cube {
    /// One for each district; the last is for records outside all districts.
    regions: Vec<Arc<RegionCube>>,
    /// Number of records of each operator.
    operators: Vec<u32>,
}

impl Cube {
    /// Creates an empty cube for this many districts.
    pub fn new(n_districts: usize) -> Self {
        Self { regions: vec![Arc::default(); n_districts + 1], operators: Vec::new() }
    }

    /// Returns the number of districts.
    pub fn n_districts(&self) -> usize {
        self.regions.len() - 1
    }

    /// Builds the cube of these rows: equal to adding them one by one, but many times faster.
    pub fn build(n_districts: usize, rows: &[Row]) -> Self {
        let mut cube = Self::new(n_districts);
        let n_operators = rows.iter().map(|row| u64::from(row.operator) + 1).max().unwrap_or(1);
        let Some(keys) = Keys::new(n_districts as u64 + 1, n_operators) else {
            for row in rows {
                cube.add(row);
            }
            return cube;
        };
        // Sort in the order of the layers, so that each is filled from front to back.
        let mut keyed: Vec<_> = rows.iter().map(|row| (keys.of(&Facet::of(row)), row.quantity)).collect();
        keyed.sort_unstable_by_key(|(key, _)| *key);
        for same in keyed.chunk_by(|a, b| a.0 == b.0) {
            let counts = same.iter().map(|(_, quantity)| Counts::one(*quantity)).sum();
            cube.count(&keys.facet(same[0].0), counts);
        }
        for region in &mut cube.regions {
            Arc::make_mut(region).shrink();
        }
        cube
    }

    /// Counts a row.
    pub fn add(&mut self, row: &Row) {
        self.count(&Facet::of(row), Counts::one(row.quantity));
    }

    fn count(&mut self, facet: &Facet, counts: Counts) {
        let operator = facet.operator as usize;
        if self.operators.len() <= operator {
            self.operators.resize(operator + 1, 0);
        }
        self.operators[operator] += counts.records as u32;
        self.region_mut(facet.region).add(facet, counts);
    }

    /// Removes a row that was added.
    pub fn remove(&mut self, row: &Row) {
        self.operators[row.operator as usize] -= 1;
        self.region_mut(row.region).remove(row);
    }

    /// Returns the number of records of an operator, whatever their status.
    pub fn of_operator(&self, operator: u32) -> u32 {
        self.operators.get(operator as usize).copied().unwrap_or(0)
    }

    /// Returns every region with its counts by cell of status and kind.
    pub fn totals(&self) -> impl Iterator<Item = (u16, &[Counts; CELLS])> {
        self.regions().map(|(region, cube)| (region, &cube.totals))
    }

    /// Returns every region and month in which a present status began, with counts by cell.
    pub fn present(&self) -> impl Iterator<Item = (u16, Month, &[Counts; CELLS])> {
        self.regions().flat_map(|(region, cube)| {
            cube.present.iter().map(move |(month, cells)| (region, *month, &**cells))
        })
    }

    /// Calls `each` with every counted facet of the `wanted` regions, region by region.
    pub fn each(&self, mut wanted: impl FnMut(u16) -> bool, mut each: impl FnMut(Facet, Counts)) {
        for (region, cube) in self.regions().filter(|(region, _)| wanted(*region)) {
            for (detected, cells) in &cube.months {
                for (cell, entries) in cells.iter() {
                    for Entry { operator, neutralised, records, quantity } in entries.iter().copied() {
                        let counts = Counts { records: u64::from(records), quantity };
                        each(
                            Facet { region, operator, cell: *cell, detected: *detected, neutralised },
                            counts,
                        );
                    }
                }
            }
        }
    }

    fn regions(&self) -> impl Iterator<Item = (u16, &RegionCube)> {
        let outside = self.regions.len() - 1;
        self.regions.iter().enumerate().map(move |(at, cube)| {
            let region = if at == outside { OUTSIDE } else { at as u16 };
            (region, &**cube)
        })
    }

    fn region_mut(&mut self, region: u16) -> &mut RegionCube {
        let outside = self.regions.len() - 1;
        Arc::make_mut(&mut self.regions[usize::from(region).min(outside)])
    }
}

impl RegionCube {
    fn add(&mut self, facet: &Facet, counts: Counts) {
        let cell = usize::from(facet.cell);
        self.totals[cell] += counts;
        layer(&mut self.present, facet.present(), no_counts)[cell] += counts;
        let entries = layer(layer(&mut self.months, facet.detected, Arc::default), facet.cell, Arc::default);
        let at = entries.binary_search_by_key(&facet.key(), Entry::key).unwrap_or_else(|at| {
            let Facet { operator, neutralised, .. } = *facet;
            entries.insert(at, Entry { operator, neutralised, records: 0, quantity: 0 });
            at
        });
        entries[at].records += counts.records as u32;
        entries[at].quantity += counts.quantity;
    }

    fn remove(&mut self, row: &Row) {
        let (facet, one) = (Facet::of(row), Counts::one(row.quantity));
        let cell = usize::from(facet.cell);
        self.totals[cell] -= one;
        layer(&mut self.present, facet.present(), no_counts)[cell] -= one;
        let cells = layer(&mut self.months, facet.detected, Arc::default);
        let entries = layer(cells, facet.cell, Arc::default);
        if let Ok(at) = entries.binary_search_by_key(&facet.key(), Entry::key) {
            entries[at].records -= 1;
            entries[at].quantity -= one.quantity;
            if entries[at].records == 0 {
                entries.remove(at);
            }
        }
        // Drop empty entries, so that a record that moves through months leaves none behind.
        if entries.is_empty() {
            cells.retain(|(cell, _)| *cell != facet.cell);
        }
        if cells.is_empty() {
            self.months.retain(|(month, _)| *month != facet.detected);
        }
    }

    /// Frees unused capacity after a load.
    fn shrink(&mut self) {
        for (_, cells) in &mut self.months {
            for (_, entries) in Arc::make_mut(cells) {
                Arc::make_mut(entries).shrink_to_fit();
            }
        }
    }
}

/// Facets as numbers, ordered like the layers: region, month found, cell, operator, month dealt with.
struct Keys {
    n_operators: u64,
    n_regions: u64,
}

/// More than the number of months from 1900 to the last representable day, plus one for no month.
const MONTHS: u64 = 1 << 12;

impl Keys {
    /// Returns `None` if there are too many operators to number all facets.
    fn new(n_regions: u64, n_operators: u64) -> Option<Self> {
        n_operators.checked_mul(n_regions)?.checked_mul(MONTHS * MONTHS * CELLS as u64)?;
        Some(Self { n_operators, n_regions })
    }

    fn of(&self, facet: &Facet) -> u64 {
        // `Month::NONE` becomes 0.
        let month = |month: Month| u64::from(month.index().wrapping_add(1)) % MONTHS;
        let region = u64::from(facet.region).min(self.n_regions - 1);
        let month_found = region * MONTHS + month(facet.detected);
        let cell = month_found * CELLS as u64 + u64::from(facet.cell);
        (cell * self.n_operators + u64::from(facet.operator)) * MONTHS + month(facet.neutralised)
    }

    fn facet(&self, key: u64) -> Facet {
        let month = |index: u64| Month::from_index((index as u16).wrapping_sub(1));
        let (rest, neutralised) = (key / MONTHS, month(key % MONTHS));
        let (rest, operator) = (rest / self.n_operators, rest % self.n_operators);
        let (rest, cell) = (rest / CELLS as u64, rest % CELLS as u64);
        let (region, detected) = (rest / MONTHS, month(rest % MONTHS));
        Facet { region: region as u16, operator: operator as u32, cell: cell as u8, detected, neutralised }
    }
}

fn no_counts() -> Arc<[Counts; CELLS]> {
    Arc::new([Counts::default(); CELLS])
}

/// Returns the layer with this key for writing, creating it if it is missing.
fn layer<K: Ord + Copy, T: Clone>(
    layers: &mut Vec<(K, Arc<T>)>,
    key: K,
    new: impl FnOnce() -> Arc<T>,
) -> &mut T {
    // Usually it is the last one: a load comes in order, and current work is in the current month.
    let at = match layers.last() {
        Some((last, _)) if *last == key => layers.len() - 1,
        _ => layers.binary_search_by_key(&key, |(key, _)| *key).unwrap_or_else(|at| {
            layers.insert(at, (key, new()));
            at
        }),
    };
    Arc::make_mut(&mut layers[at].1)
}

impl Entry {
    fn key(&self) -> (u32, Month) {
        (self.operator, self.neutralised)
    }
}

impl Facet {
    fn key(&self) -> (u32, Month) {
        (self.operator, self.neutralised)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detections::day::Day;

    #[test]
    fn a_facet_comes_back_from_its_number() {
        let keys = Keys::new(80, 70_000).unwrap();
        let months = [Day(0).month(), Day(44_000).month(), Day::LAST.month(), Month::NONE];
        for (region, operator, cell) in [(0, 0, 0), (79, 69_999, CELLS as u8 - 1), (3, 12, 17)] {
            for (detected, neutralised) in months.iter().flat_map(|a| months.map(|b| (*a, b))) {
                let facet = Facet { region, operator, cell, detected, neutralised };
                assert_eq!(format!("{:?}", keys.facet(keys.of(&facet))), format!("{facet:?}"));
            }
        }
    }

    #[test]
    fn operators_without_number_are_told_apart_one_by_one() {
        assert!(Keys::new(80, 1 << 40).is_none());
    }
}
