//! Decides which cells and totals are published: see [the rule](super).

use std::collections::BTreeMap;

use super::audit::{LEAST, Totals, Withheld};
use crate::{accidents::counts::AccidentCounts, detections::day::Month};

/// Counts by the number of the district, and the month. No cell is empty.
pub type Cells = BTreeMap<(u16, Month), AccidentCounts>;

/// The published numbers. `None` is a withheld one.
#[derive(Debug)]
pub struct Published {
    /// The cells with accidents, by the number of the district and the month.
    pub cells: BTreeMap<(u16, Month), Option<AccidentCounts>>,
    /// The totals of districts.
    pub districts: BTreeMap<u16, Option<AccidentCounts>>,
    /// The totals of months.
    pub months: BTreeMap<Month, Option<AccidentCounts>>,
    /// The total of everything.
    pub total: Option<AccidentCounts>,
}

impl Published {
    /// Withholds the cells with fewer accidents or people than `min_cell_count`, and the totals that would
    /// reveal one of them.
    pub fn of(cells: &Cells, min_cell_count: u64) -> Self {
        let is_withheld = |counts: &AccidentCounts| {
            min_cell_count > 1 && (counts.accidents < min_cell_count || counts.people() < min_cell_count)
        };
        let districts = positions(cells.keys().map(|(district, _)| *district));
        let months = positions(cells.keys().map(|(_, month)| *month));
        let withheld =
            cells.iter().filter(|(_, counts)| is_withheld(counts)).map(|((district, month), of)| {
                ([districts[district], months[month]], [of.accidents, of.killed, of.injured])
            });
        let withheld = Withheld::new([districts.len(), months.len()], withheld.collect());
        let totals = choose(&withheld);
        let sum = |of: &dyn Fn(u16, Month) -> bool| {
            cells.iter().filter(|((district, month), _)| of(*district, *month)).map(|(_, c)| *c).sum()
        };
        Self {
            cells: cells.iter().map(|(cell, of)| (*cell, (!is_withheld(of)).then_some(*of))).collect(),
            districts: districts
                .iter()
                .map(|(key, at)| (*key, totals.lines[0][*at].then(|| sum(&|district, _| district == *key))))
                .collect(),
            months: months
                .iter()
                .map(|(key, at)| (*key, totals.lines[1][*at].then(|| sum(&|_, month| month == *key))))
                .collect(),
            total: totals.all.then(|| sum(&|_, _| true)),
        }
    }
}

/// Numbers the distinct keys in order.
fn positions<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut all: BTreeMap<K, usize> = keys.map(|key| (key, 0)).collect();
    all.values_mut().zip(0..).for_each(|(position, at)| *position = at);
    all
}

/// Chooses the totals to publish.
///
/// First, each district and each month by itself: its total is withheld if it has a single withheld cell, or
/// if the withheld cells add up to the least possible, which leaves each of them a single value.
///
/// Then the total of everything, which is worth most. Minus the published totals of districts it is the sum
/// of the others, to which the same applies as to a district. If that sum reveals a number, the total of the
/// smallest further district with withheld cells is withheld, and only if there is none, the total of
/// everything. The same for months.
///
/// What remains are combinations of several totals. The audit finds the cells that they reveal, and for each
/// of these the total of its district is withheld, or else of its month, or else of everything, until nothing
/// is revealed. That ends: without any total, nothing is.
fn choose(withheld: &Withheld) -> Totals {
    let lines = [0, 1].map(|side| withheld.lines(side));
    let mut totals = Totals {
        lines: lines.each_ref().map(|lines| lines.iter().map(|line| !line.is_revealed()).collect()),
        all: true,
    };
    loop {
        totals.all &= lines.iter().zip(&mut totals.lines).all(|(lines, shown)| hide_rest(lines, shown));
        let revealed = withheld.revealed(&totals);
        if revealed.is_empty() {
            return totals;
        }
        for [district, month] in revealed {
            if totals.lines[0][district] {
                totals.lines[0][district] = false;
            } else if totals.lines[1][month] {
                totals.lines[1][month] = false;
            } else {
                totals.all = false;
            }
        }
    }
}

/// Withholds further totals of lines until the sum of those withheld reveals nothing. Returns `false` if too
/// few lines have withheld cells.
fn hide_rest(lines: &[Line], shown: &mut [bool]) -> bool {
    loop {
        let hidden = || lines.iter().zip(&*shown).filter(|(_, shown)| !**shown).map(|(line, _)| line);
        let rest = hidden().fold(Line::default(), Line::and);
        if hidden().count() != 1 && !rest.is_revealed() {
            return true;
        }
        let others = (0..lines.len()).filter(|at| shown[*at] && lines[*at].cells > 0);
        let Some(smallest) = others.min_by_key(|at| lines[*at].sums) else { return false };
        shown[smallest] = false;
    }
}

/// The withheld cells of one total.
#[derive(Clone, Copy, Default)]
struct Line {
    cells: u64,
    sums: [u64; 3],
}

impl Line {
    fn and(self, other: &Self) -> Self {
        let sums = [0, 1, 2].map(|measure| self.sums[measure] + other.sums[measure]);
        Self { cells: self.cells + other.cells, sums }
    }

    /// Returns `true` if the total alone reveals a withheld number.
    fn is_revealed(&self) -> bool {
        let is_least = |(sum, least): (&u64, u64)| *sum == self.cells * least;
        self.cells == 1 || self.cells > 1 && self.sums.iter().zip(LEAST).any(is_least)
    }
}

impl Withheld {
    /// Returns the withheld cells of each district (side 0) or month (side 1).
    fn lines(&self, side: usize) -> Vec<Line> {
        let mut lines = vec![Line::default(); self.size[side]];
        for (at, counts) in &self.cells {
            let line = &mut lines[at[side]];
            *line = line.and(&Line { cells: 1, sums: *counts });
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};

    use super::*;

    #[test]
    fn thousands_of_sparse_cells_keep_most_totals() {
        let mut cells = Cells::new();
        // 5,000 accidents of 75 districts in 30 years, many of them in a few districts and years.
        let mut random = 12_345_u64;
        let mut draw = |n: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % n
        };
        for _ in 0..5_000 {
            let district = (draw(75) * draw(75) / 75) as u16;
            let month = Month::from(date(1992, 1, 1) + (draw(360) * draw(360) / 360).cast_signed().months());
            let counts = AccidentCounts { accidents: 1, killed: draw(8) / 6, injured: draw(3) };
            *cells.entry((district, month)).or_default() += counts;
        }
        let published = Published::of(&cells, 5);
        assert!(published.cells.values().flatten().count() * 50 < published.cells.len(), "most are withheld");
        let districts = [published.districts.values().flatten().count(), published.districts.len()];
        let months = [published.months.values().flatten().count(), published.months.len()];
        assert!(districts[0] * 3 > districts[1] * 2 && months[0] * 2 > months[1], "{districts:?} {months:?}");
        assert!(published.total.is_some());
    }
}
