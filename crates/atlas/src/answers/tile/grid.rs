//! Gathers the records of a tile into the cells of a grid, in one walk along the Z curve.
//!
//! A cell is a tile [`GRID_BITS`] zooms deeper, so it is one range of keys, and the walk visits the cells one
//! after the other. A node that is wholly in one cell and is decided by its summary is not entered.

use std::ops::{Range, RangeInclusive};

use demining::Status;
use geometry::{
    Mercator, TileId,
    index::{Leaf, LeafView, NodeView, Step, Visitor},
};

use crate::{
    core::snapshot::Snapshot,
    detections::{
        cells::KINDS,
        counts::{Counts, Tally},
        row::Row,
    },
    query::{
        hits::Sums,
        judge::{Open, Verdict},
        parts::each_part,
        plan::Query,
    },
};

/// A tile has 2^4 by 2^4 cells.
pub const GRID_BITS: u32 = 4;

/// The records in one cell of the grid.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The place of the first record, in Morton order.
    pub first: Mercator,
    /// Counts of records and items.
    pub all: Counts,
    /// Items still only detected.
    pub detected: u64,
    /// Items neutralised.
    pub neutralised: u64,
    /// Items of each kind.
    pub kinds: [u64; KINDS],
}

impl Cell {
    fn new(first: Mercator, tally: &Tally) -> Self {
        Self {
            first,
            all: tally.all(),
            detected: tally.items(Status::Detected),
            neutralised: tally.items(Status::Neutralised),
            kinds: tally.items_by_kind(),
        }
    }

    /// Counts the records at one place.
    pub fn of(rows: &[Row]) -> Option<Self> {
        let mut tally = Tally::default();
        for row in rows {
            tally.0[row.cell()] += Counts::one(row.quantity);
        }
        Some(Self::new(rows.first()?.place, &tally))
    }

    /// Subtracts the counts of a part of this cell.
    pub fn without(&mut self, part: &Self) {
        self.all.records -= part.all.records;
        self.all.quantity -= part.all.quantity;
        self.detected -= part.detected;
        self.neutralised -= part.neutralised;
        for (mine, theirs) in self.kinds.iter_mut().zip(part.kinds) {
            *mine -= theirs;
        }
    }

    fn take_in(&mut self, other: &Self) {
        self.all += other.all;
        self.detected += other.detected;
        self.neutralised += other.neutralised;
        for (mine, theirs) in self.kinds.iter_mut().zip(other.kinds) {
            *mine += theirs;
        }
    }
}

/// The content of a tile: each record is in one of the two.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Cells, in Morton order.
    pub cells: Vec<Cell>,
    /// Single records, in Morton order.
    pub singles: Vec<Row>,
}

impl Snapshot {
    /// Gathers the records of the tile: as a cell where it has more than `crowd` records, and individually
    /// elsewhere.
    pub fn gather(&self, query: &Query<'_>, tile: TileId, crowd: u64) -> Gathered {
        let shift = shift_of(tile);
        let gather = |keys| self.gather_keys(query, keys, shift, crowd);
        // Summaries decide most filters; the others must check every row. If crowds are distinguished, a cell
        // must not be split between threads.
        if crowd == 0 && !query.is_answered_by_summaries() {
            let parts = each_part(&self.index, tile.keys(), gather);
            return parts.into_iter().fold(Gathered::default(), |all, part| all.followed_by(part, shift));
        }
        gather(tile.keys())
    }

    /// Counts the records at exactly this place.
    pub fn gather_at(&self, query: &Query<'_>, place: Mercator) -> Option<Cell> {
        self.gather_keys(query, place.key()..=place.key(), 0, 0).cells.pop()
    }

    fn gather_keys(&self, query: &Query<'_>, keys: RangeInclusive<u64>, shift: u32, crowd: u64) -> Gathered {
        let mut grid = Grid {
            query,
            shift,
            crowd,
            asked: query.unjudged(),
            open: None,
            waiting: Vec::new(),
            gathered: Gathered::default(),
        };
        self.index.visit_keys(keys, &mut grid);
        grid.close();
        grid.gathered
    }

