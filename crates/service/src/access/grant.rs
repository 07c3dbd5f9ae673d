//! What may be granted to a role.

use demining::Role;

/// What a route grants to a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Nothing.
    No,
    /// To read what the policy shows to the public.
    Shown,
    /// To write its own records in its regions, as long as they are not approved.
    Own,
    /// To write in its regions.
    Regions,
    /// Everything.
    Yes,
}

/// What those who record are granted, in the order of the roles.
pub const ADD: [Grant; Role::ALL.len()] = [Grant::No, Grant::No, Grant::Own, Grant::Regions, Grant::Yes];

impl Grant {
    /// Its word in documents.
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
