//! What the public may know of a record: said here, once, for every way that leads out.
//!
//! Whoever finds or lays explosive ordnance must not learn from a map of progress where the next
//! piece lies. So what is not dealt with is shown by its [public cell](PUBLIC_CELL_BITS) and
//! month only, and of what is dealt with some [fields](crate::field::FieldSpec::is_public) stay inside: names of teams,
//! notes and photos tell of people.

use geometry::{Mercator, TileId};

use crate::{Details, Kind, Record, Review, Status};

/// How precisely the public sees what is not dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// On the middle of its public cell, with the month it was found in; somewhere in its district, where
    /// the cell holds fewer of them than `min_cell_count`.
    Cells {
        /// 0 and 1 tell of every cell.
        min_cell_count: u16,
    },
    /// Where it lies, with its day.
    Exact,
}

impl Default for Precision {
    fn default() -> Self {
        Self::Cells { min_cell_count: 0 }
    }
}

/// A public cell is a tile of this zoom: 1.2 km wide at the equator, 0.94 km at 40 degrees.
pub const PUBLIC_CELL_BITS: u8 = 15;

/// What the public knows of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Public {
    /// That there is one: where its cell is, and what it is counted by.
    Counted {
        /// The middle of its cell.
        place: Mercator,
        /// The category.
        kind: Kind,
        /// Items.
        quantity: u32,
        /// The organisation.
        operator: Option<String>,
        /// Year and month in which it was found.
        month: (i16, i8),
    },
    /// Its public fields.
    Whole(Box<Details>),
}

impl Public {
    /// What the public knows of this record; none when it knows nothing.
    pub fn of(record: &Record, precision: Precision) -> Option<Self> {
        let detection = &record.detection;
        match disclosure(record.review, detection.status, precision) {
            Disclosure::Nothing => None,
            Disclosure::Whole => Some(Self::Whole(Box::new(detection.public().into_details()))),
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
    /// Nothing: it is not approved, or proved to be none.
    Nothing,
    /// That there is one.
    Counted,
    /// The record, but for the fields that stay inside.
    Whole,
}

/// How much the public sees of a record that stands so.
pub fn disclosure(review: Review, status: Status, precision: Precision) -> Disclosure {
    match (review, status, precision) {
        (Review::Approved, Status::Neutralised, _)
        | (Review::Approved, Status::Detected, Precision::Exact) => Disclosure::Whole,
        (Review::Approved, Status::Detected, Precision::Cells { .. }) => Disclosure::Counted,
        _ => Disclosure::Nothing,
    }
}

/// The middle of the public cell that a place lies in.
pub fn public_place(place: Mercator) -> Mercator {
    TileId::at(place, PUBLIC_CELL_BITS).middle()
}

impl Record {
    /// The record with its public fields only. When it was changed, and by whom, is for whoever
    /// writes it out to leave away.
    #[must_use]
    pub fn public(&self) -> Self {
        Self { detection: self.detection.public(), ..self.clone() }
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
