//! Reads shapes: a header of 100 bytes, then each shape preceded by its length.

use std::io::Read;

use super::{broken, fill, skip};
use crate::{error::ReadError, table::Shape};

const HEADER_BYTES: u64 = 100;

/// The number of bytes read of a shape: a multipoint with one point ends there.
const LOOKED_AT: usize = 56;

/// The shapes of a `.shp`, one after another.
pub(super) struct Shapes<R> {
    pub input: R,
    /// The remaining bytes according to the header.
    left: u64,
    /// West, south, east and north of all shapes according to the header.
    pub bounds: [f64; 4],
}

impl<R: Read> Shapes<R> {
    pub(super) fn new(mut input: R) -> Result<Self, ReadError> {
        let mut header = [0; HEADER_BYTES as usize];
        fill(&mut input, 0, &mut header)?;
        if !header.starts_with(&9994_i32.to_be_bytes()) {
            return Err(broken(0, "the .shp is not a Shapefile"));
        }
        let left = (words(&header, 24) * 2).checked_sub(HEADER_BYTES);
        let left = left.ok_or_else(|| broken(0, "the .shp states a length shorter than its header"))?;
        let bounds = [36, 44, 52, 60].map(|at| real(&header, at));
        Ok(Self { input, left, bounds })
    }

    /// Returns the next shape; `None` after the last.
    pub(super) fn next(&mut self, row: u64) -> Result<Option<Shape>, ReadError> {
        if self.left == 0 {
            return Ok(None);
        }
        let mut head = [0; 8];
        fill(&mut self.input, row, &mut head)?;
        let length = words(&head, 4) * 2;
        self.left = self
            .left
            .checked_sub(8 + length)
            .ok_or_else(|| broken(row, "the .shp has a shape that is longer than the file"))?;
        let mut start = [0; LOOKED_AT];
        let looked_at = length.min(LOOKED_AT as u64) as usize;
        let content = start.get_mut(..looked_at).unwrap_or_default();
        fill(&mut self.input, row, content)?;
        let shape = shape(content);
        skip(&mut self.input, row, length - looked_at as u64)?;
        Ok(Some(shape))
    }
}

/// Returns the shape in the first bytes of a record. Heights and measures follow the coordinates and are
/// dropped.
fn shape(content: &[u8]) -> Shape {
    let kind = integer(content, 0);
    match (kind, content.len()) {
        (Some(0), _) => Shape::Missing,
        (Some(1 | 11 | 21), 20..) => Shape::at(real(content, 4), real(content, 12)),
        (Some(8 | 18 | 28), 40..) => match integer(content, 36) {
            Some(0) => Shape::Missing,
            Some(1) if content.len() >= LOOKED_AT => Shape::at(real(content, 40), real(content, 48)),
            _ => Shape::of_kind(4),
        },
        (Some(3 | 13 | 23), _) => Shape::of_kind(5),
        (Some(5 | 15 | 25), _) => Shape::of_kind(6),
        _ => Shape::Other("is not a valid shape"),
    }
}

/// Reads a big-endian count of two-byte words.
fn words(bytes: &[u8], at: usize) -> u64 {
    chunk(bytes, at).map_or(0, |four| u64::from(u32::from_be_bytes(four)))
}

fn integer(bytes: &[u8], at: usize) -> Option<i32> {
    chunk(bytes, at).map(i32::from_le_bytes)
}

fn real(bytes: &[u8], at: usize) -> f64 {
    chunk(bytes, at).map_or(f64::NAN, f64::from_le_bytes)
}

fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..).and_then(<[u8]>::first_chunk).copied()
}
