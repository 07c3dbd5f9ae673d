//! The ends of the slots of a chunk.

use std::ops::Range;

/// The end of each slot. A slot begins where the previous one ends, the first at 0.
///
/// An end takes two bytes, or four if long notes make the chunk longer than 64 KiB.
#[derive(Clone, Debug)]
pub enum Ends {
    Short(Vec<u16>),
    Long(Vec<u32>),
}

impl Default for Ends {
    fn default() -> Self {
        Self::Short(Vec::new())
    }
}

impl Ends {
    /// Returns the number of slots.
    pub fn len(&self) -> usize {
        match self {
            Self::Short(ends) => ends.len(),
            Self::Long(ends) => ends.len(),
        }
    }

    /// Returns the range of a slot; `None` beyond the last.
    pub fn range(&self, slot: usize) -> Option<Range<usize>> {
        let end = self.get(slot)?;
        let start = slot.checked_sub(1).and_then(|before| self.get(before)).unwrap_or(0);
        Some(start..end)
    }

    /// Returns the ranges of all slots, in order.
    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        (0..self.len()).filter_map(|slot| self.range(slot))
    }

    /// Sets the length of a slot and moves the following ones. Missing slots before it are added empty.
    pub fn set_len(&mut self, slot: usize, len: usize) {
        let total = self.len().checked_sub(1).and_then(|last| self.get(last)).unwrap_or(0);
        let before = self.range(slot).map_or(0, |range| range.len());
        if let Self::Short(ends) = self
            && total - before + len > usize::from(u16::MAX)
        {
            *self = Self::Long(ends.iter().map(|end| u32::from(*end)).collect());
        }
        match self {
            Self::Short(ends) => {
                ends.resize(ends.len().max(slot + 1), total as u16);
                ends[slot..].iter_mut().for_each(|end| *end = (usize::from(*end) - before + len) as u16);
            }
            Self::Long(ends) => {
                ends.resize(ends.len().max(slot + 1), total as u32);
                ends[slot..].iter_mut().for_each(|end| *end = (*end as usize - before + len) as u32);
            }
        }
    }

    /// Frees unused capacity.
    pub fn shrink(&mut self) {
        match self {
            Self::Short(ends) => ends.shrink_to_fit(),
            Self::Long(ends) => ends.shrink_to_fit(),
        }
    }

    fn get(&self, slot: usize) -> Option<usize> {
        match self {
            Self::Short(ends) => ends.get(slot).map(|end| usize::from(*end)),
            Self::Long(ends) => ends.get(slot).map(|end| *end as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn slots_follow_each_other_whatever_length_they_take(
            changes in prop::collection::vec((0..40_usize, prop_oneof![0..90_usize, 20_000..60_000_usize]), 0..60),
        ) {
            let (mut ends, mut lens) = (Ends::default(), Vec::new());
            for (slot, len) in changes {
                ends.set_len(slot, len);
                lens.resize(lens.len().max(slot + 1), 0);
                lens[slot] = len;
                let mut start = 0;
                let expected = lens.iter().map(|len| { start += len; start - len..start });
                prop_assert_eq!(ends.ranges().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
                prop_assert_eq!(ends.range(lens.len()), None);
            }
        }
    }
}
