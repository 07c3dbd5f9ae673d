//! Sets of districts.

/// The region of a record that lies outside every region.
pub const OUTSIDE: u16 = u16::MAX;

/// A set of districts, with or without what lies outside every region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistrictSet {
    bits: Vec<u64>,
    outside: bool,
}

impl DistrictSet {
    /// No district, and not what lies outside either.
    pub fn none() -> Self {
        Self::default()
    }

    /// What lies outside every region.
    pub fn outside() -> Self {
        Self { bits: Vec::new(), outside: true }
    }

    /// What is in one or the other.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        self.outside |= other.outside;
        self.bits.resize(self.bits.len().max(other.bits.len()), 0);
        for (mine, theirs) in self.bits.iter_mut().zip(&other.bits) {
            *mine |= theirs;
        }
        self
    }

    /// What is in both.
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

    /// Whether a row of this region is in it.
    pub(crate) fn contains(&self, region: u16) -> bool {
        if region == OUTSIDE {
            return self.outside;
        }
        self.bits.get(usize::from(region / 64)).is_some_and(|word| word >> (region % 64) & 1 == 1)
    }
}