    /// Returns `true` if the tile has more than `most` records.
    pub fn holds_more_than(&self, query: &Query<'_>, tile: TileId, most: u64) -> bool {
        let mut crowd = Crowd { query, most, asked: query.unjudged(), records: 0 };
        self.index.visit_keys(tile.keys(), &mut crowd);
        crowd.records > most
    }
}

/// Returns the number of bits to shift a key by to get the key of its cell in the tile.
fn shift_of(tile: TileId) -> u32 {
    64 - 2 * (u32::from(tile.z()) + GRID_BITS)
}

impl Gathered {
    /// Removes the records of a place, which `part` counts, from the gathered content of a tile.
    pub fn take_out(&mut self, tile: TileId, place: Mercator, part: &Cell) {
        let shift = shift_of(tile);
        let key = place.key() >> shift;
        if let Some(at) = self.cells.iter().position(|cell| cell.first.key() >> shift == key) {
            self.cells[at].without(part);
            if self.cells[at].all.records == 0 {
                self.cells.remove(at);
            }
        } else {
            self.singles.retain(|row| row.place != place);
        }
    }

    /// Appends the result of the walk that continued where this one ended, possibly within a cell.
    fn followed_by(mut self, next: Self, shift: u32) -> Self {
        let mut cells = next.cells.into_iter();
        if let (Some(last), Some(first)) = (self.cells.last_mut(), cells.as_slice().first())
            && last.first.key() >> shift == first.first.key() >> shift
        {
            last.take_in(first);
            cells.next();
        }
        self.cells.extend(cells);
        self.singles.extend(next.singles);
        self
    }
}

struct Grid<'q> {
    query: &'q Query<'q>,
    /// The bits to shift a key by to get its cell's key.
    shift: u32,
    crowd: u64,
    /// The conditions left open for the rows of the last visited node.
    asked: Open,
    /// The current cell of the walk.
    open: Option<OpenCell>,
    /// Its rows, while they are not a crowd.
    waiting: Vec<Row>,
    gathered: Gathered,
}

/// A cell that may receive more rows.
struct OpenCell {
    key: u64,
    /// The place of the first row; `None` until one matches.
    first: Option<Mercator>,
    /// Records, if crowds are distinguished from single records.
    records: u64,
    sums: Sums,
}

impl Grid<'_> {
    fn close(&mut self) {
        if let Some(mut cell) = self.open.take() {
            if cell.records > self.crowd || self.crowd == 0 {
                let tally = cell.sums.take(self.query.cells);
                self.gathered.cells.extend(cell.first.map(|first| Cell::new(first, &tally)));
            }
            // Not a crowd: its rows are shown individually.
            self.gathered.singles.append(&mut self.waiting);
        }
    }

    /// Returns the cell with this key, closing the current one if it differs.
    fn cell(&mut self, key: u64) -> &mut OpenCell {
        if self.open.as_ref().is_some_and(|open| open.key != key) {
            self.close();
        }
        let new = || OpenCell { key, first: None, records: 0, sums: Sums::default() };
        self.open.get_or_insert_with(new)
    }
}

impl<'a> Visitor<'a, Row> for Grid<'_> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        let verdict = self.query.judge(node.summary, &node.bounds);
        self.asked = match verdict {
            Verdict::None => return Step::Done,
            Verdict::Some(open) => open,
            Verdict::All | Verdict::Table => Open::default(),
        };
        let key = node.keys.start() >> self.shift;
        if self.asked != Open::default() || key != node.keys.end() >> self.shift {
            return Step::Enter;
        }
        let below = node.summary.counts(self.query.cells).records;
        let here = self.open.as_ref().filter(|open| open.key == key);
        // If all rows match, the first is at the first key; otherwise it must be searched.
        let knows_first = here.is_some_and(|open| open.first.is_some()) || verdict == Verdict::All;
        if here.map_or(0, |open| open.records) + below <= self.crowd || !knows_first {
            return Step::Enter;
        }
        let cells = self.query.cells;
        let cell = self.cell(key);
        cell.first.get_or_insert_with(|| Mercator::from_key(*node.keys.start()));
        cell.records += below;
        node.summary.add_to(cell.sums.tally_mut(), cells);
        self.waiting.clear();
        Step::Done
    }

    fn leaf(&mut self, rows: LeafView<'a, Row>) {
        let (query, asked) = (self.query, if rows.is_whole() { self.asked } else { self.query.unjudged() });
        query.each_run(&rows, rows.range(), asked, &mut |run, asked| self.take_run(&rows, run, asked));
    }
}

