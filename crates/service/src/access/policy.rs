//! The operator's policy: who sees what, and what needs review.

use demining::{Precision, Review, Role};

/// What the public sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PublicSees {
    /// Records that are dealt with, and counts in cells of about a kilometre of those that are not.
    #[default]
    Cells,
    /// All approved records where they lie.
    Exact,
    /// Nothing but the page that asks who one is.
    Nothing,
}

impl PublicSees {
    /// Its word in the configuration and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cells => "cells",
            Self::Exact => "exact",
            Self::Nothing => "nothing",
        }
    }
}

/// The choices; the defaults are the careful ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What the public sees.
    pub public: PublicSees,
    /// A cell with fewer records that are not dealt with is not told: they are counted in its district. With
    /// 0 or 1 every cell is told.
    pub min_cell_count: u16,
    /// Where a record starts in review that a field team uploads.
    pub field_starts: Review,
    /// The same of a manager.
    pub manager_starts: Review,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            public: PublicSees::default(),
            min_cell_count: 0,
            field_starts: Review::Submitted,
            manager_starts: Review::Approved,
        }
    }
}

impl Policy {
    /// How precisely the public's view is kept.
    pub fn precision(&self) -> Precision {
        match self.public {
            PublicSees::Exact => Precision::Exact,
            // Kept although nobody may look at it.
            PublicSees::Cells | PublicSees::Nothing => {
                Precision::Cells { min_cell_count: self.min_cell_count }
            }
        }
    }

    /// Whether its parts go together.
    ///
    /// # Errors
    /// With the reason when they do not.
    pub fn is_sound(&self) -> Result<(), &'static str> {
        if self.min_cell_count > 1 && self.public == PublicSees::Exact {
            return Err("public.min_cell_count is about cells, and what the public sees is \"exact\"");
        }
        Ok(())
    }

    /// Where a record starts in review that somebody of this role uploads.
    pub fn starts(&self, role: Role) -> Review {
        if role >= Role::Manager { self.manager_starts } else { self.field_starts }
    }
}
