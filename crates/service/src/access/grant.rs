//! What a route may grant to a role.

use demining::Role;

/// What a route grants to a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Nothing.
    No,
    /// Read what the policy shows to the public.
    Shown,
    /// Write its own records in its regions until they are approved.
    Own,
    /// Write in its regions.
    Regions,
    /// Everything.
    Yes,
}

/// What the routes that add records grant, in the order of the roles.
pub const ADD: [Grant; Role::ALL.len()] = [Grant::No, Grant::No, Grant::Own, Grant::Regions, Grant::Yes];

impl Grant {
    /// Returns the word used in documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Shown => "shown",
            Self::Own => "own",
            Self::Regions => "regions",
            Self::Yes => "yes",
        }
    }
}