impl Grid<'_> {
    /// Takes rows of a leaf cell by cell: the rows of each cell are adjacent.
    fn take_run(&mut self, rows: &LeafView<'_, Row>, of_leaf: Range<usize>, asked: Open) {
        let mut from = of_leaf.start;
        while from < of_leaf.end {
            let key = rows.leaf().place(from).key() >> self.shift;
            let run = rows.run(from, key << self.shift | ((1 << self.shift) - 1));
            let run = run.start..run.end.min(of_leaf.end);
            from = if asked.places || !self.is_crowd(key) {
                self.take_until_crowd(rows, run, asked)
            } else {
                self.count(key, rows, run.clone(), asked);
                run.end
            };
        }
    }

    /// Returns `true` if the cell with this key is certainly a crowd.
    fn is_crowd(&self, key: u64) -> bool {
        let records = self.open.as_ref().filter(|open| open.key == key).map_or(0, |open| open.records);
        self.crowd == 0 || records > self.crowd
    }

    /// Takes rows of one cell one by one until they are a crowd, which can be counted faster. Returns the
    /// position after the last one taken.
    fn take_until_crowd(&mut self, rows: &LeafView<'_, Row>, run: Range<usize>, asked: Open) -> usize {
        for at in run.clone() {
            if let Some(row) = self.query.seen_if(rows.leaf().get(at), asked) {
                self.take(row);
                if !asked.places && self.is_crowd(row.place.key() >> self.shift) {
                    return at + 1;
                }
            }
        }
        run.end
    }

    /// Counts the rows of one cell.
    fn count(&mut self, key: u64, rows: &LeafView<'_, Row>, run: Range<usize>, asked: Open) {
        let query = self.query;
        let cell = self.cell(key);
        if cell.first.is_none() {
            cell.first = query.first(rows, run.clone(), asked);
        }
        if cell.first.is_some() {
            cell.sums.add(query, rows, run, asked);
        }
    }
}

impl Grid<'_> {
    fn take(&mut self, row: Row) {
        let crowd = self.crowd;
        let cell = self.cell(row.place.key() >> self.shift);
        cell.first.get_or_insert(row.place);
        cell.records += 1;
        cell.sums.add_row(&row);
        if cell.records > crowd {
            self.waiting.clear();
        } else {
            self.waiting.push(row);
        }
    }
}

struct Crowd<'q> {
    query: &'q Query<'q>,
    most: u64,
    /// The conditions left open for the rows of the last visited node.
    asked: Open,
    records: u64,
}

impl<'a> Visitor<'a, Row> for Crowd<'_> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        if self.records > self.most {
            return Step::Done;
        }
        self.asked = match self.query.judge(node.summary, &node.bounds) {
            Verdict::None => return Step::Done,
            Verdict::Some(open) => open,
            Verdict::All | Verdict::Table => {
                self.records += node.summary.counts(self.query.cells).records;
                return Step::Done;
            }
        };
        Step::Enter
    }

    fn leaf(&mut self, rows: LeafView<'a, Row>) {
        if self.records > self.most {
            return;
        }
        let (query, asked) = (self.query, if rows.is_whole() { self.asked } else { self.query.unjudged() });
        query.each_run(&rows, rows.range(), asked, &mut |run, asked| {
            self.records += if asked.places {
                run.filter_map(|at| query.seen_if(rows.leaf().get(at), asked)).count() as u64
            } else {
                let mut sums = Sums::default();
                sums.add(query, &rows, run, asked);
                sums.take(query.cells).all().records
            };
        });
    }
}
