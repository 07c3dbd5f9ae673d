//! Cells of status and kind: the places of the small tables that nodes and the cube carry.

use demining::{Kind, Status};

/// Kinds of a record.
pub const KINDS: usize = Kind::ALL.len();
/// Statuses times kinds: the cells of the small tables that nodes and the cube carry.
pub const CELLS: usize = Status::ALL.len() * KINDS;

/// All cells of a status.
pub fn cells_of(status: Status) -> u64 {
    ((1 << KINDS) - 1) << (status.index() * KINDS)
}

/// The cells whose bits are set, in order.
pub fn each_cell(mut cells: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let cell = (cells != 0).then(|| cells.trailing_zeros() as usize)?;
        cells &= cells - 1;
        Some(cell)
    })
}
