//! The records of a view as blocks of bytes, from which a load makes the same view again without a
//! store. Derived from the store all the same: whoever keeps them answers for their being of this
//! store, and whole.

use std::sync::{Mutex, PoisonError};

use crate::{
    operators::Operators,
    records::{In, Out, Records, Shelf, Texts},
    snapshot::Snapshot,
};

/// The version of the blocks. It changes with whatever changes their meaning: the way that records
/// are packed, the lists of values that they are packed by.
pub const SAVED_VERSION: u32 = 1;

/// Bytes that cannot be blocks of this version, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub(crate) &'static str);

/// What a block holds.
pub enum Block {
    /// The names of operators.
    Operators(Operators),
    /// A shelf, and which one.
    Shelf(usize, Shelf),
}

const OPERATORS: u64 = 1;
const SHELF: u64 = 2;

/// All blocks of a snapshot: about a megabyte each.
pub fn blocks(snapshot: &Snapshot) -> impl ExactSizeIterator<Item = Vec<u8>> {
    let Snapshot { records, operators, .. } = snapshot;
    let n_blocks = records.n_shelves() + 1;
    (0..n_blocks).map(move |block| match block.checked_sub(1) {
        None => save_operators(operators),
        Some(shelf) => save_shelf(records, shelf),
    })
}

/// Reads a block. `texts` are kept once for all blocks.
pub fn read(block: &[u8], texts: &Mutex<Texts>) -> Result<Block, Unreadable> {
    let mut read = In(block);
    match read.number() {
        OPERATORS => {
            read_operators(&mut read).map(Block::Operators).ok_or(Unreadable("the operators are none"))
        }
        SHELF => {
            let at = read.number();
            let mut pool = |text: &str| texts.lock().unwrap_or_else(PoisonError::into_inner).of(text);
            let shelf = Shelf::read(&mut read, &mut pool).ok_or(Unreadable("a shelf is none"))?;
            let at = u32::try_from(at).ok().filter(|at| *at <= u32::MAX / crate::records::RECORDS_OF_SHELF);
            Ok(Block::Shelf(at.ok_or(Unreadable("a shelf has no place"))? as usize, shelf))
        }
        _ => Err(Unreadable("a block is of no known sort")),
    }
}

fn save_operators(operators: &Operators) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Out(&mut bytes);
    out.number(OPERATORS);
    out.number(u64::from(operators.len()));
    operators.iter().for_each(|(_, name)| out.text(name));
    bytes
}

fn read_operators(read: &mut In<'_>) -> Option<Operators> {
    let mut operators = Operators::default();
    for number in 1..read.number() {
        if read.0.is_empty() || u64::from(operators.number_or_new(Some(read.text()))) != number {
            return None;
        }
    }
    read.0.is_empty().then_some(operators)
}

fn save_shelf(records: &Records, at: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Out(&mut bytes);
    out.number(SHELF);
    out.number(at as u64);
    records.save_shelf(at, &mut bytes);
    bytes
}
