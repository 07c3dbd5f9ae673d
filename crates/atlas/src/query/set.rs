//! Small sets of the closed lists of values.

use std::marker::PhantomData;

use demining::{Kind, Status};

/// A value of a closed list with at most 16 members.
pub trait Member: Copy + 'static {
    /// Every value, in the order of the list.
    const LIST: &'static [Self];
    /// The position in the list.
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

/// A set of values of a closed list.
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
    /// The set of these values.
    pub fn of(values: impl IntoIterator<Item = T>) -> Self {
        Self(values.into_iter().fold(0, |bits, value| bits | 1 << value.position()), PhantomData)
    }

    /// Every value of the list.
    pub fn all() -> Self {
        Self::of(T::LIST.iter().copied())
    }

    /// Whether the value is in it.
    pub fn contains(self, value: T) -> bool {
        self.0 >> value.position() & 1 == 1
    }

    /// The values in it, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = T> {
        T::LIST.iter().copied().filter(move |value| self.contains(*value))
    }

    /// One bit for each value, by its position.
    pub(crate) fn bits(self) -> u16 {
        self.0
    }
}
