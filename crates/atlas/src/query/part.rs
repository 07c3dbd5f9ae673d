//! How the rows of a node lie to one part of a filter.

/// How the rows of a node lie to one part of a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    None,
    Some,
    All,
}

impl Part {
    /// Of whether any may match, and whether all do.
    pub fn of(any: bool, all: bool) -> Self {
        match (any, all) {
            (false, _) => Self::None,
            (true, false) => Self::Some,
            (true, true) => Self::All,
        }
    }

    /// Both parts; the second is only asked when the first is not decided against.
    pub fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::None => Self::None,
            Self::All => other(),
            Self::Some if other() == Self::None => Self::None,
            Self::Some => Self::Some,
        }
    }

    /// One part or the other; the second is only asked when the first does not take all.
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        self.flipped().and(|| other().flipped()).flipped()
    }

    /// Of what does not match.
    pub fn flipped(self) -> Self {
        match self {
            Self::None => Self::All,
            Self::Some => Self::Some,
            Self::All => Self::None,
        }
    }
}
