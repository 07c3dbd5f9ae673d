//! How many rows of a node match one part of a filter.

/// How many rows of a node match one part of a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    None,
    Some,
    All,
}

impl Part {
    /// Combines whether any may match, and whether all do.
    pub fn of(any: bool, all: bool) -> Self {
        match (any, all) {
            (false, _) => Self::None,
            (true, false) => Self::Some,
            (true, true) => Self::All,
        }
    }

    /// Requires both parts; the second is only evaluated if the first does not exclude all.
    pub fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::None => Self::None,
            Self::All => other(),
            Self::Some if other() == Self::None => Self::None,
            Self::Some => Self::Some,
        }
    }

    /// Requires either part; the second is only evaluated if the first does not include all.
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        self.flipped().and(|| other().flipped()).flipped()
    }

    /// Returns the judgement on the negation.
    pub fn flipped(self) -> Self {
        match self {
            Self::None => Self::All,
            Self::Some => Self::Some,
            Self::All => Self::None,
        }
    }
}
