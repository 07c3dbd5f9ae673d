//! The summary cube: counts by region, operator, kind, status and months, kept up to date by
//! every change. It answers what asks for whole months and no place.
//!
//! It is sparse and in layers (region, month found, the rest), each shared between snapshots
//! until a write falls into it, so a write copies a few kilobytes.

use std::sync::Arc;

use crate::{
    counts::Counts,
    day::Month,
    row::{CELLS, OUTSIDE, Row},
};

/// What the cube, or a row, is counted under.
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
    /// The month dealt with, or none.
    pub neutralised: Month,
}

impl Facet {
    /// What a row is counted under.
    pub fn of(row: &Row) -> Self {
        Self {
            region: row.region,
            operator: row.operator,
            cell: row.cell() as u8,
            detected: row.detected_on.month(),
            neutralised: row.neutralised_on.month(),
        }
    }

    /// The month in which the present status began.
    pub fn present(&self) -> Month {
        if self.neutralised == Month::NONE { self.detected } else { self.neutralised }
    }
}

/// Counts of one operator, cell and month dealt with, in one region and month found.
#[derive(Clone, Copy, Debug)]
struct Cell {
    operator: u32,
    neutralised: Month,
    /// Of status and kind.
    place: u8,
    counts: Counts,
}

/// What was found in one month, in order of operator, month dealt with and cell.
type Cells = Vec<Cell>;

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
    /// One for each district, and the last for what lies outside.
    regions: Vec<Arc<RegionCube>>,
    /// Records of each operator.
    operators: Vec<u32>,
}

impl Cube {
    /// A cube of nothing, for so many districts.
    pub fn new(n_districts: usize) -> Self {
        Self { regions: vec![Arc::default(); n_districts + 1], operators: Vec::new() }
    }

    /// How many districts it tells apart.
    pub fn n_districts(&self) -> usize {
        self.regions.len() - 1
    }

    /// Counts a row.
    pub fn add(&mut self, row: &Row) {
        let facet = Facet::of(row);
        let operator = row.operator as usize;
        if self.operators.len() <= operator {
            self.operators.resize(operator + 1, 0);
        }
        self.operators[operator] += 1;
        let region = self.region_mut(facet.region);
        region.totals[usize::from(facet.cell)] += Counts::one(row.quantity);
        let nothing = || Arc::new([Counts::default(); CELLS]);
        let present = layer(&mut region.present, facet.present(), nothing);
        present[usize::from(facet.cell)] += Counts::one(row.quantity);
        let cells = layer(&mut region.months, facet.detected, Arc::default);
        match cells.binary_search_by_key(&key(&facet), Cell::key) {
            Ok(at) => cells[at].counts += Counts::one(row.quantity),
            Err(at) => cells.insert(
                at,
                Cell {
                    operator: facet.operator,
                    neutralised: facet.neutralised,
                    place: facet.cell,
                    counts: Counts::one(row.quantity),
                },
            ),
        }
    }

    /// Takes a row that was counted out again.
    pub fn remove(&mut self, row: &Row) {
        let facet = Facet::of(row);
        self.operators[row.operator as usize] -= 1;
        let region = self.region_mut(facet.region);
        region.totals[usize::from(facet.cell)] -= Counts::one(row.quantity);
        let present = layer(&mut region.present, facet.present(), || Arc::new([Counts::default(); CELLS]));
        present[usize::from(facet.cell)] -= Counts::one(row.quantity);
        let Ok(month) = region.months.binary_search_by_key(&facet.detected, |(month, _)| *month) else {
            return;
        };
        let cells = Arc::make_mut(&mut region.months[month].1);
        if let Ok(at) = cells.binary_search_by_key(&key(&facet), Cell::key) {
            cells[at].counts -= Counts::one(row.quantity);
            if cells[at].counts.records == 0 {
                cells.remove(at);
            }
        }
        if cells.is_empty() {
            region.months.remove(month);
        }
    }

    /// Records of an operator, whatever their status.
    pub fn of_operator(&self, operator: u32) -> u32 {
        self.operators.get(operator as usize).copied().unwrap_or(0)
    }

    /// Every region with its counts by cell of status and kind.
    pub fn totals(&self) -> impl Iterator<Item = (u16, &[Counts; CELLS])> {
        self.regions().map(|(region, cube)| (region, &cube.totals))
    }

    /// Every region and month in which a present status began, with counts by cell.
    pub fn present(&self) -> impl Iterator<Item = (u16, Month, &[Counts; CELLS])> {
        self.regions().flat_map(|(region, cube)| {
            cube.present.iter().map(move |(month, cells)| (region, *month, &**cells))
        })
    }

    /// Every facet that has been counted in the regions that are `wanted`, region by region.
    pub fn each(&self, mut wanted: impl FnMut(u16) -> bool, mut each: impl FnMut(Facet, Counts)) {
        for (region, cube) in self.regions().filter(|(region, _)| wanted(*region)) {
            for (detected, cells) in &cube.months {
                for cell in cells.iter() {
                    let Cell { operator, neutralised, place: cell, counts } = *cell;
                    each(Facet { region, operator, cell, detected: *detected, neutralised }, counts);
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

/// The layer of a month, to be written to.
fn layer<T: Clone>(layers: &mut Vec<(Month, Arc<T>)>, month: Month, new: impl FnOnce() -> Arc<T>) -> &mut T {
    let at = layers.binary_search_by_key(&month, |(month, _)| *month).unwrap_or_else(|at| {
        layers.insert(at, (month, new()));
        at
    });
    Arc::make_mut(&mut layers[at].1)
}

impl Cell {
    fn key(&self) -> (u32, Month, u8) {
        (self.operator, self.neutralised, self.place)
    }
}

fn key(facet: &Facet) -> (u32, Month, u8) {
    (facet.operator, facet.neutralised, facet.cell)
}
