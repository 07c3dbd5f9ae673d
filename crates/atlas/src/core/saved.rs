//! The records of a view as blocks of bytes, from which a load rebuilds the same view without a store. They
//! are derived from the store: the caller that stores them must ensure that they belong to this store and are
//! complete.

use std::sync::{Mutex, PoisonError};

use super::snapshot::Snapshot;
use crate::detections::{
    operators::Operators,
    records::{In, N_FIELDS, Out, RECORDS_OF_SHELF, Records, Shelf, Texts},
};

/// The version of the blocks. Change it when their meaning changes: the packing of records, or the
/// vocabularies used for packing. A new field changes it automatically.
pub const SAVED_VERSION: u32 = 4_000 + N_FIELDS as u32;

/// Bytes that are not valid blocks of this version, with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub(crate) &'static str);

/// The content of a block.
pub enum Block {
    /// The names of operators.
    Operators(Operators),
    /// A shelf, and its position.
    Shelf(usize, Shelf),
}

const OPERATORS: u64 = 1;
const SHELF: u64 = 2;
/// The last byte of a block, because missing bytes read as zeros.
const END: u8 = 0xe5;

/// Returns all blocks of a snapshot, about a megabyte each.
pub fn blocks(snapshot: &Snapshot) -> impl ExactSizeIterator<Item = Vec<u8>> {
    let Snapshot { records, operators, .. } = snapshot;
    let n_blocks = records.n_shelves() + 1;
    (0..n_blocks).map(move |block| match block.checked_sub(1) {
        None => save_operators(operators),
        Some(shelf) => save_shelf(records, shelf),
    })
}

/// Reads a block. `texts` deduplicates texts across all blocks.
pub fn read(block: &[u8], texts: &Mutex<Texts>) -> Result<Block, Unreadable> {
    let Some((&END, block)) = block.split_last() else { return Err(Unreadable("a block has no end")) };
    let mut read = In(block);
    let found = match read.number() {
        OPERATORS => {
            Block::Operators(read_operators(&mut read).ok_or(Unreadable("a block of operators is invalid"))?)
        }
        SHELF => {
            let at = read.number_within((u32::MAX / RECORDS_OF_SHELF) as usize);
            let mut pool = |text: &str| texts.lock().unwrap_or_else(PoisonError::into_inner).of(text);
            let shelf = at.zip(Shelf::read(&mut read, &mut pool));
            let (at, shelf) = shelf.ok_or(Unreadable("a block of records is invalid"))?;
            Block::Shelf(at, shelf)
        }
        _ => return Err(Unreadable("a block is of an unknown kind")),
    };
    if read.0.is_empty() { Ok(found) } else { Err(Unreadable("a block continues after its end")) }
}

fn save_operators(operators: &Operators) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Out(&mut bytes);
    out.number(OPERATORS);
    out.number(u64::from(operators.len()));
    operators.iter().for_each(|(_, name)| out.text(name));
    bytes.push(END);
    bytes
}

fn read_operators(read: &mut In<'_>) -> Option<Operators> {
    let mut operators = Operators::default();
    for number in 1..read.number() {
        if read.0.is_empty() || u64::from(operators.number_or_new(Some(read.whole_text()?))) != number {
            return None;
        }
    }
    Some(operators)
}

fn save_shelf(records: &Records, at: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Out(&mut bytes);
    out.number(SHELF);
    out.number(at as u64);
    records.save_shelf(at, &mut bytes);
    bytes.push(END);
    bytes
}
