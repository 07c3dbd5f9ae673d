//! Small sets of vocabulary values.

use std::marker::PhantomData;

use demining::{Kind, Status};

/// A value of a vocabulary with at most 16 words.
pub trait Member: Copy + 'static {
    /// Every value, in the order of the vocabulary.
    const LIST: &'static [Self];
    /// Returns the position in the vocabulary.
    fn position(self) -> usize;
}

impl Member for Kind {
    const LIST: &'static [Self] = Self::ALL;
    fn position(self) -> usize {
        self.index()
    }
}

impl Member for Status {
    const LIST: &'static [Self] = Self::ALL;
    fn position(self) -> usize {
        self.index()
    }
}

/// A set of vocabulary values.
///
/// ```
/// use atlas::Set;
/// use demining::Status;
/// let counted = Set::of([Status::Detected, Status::Neutralised]);
/// assert!(counted.contains(Status::Detected) && !counted.contains(Status::Discounted));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Set<T>(u16, PhantomData<T>);

impl<T: Member> Set<T> {
    /// Creates the set of these values.
    pub fn of(values: impl IntoIterator<Item = T>) -> Self {
        Self(values.into_iter().fold(0, |bits, value| bits | 1 << value.position()), PhantomData)
    }

    /// Creates the set of all values.
    pub fn all() -> Self {
        Self::of(T::LIST.iter().copied())
    }

    /// Returns `true` if the set contains the value.
    pub fn contains(self, value: T) -> bool {
        self.0 >> value.position() & 1 == 1
    }

    /// Returns the values in the set, in the order of the vocabulary.
    pub fn iter(self) -> impl Iterator<Item = T> {
        T::LIST.iter().copied().filter(move |value| self.contains(*value))
    }

    /// Returns one bit for each value, by its position.
    pub(crate) fn bits(self) -> u16 {
        self.0
    }
}
