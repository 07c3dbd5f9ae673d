//! Records and items: the two numbers of every count.

/// How many records, and how many items they stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records.
    pub records: u64,
    /// Items: the sum of the records' quantities.
    pub quantity: u64,
}

impl Counts {
    /// One record of so many items.
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
