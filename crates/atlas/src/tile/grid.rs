//! Records of a tile gathered into cells on a grid, in one walk along the Z curve.
//!
//! A cell is a tile [`GRID_BITS`] zooms deeper, so it is one range of keys, and the walk comes to
//! the cells one after the other. A node that lies wholly in one cell, and that its summary
//! decides, is not entered.

use demining::{LIMITS, Status};
use geometry::{
    Mercator, TileId,
    index::{NodeView, Step, Visitor},
};

use crate::{
    counts::Counts,
    digest::Digest,
    parts::each_part,
    query::{Query, Verdict},
    row::{Row, cells_of},
    snapshot::Snapshot,
};

/// A tile has 2^4 by 2^4 cells.
pub const GRID_BITS: u32 = 4;

/// Rows that are counted at once.
const BLOCK: usize = 256;

/// Records on one cell of the grid.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Where the first of them lies, in Morton order.
    pub first: Mercator,
    pub all: Counts,
    /// Items still only detected.
    pub detected: u64,
    /// Items neutralised.
    pub neutralised: u64,
}

/// What a tile holds: each record in one of the two.
#[derive(Debug, Default)]
pub struct Gathered<'a> {
    /// Cells, in Morton order.
    pub cells: Vec<Cell>,
    /// Records that stand for themselves, in Morton order.
    pub singles: Vec<&'a Row>,
}

impl Snapshot {
    /// The records of the tile: in cells where a cell has more than `crowd` of them, by themselves
    /// where it has not.
    pub fn gather(&self, query: &Query<'_>, tile: TileId, crowd: u64) -> Gathered<'_> {
        let shift = 64 - 2 * (u32::from(tile.z()) + GRID_BITS);
        let gather = |keys| {
            let mut grid =
                Grid { query, shift, crowd, open: None, waiting: Vec::new(), gathered: Gathered::default() };
            self.index.visit_keys(keys, &mut grid);
            grid.close();
            grid.gathered
        };
        // Summaries answer most filters by themselves; those that they don't look at every row.
        // Where cells may be crowds or not, a cell must not be cut in two.
        if crowd == 0 && !query.is_answered_by_summaries() {
            let parts = each_part(&self.index, tile.keys(), gather);
            return parts.into_iter().fold(Gathered::default(), |all, part| all.followed_by(part, shift));
        }
        gather(tile.keys())
    }

    /// Whether the tile holds more records than this.
    pub fn holds_more_than(&self, query: &Query<'_>, tile: TileId, most: u64) -> bool {
        let mut crowd = Crowd { query, most, records: 0 };
        self.index.visit_keys(tile.keys(), &mut crowd);
        crowd.records > most
    }
}

impl Gathered<'_> {
    /// What follows on the curve, from a walk that went on where this one ended: in one cell, maybe.
    fn followed_by(mut self, next: Self, shift: u32) -> Self {
        let mut cells = next.cells.into_iter();
        if let (Some(last), Some(first)) = (self.cells.last_mut(), cells.as_slice().first())
            && last.first.key() >> shift == first.first.key() >> shift
        {
            last.all += first.all;
            last.detected += first.detected;
            last.neutralised += first.neutralised;
            cells.next();
        }
        self.cells.extend(cells);
        self.singles.extend(next.singles);
        self
    }
}

struct Grid<'q, 'a> {
    query: &'q Query<'q>,
    /// What is left of a key when it is shifted by this is the cell's.
    shift: u32,
    crowd: u64,
    /// The cell that the walk is in.
    open: Option<(u64, Cell)>,
    /// Its records, as long as they are no crowd.
    waiting: Vec<&'a Row>,
    gathered: Gathered<'a>,
}

impl Grid<'_, '_> {
    fn close(&mut self) {
        if let Some((_, cell)) = self.open.take() {
            if cell.all.records > self.crowd {
                self.gathered.cells.push(cell);
            }
            // They are no more than wait: in a crowd nobody does.
            self.gathered.singles.append(&mut self.waiting);
        }
    }

    /// The cell with this key; opened at its first record if the walk was in another.
    fn cell(&mut self, key: u64, first: Mercator) -> &mut Cell {
        if self.open.as_ref().is_some_and(|(open, _)| *open != key) {
            self.close();
        }
        &mut self
            .open
            .get_or_insert((key, Cell { first, all: Counts::default(), detected: 0, neutralised: 0 }))
            .1
    }
}

