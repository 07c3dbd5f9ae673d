//! The districts and the operators that are asked for, as sets that rows and nodes are held against.

use super::part::Part;
use crate::{
    detections::node_summary::{NodeSummary, operator_bit, region_bit},
    reference::{DistrictSet, OUTSIDE},
};

/// The districts asked for, also as the bits that nodes keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Regions {
    set: DistrictSet,
    any: u128,
    /// Bits that none but regions asked for fall on.
    only: u128,
}

/// The operators asked for, also as the bits that nodes keep.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorsAsked {
    /// One bit for each operator.
    bits: Vec<u64>,
    any: u64,
    only: u64,
}

impl Regions {
    /// These districts, of so many that there are.
    pub fn new(set: DistrictSet, n_districts: usize) -> Self {
        let all = (0..n_districts as u16).chain([OUTSIDE]);
        let bits = |wanted| {
            let chosen = all.clone().filter(|region| set.contains(*region) == wanted);
            chosen.fold(0, |bits, region| bits | region_bit(region))
        };
        let (any, other) = (bits(true), bits(false));
        Self { set, any, only: any & !other }
    }

    /// Whether a row of this region is asked for.
    pub fn contains(&self, region: u16) -> bool {
        self.set.contains(region)
    }

    /// How the rows of a node lie to them.
    pub fn judge(&self, summary: &NodeSummary) -> Part {
        Part::of(summary.regions & self.any != 0, summary.regions & !self.only == 0)
    }

    /// What is asked for by both.
    pub fn intersection(self, other: &Self) -> Self {
        // A bit that only regions of one fall on may still stand for regions of which not all are in both.
        Self {
            set: self.set.intersection(&other.set),
            any: self.any & other.any,
            only: self.only & other.only,
        }
    }

    /// What is asked for by one or the other.
    pub fn union(self, other: &Self) -> Self {
        Self { set: self.set.union(&other.set), any: self.any | other.any, only: self.only | other.only }
    }
}

impl OperatorsAsked {
    /// The operators with these numbers, of so many that there are.
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

    /// Whether a row of this operator is asked for.
    pub fn contains(&self, operator: u32) -> bool {
        self.bits.get(operator as usize / 64).is_some_and(|word| word >> (operator % 64) & 1 == 1)
    }

    /// How the rows of a node lie to them.
    pub fn judge(&self, summary: &NodeSummary) -> Part {
        Part::of(summary.operators & self.any != 0, summary.operators & !self.only == 0)
    }

    /// What is asked for by both; see [`Regions::intersection`].
    pub fn intersection(mut self, other: &Self) -> Self {
        self.bits.iter_mut().zip(&other.bits).for_each(|(mine, theirs)| *mine &= theirs);
        Self { any: self.any & other.any, only: self.only & other.only, ..self }
    }

    /// What is asked for by one or the other.
    pub fn union(mut self, other: &Self) -> Self {
        self.bits.iter_mut().zip(&other.bits).for_each(|(mine, theirs)| *mine |= theirs);
        Self { any: self.any | other.any, only: self.only | other.only, ..self }
    }
}
