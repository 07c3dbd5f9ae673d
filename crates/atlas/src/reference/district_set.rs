//! Sets of districts.

/// The region number of records outside every region.
pub const OUTSIDE: u16 = u16::MAX;

/// A set of districts, optionally with the area outside every region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistrictSet {
    bits: Vec<u64>,
    outside: bool,
}

impl DistrictSet {
    /// Creates an empty set.
    pub fn none() -> Self {
        Self::default()
    }

    /// Creates the set of the area outside every region.
    pub fn outside() -> Self {
        Self { bits: Vec::new(), outside: true }
    }

    /// Returns the union of both sets.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        self.outside |= other.outside;
        self.bits.resize(self.bits.len().max(other.bits.len()), 0);
        for (mine, theirs) in self.bits.iter_mut().zip(&other.bits) {
            *mine |= theirs;
        }
        self
    }

    /// Returns the intersection of both sets.
    #[must_use]
    pub fn intersection(mut self, other: &Self) -> Self {
        self.outside &= other.outside;
        self.bits.truncate(other.bits.len());
        for (mine, theirs) in self.bits.iter_mut().zip(&other.bits) {
            *mine &= theirs;
        }
        self
    }

    pub(crate) fn insert(&mut self, district: u16) {
        let word = usize::from(district / 64);
        self.bits.resize(self.bits.len().max(word + 1), 0);
        self.bits[word] |= 1 << (district % 64);
    }

    /// Returns `true` if the set contains rows of this region.
    pub(crate) fn contains(&self, region: u16) -> bool {
        if region == OUTSIDE {
            return self.outside;
        }
        self.bits.get(usize::from(region / 64)).is_some_and(|word| word >> (region % 64) & 1 == 1)
    }
}
