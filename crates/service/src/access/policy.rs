//! The operator's policy: who sees what, and what needs review.

use demining::{Precision, Review, Role};

/// What the public sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PublicSees {
    /// Cleared records, and counts of uncleared ones in cells of about a kilometre.
    #[default]
    Cells,
    /// All approved records at their exact places.
    Exact,
    /// Only the sign-in page.
    Nothing,
}

impl PublicSees {
    /// Returns the word used in the configuration and in responses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cells => "cells",
            Self::Exact => "exact",
            Self::Nothing => "nothing",
        }
    }
}

/// The operator's choices; the defaults are the most restrictive ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What the public sees.
    pub public: PublicSees,
    /// A cell with fewer uncleared records is not published: its records are counted in their district
    /// instead. 0 and 1 publish every cell.
    pub min_cell_count: u16,
    /// Review state of a new record that a field team uploads.
    pub field_starts: Review,
    /// Review state of a new record that a manager uploads.
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
    /// Returns the precision of the public view.
    pub fn precision(&self) -> Precision {
        match self.public {
            PublicSees::Exact => Precision::Exact,
            // Keep the public view even if nobody may read it.
            PublicSees::Cells | PublicSees::Nothing => {
                Precision::Cells { min_cell_count: self.min_cell_count }
            }
        }
    }

    /// Checks that the settings are consistent.
    ///
    /// # Errors
    /// Returns the reason if they are not.
    pub fn is_sound(&self) -> Result<(), &'static str> {
        if self.min_cell_count > 1 && self.public == PublicSees::Exact {
            return Err("public.min_cell_count applies to cells, but the public sees \"exact\"");
        }
        Ok(())
    }

    /// Returns the review state of a new record that a caller with this role uploads.
    pub fn starts(&self, role: Role) -> Review {
        if role >= Role::Manager { self.manager_starts } else { self.field_starts }
    }
}
