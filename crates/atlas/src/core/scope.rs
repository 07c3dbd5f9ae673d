//! What a reader may see of the records: decided once, before any question.

use demining::{Disclosure, Precision, Review, Status, disclosure, public_place};
use geometry::LonLat;

use crate::{detections::row::Row, reference::ReferenceData};

/// What a reader may see. Whoever reads goes through a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All records at full precision, but for those that were rejected: these have only their id and
    /// their history left.
    Full,
    /// What is public: see [`demining::disclosure`]. What is not dealt with is there as counts on the
    /// middle of its public cell, with the month it was found in, unless the atlas
    /// [discloses](crate::Atlas::disclosing) exact places, or too few lie in the cell to tell of it.
    Public,
}

impl Scope {
    /// All scopes.
    pub(crate) const ALL: [Self; 2] = [Self::Full, Self::Public];

    /// What a scope's index holds of a record, where its cell may be told of; none when it shows nothing of it.
    pub(crate) fn show(self, row: Row, reference: &ReferenceData) -> Option<Row> {
        match self {
            Self::Full => (usize::from(row.review) != Review::Rejected.index()).then_some(row),
            Self::Public => public(row, reference),
        }
    }

    /// Whether it shows that there are records which are not dealt with, and not these records.
    pub(crate) fn is_coarse(self, reference: &ReferenceData) -> bool {
        self == Self::Public && reference.precision != Precision::Exact
    }
}

fn public(row: Row, reference: &ReferenceData) -> Option<Row> {
    let review = Review::ALL.get(usize::from(row.review))?;
    let status = Status::ALL.get(usize::from(row.status))?;
    match disclosure(*review, *status, reference.precision) {
        Disclosure::Nothing => None,
        Disclosure::Whole => Some(row),
        Disclosure::Counted => {
            // Snapped first, so that nothing that follows tells more: neither day nor region.
            let place = public_place(row.place);
            let region = reference.region_at(LonLat::from(place));
            Some(Row { place, region, detected_on: row.detected_on.first_of_month(), ..row })
        }
    }
}
