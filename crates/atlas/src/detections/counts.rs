//! Counts of records and items, and tables of them by status and kind.

use demining::Status;

use super::cells::{CELLS, KINDS, cells_of, each_cell};

/// Numbers of records and of the items they represent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records.
    pub records: u64,
    /// Items: the sum of the records' quantities.
    pub quantity: u64,
}

impl Counts {
    /// Returns the counts of one record of `quantity` items.
    pub(crate) fn one(quantity: u32) -> Self {
        Self { records: 1, quantity: u64::from(quantity) }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.quantity += other.quantity;
    }
}

impl std::ops::SubAssign for Counts {
    fn sub_assign(&mut self, other: Self) {
        self.records -= other.records;
        self.quantity -= other.quantity;
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, counts| {
            sum += counts;
            sum
        })
    }
}

/// Counts by cell of status and kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally(pub [Counts; CELLS]);

impl Default for Tally {
    fn default() -> Self {
        Self([Counts::default(); CELLS])
    }
}

impl Tally {
    /// Returns the sum of these cells.
    pub fn of(&self, cells: u64) -> Counts {
        each_cell(cells).map(|cell| self.0[cell]).sum()
    }

    /// Returns the sum of all cells.
    pub fn all(&self) -> Counts {
        self.0.iter().copied().sum()
    }

    /// Returns the items of a status.
    pub fn items(&self, status: Status) -> u64 {
        self.of(cells_of(status)).quantity
    }

    /// Returns the items of each kind, whatever their status.
    pub fn items_by_kind(&self) -> [u64; KINDS] {
        let mut kinds = [0; KINDS];
        for (cell, counts) in self.0.iter().enumerate() {
            kinds[cell % KINDS] += counts.quantity;
        }
        kinds
    }
}
