//! What a reader may see of the records: decided once, before any question.

use demining::{Review, Status};
use geometry::{LonLat, Mercator};

use crate::{ground::Ground, row::Row};

/// What a reader may see. Whoever reads goes through a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All records at full precision.
    Full,
    /// What is public: approved records; those dealt with as they are, and those that are not as
    /// counts on the middle of their [public cell](PUBLIC_CELL_BITS), with the month they were found in.
    Public,
}

impl Scope {
    /// All scopes.
    pub(crate) const ALL: [Self; 2] = [Self::Full, Self::Public];

    /// What a scope's index holds of a record; none when it shows nothing of it.
    pub(crate) fn show(self, row: Row, ground: &Ground) -> Option<Row> {
        match self {
            Self::Full => Some(row),
            Self::Public => public(row, ground),
        }
    }
}

/// A public cell is a tile of this zoom: 1.2 km wide at the equator, 0.94 km at 40 degrees.
pub const PUBLIC_CELL_BITS: u32 = 15;

/// Units of the lower bits that a public cell does not tell.
const HIDDEN: u32 = 32 - PUBLIC_CELL_BITS;

fn public(row: Row, ground: &Ground) -> Option<Row> {
    if usize::from(row.review) != Review::Approved.index() || row.is(Status::Discounted) {
        return None;
    }
    if row.is(Status::Neutralised) {
        return Some(row);
    }
    // Snapped first, so that nothing that follows tells more: neither day nor region.
    let place = middle(row.place);
    let region = ground.region_at(LonLat::from(place));
    Some(Row { place, region, detected_on: row.detected_on.first_of_month(), ..row })
}

/// The middle of the public cell.
fn middle(place: Mercator) -> Mercator {
    let snapped = |units: u32| units >> HIDDEN << HIDDEN | 1 << (HIDDEN - 1);
    Mercator { x: snapped(place.x), y: snapped(place.y) }
}

/// Whether a row of the public index stands for a place it does not tell.
pub fn is_coarse(row: &Row) -> bool {
    row.is(Status::Detected) && row.place == middle(row.place)
}
