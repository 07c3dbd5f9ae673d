//! Counts of accidents and of the people they hurt.

use std::{
    iter::Sum,
    ops::{Add, AddAssign, SubAssign},
};

use demining::AccidentDetails;

/// Numbers of accidents and of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccidentCounts {
    /// Accidents.
    pub accidents: u64,
    /// People killed, as far as is known.
    pub killed: u64,
    /// People injured, as far as is known.
    pub injured: u64,
}

impl AccidentCounts {
    /// Counts one accident.
    pub(crate) fn of(accident: &AccidentDetails) -> Self {
        let people = |known: Option<u32>| u64::from(known.unwrap_or(0));
        Self { accidents: 1, killed: people(accident.killed), injured: people(accident.injured) }
    }

    /// Returns the people killed or injured.
    pub fn people(self) -> u64 {
        self.killed + self.injured
    }
}

impl Add for AccidentCounts {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for AccidentCounts {
    fn add_assign(&mut self, other: Self) {
        self.accidents += other.accidents;
        self.killed += other.killed;
        self.injured += other.injured;
    }
}

impl SubAssign for AccidentCounts {
    fn sub_assign(&mut self, other: Self) {
        self.accidents -= other.accidents;
        self.killed -= other.killed;
        self.injured -= other.injured;
    }
}

impl Sum for AccidentCounts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}