impl<'a> Visitor<'a, Row> for Grid<'_, 'a> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        let verdict = self.query.judge(node.summary, &node.bounds);
        match verdict {
            Verdict::None => return Step::Done,
            Verdict::Some => return Step::Enter,
            Verdict::All | Verdict::Table => {}
        }
        let key = node.keys.start() >> self.shift;
        if key != node.keys.end() >> self.shift {
            return Step::Enter;
        }
        let cells = self.query.cells;
        let below = node.summary.counts(cells);
        let before =
            self.open.as_ref().filter(|(open, _)| *open == key).map_or(0, |(_, cell)| cell.all.records);
        // Of all rows the first lies on the first key. Of some it has to be looked for.
        let knows_first = before > 0 || verdict == Verdict::All;
        if before + below.records <= self.crowd || !knows_first {
            return Step::Enter;
        }
        let cell = self.cell(key, Mercator::from_key(*node.keys.start()));
        let of = |digest: &Digest, status| digest.counts(cells & cells_of(status)).quantity;
        cell.all += below;
        cell.detected += of(node.summary, Status::Detected);
        cell.neutralised += of(node.summary, Status::Neutralised);
        self.waiting.clear();
        Step::Done
    }

    fn leaf(&mut self, rows: &'a [Row]) {
        let key = |row: &Row| row.place.key() >> self.shift;
        if let [first, .., last] = rows
            && self.crowd == 0
            && !self.query.asks_for_places()
            && key(first) == key(last)
        {
            self.count_cell(key(first), rows);
        } else {
            rows.iter().filter(|row| self.query.matches(row)).for_each(|row| self.take(row));
        }
    }
}

impl<'a> Grid<'_, 'a> {
    fn take(&mut self, row: &'a Row) {
        let (key, crowd) = (row.place.key() >> self.shift, self.crowd);
        let cell = self.cell(key, row.place);
        let one = Counts::one(row.quantity);
        cell.all += one;
        match Status::ALL[usize::from(row.status)] {
            Status::Detected => cell.detected += one.quantity,
            Status::Neutralised => cell.neutralised += one.quantity,
            Status::Discounted => {}
        }
        if cell.all.records > crowd {
            self.waiting.clear();
        } else {
            self.waiting.push(row);
        }
    }

    /// Counts rows that all lie in one cell. Written without branches in the loop: filters by
    /// days look at every row there is, and nothing tells which will match.
    fn count_cell(&mut self, key: u64, rows: &[Row]) {
        let query = self.query;
        let Some(first) = rows.iter().position(|row| query.matches_but_place(row)) else { return };
        let cell = self.cell(key, rows[first].place);
        let mut matches = [0_u8; BLOCK];
        for rows in rows[first..].chunks(BLOCK) {
            for (matches, row) in matches.iter_mut().zip(rows) {
                *matches = u8::from(query.matches_but_place(row));
            }
            // Detected in the lower half, neutralised in the upper; the discounted fall on the
            // lower half too and are taken off. All of a block stay below 2^32.
            let (mut records, mut halves, mut discounted) = (0, 0, 0);
            for (matches, row) in matches.iter().zip(rows) {
                let items = u64::from(*matches) * u64::from(row.quantity);
                records += u64::from(*matches);
                halves += items << (32 * (row.status & 1));
                discounted += items * u64::from(row.status >> 1);
            }
            let (lower, neutralised) = (halves & u64::from(u32::MAX), halves >> 32);
            cell.all += Counts { records, quantity: lower + neutralised };
            cell.detected += lower - discounted;
            cell.neutralised += neutralised;
        }
    }
}

// What the counting of blocks rests on.
const _: () = {
    assert!(Status::Detected.index() == 0 && Status::Neutralised.index() == 1);
    assert!(Status::Discounted.index() == 2 && Status::ALL.len() == 3);
    assert!(LIMITS.quantity as u64 * (BLOCK as u64) < 1 << 32);
};

struct Crowd<'q> {
    query: &'q Query<'q>,
    most: u64,
    records: u64,
}

impl<'a> Visitor<'a, Row> for Crowd<'_> {
    fn node(&mut self, node: NodeView<'a, Row>) -> Step {
        if self.records > self.most {
            return Step::Done;
        }
        match self.query.judge(node.summary, &node.bounds) {
            Verdict::None => Step::Done,
            Verdict::Some => Step::Enter,
            Verdict::All | Verdict::Table => {
                self.records += node.summary.counts(self.query.cells).records;
                Step::Done
            }
        }
    }

    fn leaf(&mut self, rows: &'a [Row]) {
        if self.records <= self.most {
            self.records += rows.iter().filter(|row| self.query.matches(row)).count() as u64;
        }
    }
}
