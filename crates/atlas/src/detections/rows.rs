//! The rows of a leaf in columns: 18 bytes per row, with the values for filters side by side.
//!
//! A filter by days reads every row. In columns it reads 4 of the 18 bytes, for many rows at a time.

use std::{ops::Range, sync::Arc};

use geometry::{Mercator, MercatorBounds, index::Leaf};
use prefetch_index::prefetch_index;

use super::{
    cells::{CELLS, KINDS},
    day::Day,
    row::Row,
};

/// Rows in a block.
pub const BLOCK: usize = 64;

/// The rows of a leaf, in blocks of which only the last may be partly filled.
#[derive(Clone)]
pub struct Rows {
    blocks: Arc<[Block]>,
    len: u16,
}

/// Columns of at most [`BLOCK`] rows. Values after the last row are meaningless.
///
/// The columns are in the order of use, so that a filter by days reads contiguous memory.
#[repr(C)]
pub struct Block {
    pub detected_on: [u16; BLOCK],
    pub neutralised_on: [u16; BLOCK],
    /// The cell of status and kind in the lower six bits, and the review above.
    values: [u8; BLOCK],
    pub quantity: Column,
    region: Column,
    pub operator: Column,
    number: [u32; BLOCK],
    places: Places,
}

/// Places, as offsets of three bytes per axis from a corner: rows of a block are near each other.
#[repr(C)]
struct Places {
    corner: Mercator,
    low: [[u16; BLOCK]; 2],
    high: [[u8; BLOCK]; 2],
    /// Replaces the others if the places are more than 2^24 units (150 km) apart.
    far: Option<Box<[Mercator; BLOCK]>>,
}

/// Numbers that rarely need more than 8 bits.
#[repr(C)]
pub struct Column {
    pub low: [u8; BLOCK],
    /// The higher bits; `None` if they are all 0.
    pub high: Option<Box<[u32; BLOCK]>>,
}

/// The bits of a value that hold the cell.
const CELL: u8 = 0b11_1111;

impl Rows {
    /// Returns the blocks with rows of the range, each with its part of the range.
    pub fn blocks(&self, range: Range<usize>) -> impl Iterator<Item = (&Block, Range<usize>)> {
        let first = range.start / BLOCK;
        let last = range.end.div_ceil(BLOCK);
        self.blocks[first..last].iter().zip(first..).map(move |(block, at)| {
            let base = at * BLOCK;
            (block, range.start.max(base) - base..range.end.min(base + BLOCK) - base)
        })
    }
}

impl Leaf<Row> for Rows {
    fn of(rows: &[Row]) -> Self {
        let block = |at: usize| Block::of(&rows[at * BLOCK..rows.len().min((at + 1) * BLOCK)]);
        Self { blocks: (0..rows.len().div_ceil(BLOCK)).map(block).collect(), len: rows.len() as u16 }
    }

    fn len(&self) -> usize {
        usize::from(self.len)
    }

    fn get(&self, at: usize) -> Row {
        assert!(at < self.len(), "there are {} rows", self.len);
        self.blocks[at / BLOCK].get(at % BLOCK)
    }

    fn place(&self, at: usize) -> Mercator {
        self.blocks[at / BLOCK].places.get(at % BLOCK)
    }

    fn fetch(&self) {
        // Prefetch what a filter by days reads; the hardware prefetcher stops at the end of a leaf.
        for block in &*self.blocks {
            for days in [&block.detected_on, &block.neutralised_on] {
                prefetch_index(days, 0);
                prefetch_index(days, BLOCK / 2);
            }
            prefetch_index(block.values.as_slice(), 0);
            prefetch_index(block.quantity.low.as_slice(), 0);
            prefetch_index(block.region.low.as_slice(), 0);
        }
    }
}

impl Block {
    fn of(rows: &[Row]) -> Self {
        let mut block = Self {
            places: Places::of(rows),
            number: [0; BLOCK],
            detected_on: [0; BLOCK],
            neutralised_on: [0; BLOCK],
            // Outside every region becomes 0.
            region: Column::of(rows, |row| u32::from(row.region.wrapping_add(1))),
            operator: Column::of(rows, |row| row.operator),
            quantity: Column::of(rows, |row| row.quantity),
            values: [0; BLOCK],
        };
        for (at, row) in rows.iter().enumerate() {
            block.number[at] = row.number;
            (block.detected_on[at], block.neutralised_on[at]) = (row.detected_on.0, row.neutralised_on.0);
            block.values[at] = row.review << 6 | row.cell() as u8;
        }
        block
    }

    /// Returns the row at a position below [`BLOCK`].
    pub fn get(&self, at: usize) -> Row {
        let cell = self.cell(at);
        Row {
            place: self.places.get(at),
            number: self.number[at],
            quantity: self.quantity.get(at),
            operator: self.operator.get(at),
            detected_on: Day(self.detected_on[at]),
            neutralised_on: Day(self.neutralised_on[at]),
            region: self.region(at),
            kind: cell % KINDS as u8,
            status: cell / KINDS as u8,
            review: self.values[at] >> 6,
        }
    }

