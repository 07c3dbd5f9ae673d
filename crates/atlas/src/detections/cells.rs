//! Cells: the pairs of status and kind, which index the small tables of nodes and the cube.

use demining::{Kind, Status};

/// Number of kinds.
pub const KINDS: usize = Kind::ALL.len();
/// Number of cells: statuses times kinds.
pub const CELLS: usize = Status::ALL.len() * KINDS;

/// Returns the bits of all cells of a status.
pub fn cells_of(status: Status) -> u64 {
    ((1 << KINDS) - 1) << (status.index() * KINDS)
}

/// Returns the cells whose bits are set, in order.
pub fn each_cell(mut cells: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let cell = (cells != 0).then(|| cells.trailing_zeros() as usize)?;
        cells &= cells - 1;
        Some(cell)
    })
}
