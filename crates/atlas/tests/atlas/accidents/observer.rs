//! An observer who solves for the withheld numbers of a public answer.

use std::{collections::BTreeMap, sync::Arc};

use atlas::{AccidentCounts, Month, PublicCounts};

type Cell = (Option<Arc<str>>, Month);

/// The true values of cells, for the tests to compare with: an observer does not know them.
pub type Truth = BTreeMap<Cell, AccidentCounts>;

/// The least value of each measure in a withheld cell.
const LEAST: [u64; 3] = [1, 0, 0];

fn measures(counts: AccidentCounts) -> [u64; 3] {
    [counts.accidents, counts.killed, counts.injured]
}

/// What follows from a public answer: the withheld cells, and for each published total the withheld cells in
/// it with their sums.
pub struct System {
    pub cells: Vec<Cell>,
    pub equations: Vec<(Vec<usize>, [u64; 3])>,
}

impl System {
    pub fn of(answer: &PublicCounts) -> Self {
        let withheld = answer.cells.iter().filter(|cell| cell.counts.is_none());
        let cells: Vec<Cell> = withheld.map(|cell| (cell.region.clone(), cell.month)).collect();
        let equation = |total: Option<AccidentCounts>, is_in: &dyn Fn(&Cell) -> bool| {
            let shown = answer.cells.iter().filter(|cell| is_in(&(cell.region.clone(), cell.month)));
            let known: AccidentCounts = shown.filter_map(|cell| cell.counts).sum();
            let unknown: Vec<usize> = (0..cells.len()).filter(|at| is_in(&cells[*at])).collect();
            let (total, known) = (measures(total?), measures(known));
            (!unknown.is_empty()).then(|| (unknown, [0, 1, 2].map(|m| total[m] - known[m])))
        };
        let of_regions = answer.regions.iter().map(|(id, total)| equation(*total, &|cell| cell.0 == *id));
        let of_months = answer.months.iter().map(|(month, total)| equation(*total, &|cell| cell.1 == *month));
        let of_all = std::iter::once(equation(answer.total, &|_| true));
        let equations = of_regions.chain(of_months).chain(of_all).flatten().collect();
        Self { cells, equations }
    }

    /// Returns the cells and measures that have no other value than the true one, by trying all values that
    /// differ from the true ones by at most 1. Only for few cells.
    pub fn determined_by_search(&self, truth: &Truth) -> Vec<(Cell, usize)> {
        let mut determined = Vec::new();
        for (measure, least) in LEAST.into_iter().enumerate() {
            let values: Vec<u64> = self.cells.iter().map(|cell| measures(truth[cell])[measure]).collect();
            for (at, cell) in self.cells.iter().enumerate() {
                let others = [values[at] + 1].into_iter().chain(values[at].checked_sub(1));
                let possible = |other: u64| {
                    let mut tried = values.clone();
                    tried[at] = other;
                    other >= least && self.fits(&mut tried, &values, at, 0, measure)
                };
                if !others.into_iter().any(possible) {
                    determined.push((cell.clone(), measure));
                }
            }
        }
        determined
    }

    /// Returns `true` if the cells from `next` on, except a fixed one, can be chosen to fit every equation.
    fn fits(&self, tried: &mut [u64], values: &[u64], fixed: usize, next: usize, measure: usize) -> bool {
        // An equation without open cells fits or does not.
        let fails = |(cells, sums): &(Vec<usize>, [u64; 3])| {
            cells.iter().all(|at| *at < next || *at == fixed)
                && cells.iter().map(|at| tried[*at]).sum::<u64>() != sums[measure]
        };
        if self.equations.iter().any(fails) {
            return false;
        }
        if next == tried.len() {
            return true;
        }
        if next == fixed {
            return self.fits(tried, values, fixed, next + 1, measure);
        }
        let choices = [Some(values[next]), Some(values[next] + 1), values[next].checked_sub(1)];
        let found = choices.into_iter().flatten().filter(|choice| *choice >= LEAST[measure]).any(|choice| {
            tried[next] = choice;
            self.fits(tried, values, fixed, next + 1, measure)
        });
        tried[next] = values[next];
        found
    }

    /// Returns the cells that the equations alone determine: by elimination, modulo a large prime.
    pub fn determined_by_elimination(&self) -> Vec<Cell> {
        const P: u128 = (1 << 61) - 1;
        let n = self.cells.len();
        let mut rows: Vec<Vec<u128>> = self
            .equations
            .iter()
            .map(|(cells, _)| (0..n).map(|at| u128::from(cells.contains(&at))).collect())
            .collect();
        let mut done = 0;
        for column in 0..n {
            let Some(pivot) = (done..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
            rows.swap(done, pivot);
            let inverse = power(rows[done][column], P - 2, P);
            rows[done].iter_mut().for_each(|value| *value = *value * inverse % P);
            let of = rows[done].clone();
            for (_, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != done) {
                let factor = row[column];
                if factor != 0 {
                    row.iter_mut().zip(&of).for_each(|(a, b)| *a = (*a + (P - factor) * b) % P);
                }
            }
            done += 1;
        }
        // In this form, a determined cell is an equation of its own.
        let single = |row: &Vec<u128>| {
            let mut cells = (0..n).filter(|at| row[*at] != 0);
            cells.next().filter(|_| cells.next().is_none())
        };
        rows.iter().filter_map(single).map(|at| self.cells[at].clone()).collect()
    }

    /// Returns the cells and measures whose interval shrinks to one value as the bounds of the cells of each
    /// equation bound each other.
    pub fn determined_by_bounds(&self) -> Vec<(Cell, usize)> {
        let mut determined = Vec::new();
        for (measure, least) in LEAST.into_iter().enumerate() {
            let mut bounds = vec![(least, u64::MAX / 1_000_000); self.cells.len()];
            loop {
                let before = bounds.clone();
                for (cells, sums) in &self.equations {
                    for at in cells {
                        let others = || cells.iter().filter(|other| *other != at).map(|other| bounds[*other]);
                        let low = sums[measure].saturating_sub(others().map(|(_, high)| high).sum());
                        let high = sums[measure] - others().map(|(low, _)| low).sum::<u64>();
                        bounds[*at] = (bounds[*at].0.max(low), bounds[*at].1.min(high));
                    }
                }
                if bounds == before {
                    break;
                }
            }
            let single = |(at, (low, high)): (usize, &(u64, u64))| (low == high).then_some(at);
            let single = bounds.iter().enumerate().filter_map(single);
            determined.extend(single.map(|at| (self.cells[at].clone(), measure)));
        }
        determined
    }
}

fn power(mut base: u128, mut exponent: u128, modulus: u128) -> u128 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        exponent >>= 1;
    }
    result
}
