//! Public cells with few uncleared records: the policy can have these counted in their district without
//! their place.
//!
//! For the public, a record of such a cell is [somewhere in its district](ReferenceData::somewhere_in). So
//! every count of a district is exact, whatever the grouping or filter, and no place on the map shows fewer
//! records than the policy allows. The index of the full scope determines which cells these are; when a cell
//! reaches the minimum number of records or falls below it, its records move.

use std::collections::{BTreeMap, HashMap};

use demining::{PUBLIC_CELL_BITS, Precision, Revision, Status};
use geometry::{
    Mercator, TileId,
    index::{Index, Leaf, LeafView, NodeView, Step, Visitor},
};

use super::{moves::Move, scope::Scope};
use crate::{
    detections::{cells::cells_of, row::Row},
    reference::{OUTSIDE, ReferenceData},
};

/// Moves the rows of cells with too few of them. `rows` are all rows of the public index.
pub fn scatter(rows: &mut [Row], reference: &ReferenceData) {
    let Some(min_cell_count) = min_cell_count(reference) else { return };
    let mut counts: HashMap<Mercator, usize> = HashMap::new();
    for row in rows.iter().filter(|row| row.is(Status::Detected)) {
        *counts.entry(row.place).or_default() += 1;
    }
    for row in rows.iter_mut().filter(|row| row.is(Status::Detected)) {
        if counts[&row.place] < min_cell_count {
            *row = somewhere(*row, reference);
        }
    }
}

/// Adjusts these moves of the public scope for cells with too few records, and adds moves of the neighbouring
/// rows: from the full scope's index before to the one after.
pub fn moves(
    reference: &ReferenceData,
    [before, after]: [&Index<Row>; 2],
    moves: Vec<Move>,
    shown: Revision,
) -> Vec<Move> {
    let Some(min_cell_count) = min_cell_count(reference) else { return moves };
    // Keep one move per record: its state in between is in neither index.
    let mut by_number: BTreeMap<u32, Move> = BTreeMap::new();
    for step in moves {
        let first = by_number.get(&step.number).map_or(step.old, |earlier| earlier.old);
        by_number.insert(step.number, Move { old: first, ..step });
    }
    let hidden = |row: Option<Row>| row.filter(|row| row.is(Status::Detected)).map(|row| row.place);
    let touched = by_number.values().flat_map(|step| [hidden(step.old), hidden(step.new)]).flatten();
    let cells: HashMap<Mercator, [Cell; 2]> = touched
        .map(|place| (place, [before, after].map(|index| Cell::of(index, place, min_cell_count, reference))))
        .collect();
    let seen = |row: Option<Row>, at: usize| {
        row.map(|row| {
            let is_sparse = hidden(Some(row)).is_some_and(|place| cells[&place][at].is_sparse);
            if is_sparse { somewhere(row, reference) } else { row }
        })
    };
    let mut all = Vec::with_capacity(by_number.len());
    for [was, is] in cells.values().filter(|[was, is]| was.is_sparse != is.is_sparse) {
        let stayed = if was.is_sparse { was } else { is };
        for row in stayed.rows.iter().filter(|row| !by_number.contains_key(&row.number)) {
            let [old, new] =
                [was, is].map(|cell| if cell.is_sparse { somewhere(*row, reference) } else { *row });
            all.push(Move { revision: shown, number: row.number, old: Some(old), new: Some(new) });
        }
    }
    all.extend(by_number.values().map(|step| Move {
        old: seen(step.old, 0),
        new: seen(step.new, 1),
        ..*step
    }));
    all.retain(|step| step.old != step.new);
    all
}

/// Returns the places in a tile that show more than a public cell, each with the region's number.
pub fn places(reference: &ReferenceData, tile: TileId) -> Vec<(u16, Mercator)> {
    if min_cell_count(reference).is_none() {
        return Vec::new();
    }
    let regions = (0..reference.n_districts() as u16).chain([OUTSIDE]);
    regions
        .map(|region| (region, reference.somewhere_in(region, tile.corner())))
        .filter(|(_, place)| TileId::at(*place, tile.z()) == tile)
        .collect()
}

/// Returns the minimum number of records of a public cell; `None` if every cell is public.
fn min_cell_count(reference: &ReferenceData) -> Option<usize> {
    match reference.precision {
        Precision::Cells { min_cell_count } if min_cell_count > 1 => Some(usize::from(min_cell_count)),
        _ => None,
    }
}

/// Moves the row so that the public sees no more than its district.
fn somewhere(row: Row, reference: &ReferenceData) -> Row {
    Row { place: reference.somewhere_in(row.region, row.place), ..row }
}

/// The uncleared records of a public cell.
struct Cell {
    is_sparse: bool,
    /// In their public form; complete only if they are few.
    rows: Vec<Row>,
}

impl Cell {
    /// Reads the cell around this place from an index of the full scope.
    fn of(index: &Index<Row>, place: Mercator, min_cell_count: usize, reference: &ReferenceData) -> Self {
        let mut counted = Counted { reference, min_cell_count, rows: Vec::new() };
        index.visit_keys(TileId::at(place, PUBLIC_CELL_BITS).keys(), &mut counted);
        Self { is_sparse: counted.rows.len() < min_cell_count, rows: counted.rows }
    }
}

/// Collects public rows until there are enough.
struct Counted<'g> {
    reference: &'g ReferenceData,
    min_cell_count: usize,
    rows: Vec<Row>,
}

impl<'a> Visitor<'a, Row> for Counted<'_> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        let is_of_interest = node.summary.counts(cells_of(Status::Detected)).records > 0;
        if is_of_interest && self.rows.len() < self.min_cell_count { Step::Enter } else { Step::Done }
    }

    fn leaf(&mut self, rows: LeafView<'a, Row>) {
        let detected = rows.range().map(|at| rows.leaf().get(at)).filter(|row| row.is(Status::Detected));
        let shown = detected.filter_map(|row| Scope::Public.show(row, self.reference));
        self.rows.extend(shown.take(self.min_cell_count - self.rows.len().min(self.min_cell_count)));
    }
}