    /// Returns the region of a row.
    pub fn region(&self, at: usize) -> u16 {
        (self.region.get(at) as u16).wrapping_sub(1)
    }

    /// Returns the cell of status and kind, below 64.
    pub fn cell(&self, at: usize) -> u8 {
        self.values[at] & CELL
    }
}

impl Places {
    fn of(rows: &[Row]) -> Self {
        let mut places =
            Self { corner: Mercator { x: 0, y: 0 }, low: [[0; BLOCK]; 2], high: [[0; BLOCK]; 2], far: None };
        let Some(bounds) = rows.iter().map(|row| MercatorBounds::of(row.place)).reduce(|a, b| a.union(&b))
        else {
            return places;
        };
        places.corner = bounds.min;
        if (bounds.max.x - bounds.min.x) >> 24 != 0 || (bounds.max.y - bounds.min.y) >> 24 != 0 {
            let mut far = Box::new([bounds.min; BLOCK]);
            far.iter_mut().zip(rows).for_each(|(place, row)| *place = row.place);
            places.far = Some(far);
            return places;
        }
        for (at, row) in rows.iter().enumerate() {
            let away = [row.place.x - bounds.min.x, row.place.y - bounds.min.y];
            for (axis, away) in away.into_iter().enumerate() {
                (places.low[axis][at], places.high[axis][at]) = (away as u16, (away >> 16) as u8);
            }
        }
        places
    }

    fn get(&self, at: usize) -> Mercator {
        if let Some(far) = &self.far {
            return far[at];
        }
        let away = |axis: usize| u32::from(self.high[axis][at]) << 16 | u32::from(self.low[axis][at]);
        Mercator { x: self.corner.x + away(0), y: self.corner.y + away(1) }
    }
}

impl Column {
    fn of(rows: &[Row], number: impl Fn(&Row) -> u32) -> Self {
        let mut column = Self { low: [0; BLOCK], high: None };
        for (at, row) in rows.iter().enumerate() {
            let number = number(row);
            column.low[at] = number as u8;
            if number >> 8 != 0 {
                column.high.get_or_insert_with(|| Box::new([0; BLOCK]))[at] = number >> 8;
            }
        }
        column
    }

    /// Returns the number at a position.
    pub fn get(&self, at: usize) -> u32 {
        let high = self.high.as_ref().map_or(0, |high| high[at]);
        high << 8 | u32::from(self.low[at])
    }
}

// The packing of `values` relies on this.
const _: () = assert!(CELLS <= 1 << 6 && demining::Review::ALL.len() <= 1 << 2);

#[cfg(test)]
mod tests {
    use super::*;

    fn row(at: u32) -> Row {
        Row {
            // Near each other, except for one.
            place: if at == 130 {
                Mercator { x: 0, y: 3 }
            } else {
                Mercator { x: (1 << 31) + at * 70_001, y: u32::MAX - at }
            },
            number: at,
            quantity: if at % 100 == 3 { 1_000_000 } else { 1 + at % 5 },
            operator: if at == 200 { 70_000 } else { at % 9 },
            detected_on: Day(at as u16),
            neutralised_on: if at.is_multiple_of(3) { Day(at as u16 + 9) } else { Day::NONE },
            region: if at == 5 { u16::MAX } else { at as u16 % 80 },
            kind: (at % 12) as u8,
            status: (at % 3) as u8,
            review: (at % 4) as u8,
        }
    }

    #[test]
    fn rows_come_back_as_they_were_given_at_every_length() {
        for len in [1, 63, 64, 65, 128, 255, 256] {
            let given: Vec<Row> = (0..len).map(row).collect();
            let rows = Rows::of(&given);
            assert_eq!(rows.len(), given.len());
            assert_eq!((0..rows.len()).map(|at| rows.get(at)).collect::<Vec<_>>(), given);
            assert!((0..rows.len()).all(|at| rows.place(at) == given[at].place));
        }
    }

    #[test]
    fn blocks_cover_a_range_once() {
        let rows = Rows::of(&(0..200).map(row).collect::<Vec<_>>());
        for range in [0..200, 0..64, 63..65, 70..71, 128..200, 10..140] {
            let seen = rows
                .blocks(range.clone())
                .flat_map(|(block, part)| part.map(|at| block.get(at).number as usize).collect::<Vec<_>>());
            assert_eq!(seen.collect::<Vec<_>>(), range.collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_row_takes_18_bytes_in_a_full_block() {
        assert!(size_of::<Block>() <= BLOCK * 18 + 40, "{}", size_of::<Block>());
    }
}
