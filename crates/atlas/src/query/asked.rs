//! The requested districts and operators, as sets to compare rows and nodes with.

use super::part::Part;
use crate::{
    detections::node_summary::{NodeSummary, operator_bit, region_bit},
    reference::{DistrictSet, OUTSIDE},
};

/// The requested districts, also as the bits that nodes keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Regions {
    set: DistrictSet,
    any: u128,
    /// Bits that only requested regions share.
    only: u128,
}

/// The requested operators, also as the bits that nodes keep.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorsAsked {
    /// One bit for each operator.
    bits: Vec<u64>,
    any: u64,
    only: u64,
}

impl Regions {
    /// Creates a set of these districts, out of `n_districts`.
    pub fn new(set: DistrictSet, n_districts: usize) -> Self {
        let all = (0..n_districts as u16).chain([OUTSIDE]);
        let bits = |wanted| {
            let chosen = all.clone().filter(|region| set.contains(*region) == wanted);
            chosen.fold(0, |bits, region| bits | region_bit(region))
        };
        let (any, other) = (bits(true), bits(false));
        Self { set, any, only: any & !other }
    }

    /// Returns `true` if this region is requested.
    pub fn contains(&self, region: u16) -> bool {
        self.set.contains(region)
    }

    /// Judges whether the rows of a node are in these districts.
    pub fn judge(&self, summary: &NodeSummary) -> Part {
        Part::of(summary.regions & self.any != 0, summary.regions & !self.only == 0)
    }

    /// Returns the districts in both sets.
    pub fn intersection(self, other: &Self) -> Self {
        // A bit whose regions were all requested may now stand for regions that are not in both.
        Self {
            set: self.set.intersection(&other.set),
            any: self.any & other.any,
            only: self.only & other.only,
        }
    }

    /// Returns the districts in either set.
    pub fn union(self, other: &Self) -> Self {
        Self { set: self.set.union(&other.set), any: self.any | other.any, only: self.only | other.only }
    }
}

impl OperatorsAsked {
    /// Creates a set of the operators with these numbers, out of `n_operators`.
    pub fn new(numbers: impl Iterator<Item = u32>, n_operators: u32) -> Self {
        let mut bits = vec![0; n_operators as usize / 64 + 1];
        for number in numbers {
            bits[number as usize / 64] |= 1 << (number % 64);
        }
        let mut asked = Self { bits, any: 0, only: 0 };
        let (any, other) = (0..n_operators).fold((0, 0), |(any, other), number| {
            let bit = operator_bit(number);
            if asked.contains(number) { (any | bit, other) } else { (any, other | bit) }
        });
        (asked.any, asked.only) = (any, any & !other);
        asked
    }

    /// Returns `true` if this operator is requested.
    pub fn contains(&self, operator: u32) -> bool {
        self.bits.get(operator as usize / 64).is_some_and(|word| word >> (operator % 64) & 1 == 1)
    }

    /// Judges whether the rows of a node are of these operators.
    pub fn judge(&self, summary: &NodeSummary) -> Part {
        Part::of(summary.operators & self.any != 0, summary.operators & !self.only == 0)
    }

    /// Returns the operators in both sets; see [`Regions::intersection`].
    pub fn intersection(mut self, other: &Self) -> Self {
        self.bits.iter_mut().zip(&other.bits).for_each(|(mine, theirs)| *mine &= theirs);
        Self { any: self.any & other.any, only: self.only & other.only, ..self }
    }

    /// Returns the operators in either set.
    pub fn union(mut self, other: &Self) -> Self {
        self.bits.iter_mut().zip(&other.bits).for_each(|(mine, theirs)| *mine |= theirs);
        Self { any: self.any | other.any, only: self.only | other.only, ..self }
    }
}
