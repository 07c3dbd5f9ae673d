//! Rows of a leaf in columns: 23 bytes a row, and what a filter looks at lies together.
//!
//! A filter by days looks at every row there is. In columns it reads 4 of its 23 bytes, many rows at a time.

use std::{ops::Range, sync::Arc};

use geometry::{Mercator, index::Leaf};

use crate::{
    day::Day,
    row::{KINDS, Row},
};

/// Rows of a block.
pub const BLOCK: usize = 64;

/// Rows of a leaf, in blocks of which only the last is not full.
#[derive(Clone)]
pub struct Rows {
    blocks: Arc<[Block]>,
    len: u16,
}

/// Columns of at most [`BLOCK`] rows. What lies behind the last row means nothing.
pub struct Block {
    x: [u32; BLOCK],
    y: [u32; BLOCK],
    number: [u32; BLOCK],
    pub detected_on: [u16; BLOCK],
    pub neutralised_on: [u16; BLOCK],
    pub region: [u16; BLOCK],
    pub operator: Column,
    pub quantity: Column,
    /// The cell of status and kind in the lower six bits, and above them the review.
    values: [u8; BLOCK],
}

/// Numbers that seldom need more than 16 bits.
pub struct Column {
    pub low: [u16; BLOCK],
    /// The bits above; none when they are all 0.
    pub high: Option<Box<[u16; BLOCK]>>,
}

/// Bits of a value that are the cell.
const CELL: u8 = 0b11_1111;

impl Rows {
    /// The blocks that hold rows of the range, each with its part of it.
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
        self.blocks[at / BLOCK].place(at % BLOCK)
    }
}

impl Block {
    fn of(rows: &[Row]) -> Self {
        let mut block = Self {
            x: [0; BLOCK],
            y: [0; BLOCK],
            number: [0; BLOCK],
            detected_on: [0; BLOCK],
            neutralised_on: [0; BLOCK],
            region: [0; BLOCK],
            operator: Column::of(rows, |row| row.operator),
            quantity: Column::of(rows, |row| row.quantity),
            values: [0; BLOCK],
        };
        for (at, row) in rows.iter().enumerate() {
            (block.x[at], block.y[at], block.number[at]) = (row.place.x, row.place.y, row.number);
            (block.detected_on[at], block.neutralised_on[at]) = (row.detected_on.0, row.neutralised_on.0);
            block.region[at] = row.region;
            block.values[at] = row.review << 6 | row.cell() as u8;
        }
        block
    }

    fn place(&self, at: usize) -> Mercator {
        Mercator { x: self.x[at], y: self.y[at] }
    }

    /// The row at a position below [`BLOCK`].
    pub fn get(&self, at: usize) -> Row {
        let cell = self.cell(at);
        Row {
            place: self.place(at),
            number: self.number[at],
            quantity: self.quantity.get(at),
            operator: self.operator.get(at),
            detected_on: Day(self.detected_on[at]),
            neutralised_on: Day(self.neutralised_on[at]),
            region: self.region[at],
            kind: cell % KINDS as u8,
            status: cell / KINDS as u8,
            review: self.values[at] >> 6,
        }
    }

    /// The cell of status and kind, below 64.
    pub fn cell(&self, at: usize) -> u8 {
        self.values[at] & CELL
    }
}

impl Column {
    fn of(rows: &[Row], number: impl Fn(&Row) -> u32) -> Self {
        let mut column = Self { low: [0; BLOCK], high: None };
        for (at, row) in rows.iter().enumerate() {
            let number = number(row);
            column.low[at] = number as u16;
            if number >> 16 != 0 {
                column.high.get_or_insert_with(|| Box::new([0; BLOCK]))[at] = (number >> 16) as u16;
            }
        }
        column
    }

    /// The number at a position.
    pub fn get(&self, at: usize) -> u32 {
        let high = self.high.as_ref().map_or(0, |high| high[at]);
        u32::from(high) << 16 | u32::from(self.low[at])
    }
}

// What the values rest on.
const _: () = assert!(crate::row::CELLS <= 1 << 6 && demining::Review::ALL.len() <= 1 << 2);

#[cfg(test)]
mod tests {
    use super::*;

    fn row(at: u32) -> Row {
        Row {
            place: Mercator { x: at * 7, y: u32::MAX - at },
            number: at,
            quantity: if at % 100 == 3 { 1_000_000 } else { 1 + at % 5 },
            operator: if at == 200 { 70_000 } else { at % 9 },
            detected_on: Day(at as u16),
            neutralised_on: if at % 3 == 0 { Day(at as u16 + 9) } else { Day::NONE },
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
    fn a_row_takes_23_bytes_in_a_full_block() {
        assert!(size_of::<Block>() <= BLOCK * 23 + 16, "{}", size_of::<Block>());
    }
}
