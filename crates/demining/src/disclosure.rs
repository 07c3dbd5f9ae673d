//! The disclosure policy: what the public may see of a record, defined once for every output.
//!
//! A progress map must not tell anyone who finds or lays explosive ordnance where the next piece is. Items
//! that are not yet neutralised are therefore disclosed only as a [public cell](PUBLIC_CELL_BITS) and a
//! month. Of neutralised items, some [fields](crate::field::FieldSpec::is_public) stay internal: team names,
//! notes and photos can identify people.

mod accident;

use std::fmt;

use geometry::{Mercator, TileId};

pub use self::accident::PublicAccident;

use crate::{Content, Details, Judged, Kind, Record, Review, Status};

/// How precisely the public sees items that are not yet neutralised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// At the middle of their public cell, with the month in which they were found; at an unspecified place
    /// in their district if the cell contains fewer than `min_cell_count` of them.
    ///
    /// Accidents are only counted, by district and month, see [`Precision::min_accident_count`].
    Cells {
        /// 0 and 1 disclose every cell of detections.
        min_cell_count: u16,
    },
    /// At their exact position, with the day.
    Exact,
}

impl Precision {
    /// The least count of accidents that is disclosed where nobody chose another: a smaller one could be
    /// about a person whom everybody in the district knows.
    const MIN_ACCIDENT_COUNT: u16 = 5;

    /// Returns the least count of accidents, and of people killed or injured, that is disclosed:
    /// `min_cell_count`, or 5 if that is 0. With 1 every count is disclosed.
    pub fn min_accident_count(self) -> u16 {
        match self {
            Self::Cells { min_cell_count: 0 } => Self::MIN_ACCIDENT_COUNT,
            Self::Cells { min_cell_count } => min_cell_count,
            Self::Exact => 1,
        }
    }
}

impl Default for Precision {
    fn default() -> Self {
        Self::Cells { min_cell_count: 0 }
    }
}

/// The zoom level of public cells: a cell is a tile of this zoom, 1.2 km wide at the equator and 0.94 km at
/// 40 degrees.
pub const PUBLIC_CELL_BITS: u8 = 15;

/// Content of which the public may know a part.
pub trait Disclose: Content {
    /// What the public may know of a record. A change that leaves it equal is no change for the public.
    type Public: Clone + fmt::Debug + PartialEq;

    /// Returns what the public may know of this record; `None` if that is nothing.
    fn disclose(record: &Record<Judged<Self>>, precision: Precision) -> Option<Self::Public>;

    /// Returns whether the public sees the record itself, with its public fields, and not only counts.
    fn is_shown(record: &Record<Judged<Self>>, precision: Precision) -> bool;
}

impl Disclose for Details {
    type Public = Public;

    fn disclose(record: &Record, precision: Precision) -> Option<Public> {
        Public::of(record, precision)
    }

    fn is_shown(record: &Record, precision: Precision) -> bool {
        disclosure(record.review, record.content.status, precision) == Disclosure::Whole
    }
}

/// The public form of a detection.
#[derive(Debug, Clone, PartialEq)]
pub enum Public {
    /// Only its existence: its cell and the values by which it is counted.
    Counted {
        /// The middle of its cell.
        place: Mercator,
        /// The category.
        kind: Kind,
        /// The number of items.
        quantity: u32,
        /// The organisation.
        operator: Option<String>,
        /// The year and month in which it was found.
        month: (i16, i8),
    },
    /// Its public fields.
    Whole(Box<Details>),
}

impl Public {
    /// Returns the public form of this record; `None` if the record is not public.
    pub fn of(record: &Record, precision: Precision) -> Option<Self> {
        let detection = &record.content;
        match disclosure(record.review, detection.status, precision) {
            Disclosure::Nothing => None,
            Disclosure::Whole => Some(Self::Whole(Box::new(detection.clone().into_public().into_details()))),
            Disclosure::Counted => Some(Self::Counted {
                place: public_place(detection.location.into()),
                kind: detection.kind,
                quantity: detection.quantity,
                operator: detection.operator.clone(),
                month: (detection.detected_on.year(), detection.detected_on.month()),
            }),
        }
    }
}

/// How much of a record the public sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// Nothing: the record is not approved, or is discounted.
    Nothing,
    /// Only its existence.
    Counted,
    /// The record without its internal fields.
    Whole,
}

/// Returns how much the public sees of a record with this review and status.
pub fn disclosure(review: Review, status: Status, precision: Precision) -> Disclosure {
    match (review, status, precision) {
        (Review::Approved, Status::Neutralised, _)
        | (Review::Approved, Status::Detected, Precision::Exact) => Disclosure::Whole,
        (Review::Approved, Status::Detected, Precision::Cells { .. }) => Disclosure::Counted,
        _ => Disclosure::Nothing,
    }
}

/// Returns the middle of the public cell that contains `place`.
pub fn public_place(place: Mercator) -> Mercator {
    TileId::at(place, PUBLIC_CELL_BITS).middle()
}

impl<T: Content> Record<Judged<T>> {
    /// Returns the record with its public fields only. The writer must leave out when it was changed and by
    /// whom.
    #[must_use]
    pub fn into_public(self) -> Self {
        Self { content: self.content.into_public(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use geometry::LonLat;

    use super::*;

    #[test]
    fn a_public_cell_is_about_a_kilometre_wide_and_its_middle_lies_in_it() {
        let at = |lon, lat| Mercator::from(LonLat::new(lon, lat).unwrap());
        let middle = public_place(at(46.5, 40.0));
        assert_eq!(public_place(middle), middle);
        let [a, b] = [LonLat::from(middle), LonLat::new(46.5, 40.0).unwrap()];
        assert!(geometry::distance_m(a, b) < 670.0, "half of the diagonal of 0.94 km");
        assert_ne!(public_place(at(46.52, 40.0)), middle);
    }

    #[test]
    fn only_what_is_approved_is_disclosed_and_only_what_is_dealt_with_as_a_whole() {
        use Disclosure::{Counted, Nothing, Whole};
        use Status::{Detected, Discounted, Neutralised};
        for &review in Review::ALL {
            for (status, cells, exact) in
                [(Detected, Counted, Whole), (Neutralised, Whole, Whole), (Discounted, Nothing, Nothing)]
            {
                let wanted = if review == Review::Approved { [cells, exact] } else { [Nothing; 2] };
                let told = [Precision::default(), Precision::Exact].map(|p| disclosure(review, status, p));
                assert_eq!(told, wanted, "{review} {status}");
            }
        }
    }
}
