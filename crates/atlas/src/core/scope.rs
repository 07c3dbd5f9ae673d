//! What a reader may see of the records: decided once, before any query.

use demining::{Disclosure, Precision, Review, Status, disclosure, public_place};
use geometry::LonLat;

use crate::{detections::row::Row, reference::ReferenceData};

/// What a reader may see. All reading goes through a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All records at full precision, except rejected ones, of which only the id and the history remain.
    Full,
    /// The public part: see [`demining::disclosure`]. Uncleared records appear as counts at the middle of
    /// their public cell, with the month they were found in, unless the atlas
    /// [discloses](crate::Atlas::disclosing) exact places. Records of cells with too few are counted in their
    /// district only.
    ///
    /// Accidents appear as [counts](crate::View::public_accidents) by district and month only, unless the
    /// atlas discloses exact places.
    Public,
}

impl Scope {
    /// All scopes.
    pub(crate) const ALL: [Self; 2] = [Self::Full, Self::Public];

    /// Returns the row of a record in the scope's index, assuming that its cell may be shown; `None` if the
    /// scope shows nothing of it.
    pub(crate) fn show(self, row: Row, reference: &ReferenceData) -> Option<Row> {
        match self {
            Self::Full => (usize::from(row.review) != Review::Rejected.index()).then_some(row),
            Self::Public => public(row, reference),
        }
    }

    /// Returns `true` if the scope shows counts of the uncleared records, but not these records.
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
            // Snap the place first, so that neither day nor region reveals more.
            let place = public_place(row.place);
            let region = reference.region_at(LonLat::from(place));
            Some(Row { place, region, detected_on: row.detected_on.first_of_month(), ..row })
        }
    }
}
