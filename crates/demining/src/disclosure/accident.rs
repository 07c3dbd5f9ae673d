//! What the public may know of accidents: how many there were and how many people they hurt, by district and
//! month.
//!
//! An accident is a misfortune of few people, in a village where everybody knows them. So even the place of
//! an approved accident stays internal unless the policy opens [exact places](Precision::Exact). The public
//! form holds the middle of its public cell, only to derive the district from: nothing that is published is
//! finer than a district. The atlas withholds the counts of districts and months with too few.

use geometry::Mercator;

use super::{Disclose, Precision, public_place};
use crate::{AccidentDetails, Judged, Record, Review, made_up::is_made_up};

/// The public form of an accident.
#[derive(Debug, Clone, PartialEq)]
pub enum PublicAccident {
    /// The values by which it is counted.
    Counted {
        /// The middle of its public cell, which determines the district.
        place: Mercator,
        /// The year and month in which it happened.
        month: (i16, i8),
        /// People killed; 0 if nothing is known.
        killed: u32,
        /// People injured; 0 if nothing is known.
        injured: u32,
        /// Whether it is made up for the demonstration: the public must not take it for real.
        is_made_up: bool,
    },
    /// Its public fields.
    Whole(Box<AccidentDetails>),
}

impl Disclose for AccidentDetails {
    type Public = PublicAccident;

    fn disclose(record: &Record<Judged<Self>>, precision: Precision) -> Option<PublicAccident> {
        let accident = &record.content;
        if record.review != Review::Approved {
            return None;
        }
        Some(match precision {
            Precision::Exact => {
                PublicAccident::Whole(Box::new(accident.clone().into_public().into_details()))
            }
            Precision::Cells { .. } => PublicAccident::Counted {
                place: public_place(accident.location.into()),
                month: (accident.occurred_on.year(), accident.occurred_on.month()),
                killed: accident.killed.unwrap_or(0),
                injured: accident.injured.unwrap_or(0),
                is_made_up: is_made_up(accident.operator.as_deref()),
            },
        })
    }

    fn is_shown(record: &Record<Judged<Self>>, precision: Precision) -> bool {
        record.review == Review::Approved && precision == Precision::Exact
    }
}

#[cfg(test)]
mod tests {
    use geometry::LonLat;
    use jiff::{Timestamp, civil::date};
    use uuid::Uuid;

    use super::*;
    use crate::{Accident, Content, Revision, made_up::OPERATOR};

    const CELLS: Precision = Precision::Cells { min_cell_count: 5 };

    fn record(review: Review, change: impl FnOnce(&mut AccidentDetails)) -> Record<Accident> {
        let mut details = AccidentDetails::blank(Uuid::from_u128(7), LonLat::new(47.03, 39.72).unwrap());
        details.occurred_on = date(2023, 9, 19);
        (details.killed, details.team) = (Some(1), Some("Team 7".into()));
        change(&mut details);
        Record {
            content: Accident::new(details, date(2023, 9, 20)).unwrap(),
            number: 1,
            review,
            revision: Revision(1),
            updated_at: Timestamp::UNIX_EPOCH,
            updated_by: "a token".into(),
        }
    }

    #[test]
    fn only_approved_accidents_are_disclosed_and_only_exact_places_show_them() {
        for &review in Review::ALL {
            let record = record(review, |_| {});
            let approved = review == Review::Approved;
            for precision in [CELLS, Precision::default(), Precision::Exact] {
                assert_eq!(AccidentDetails::disclose(&record, precision).is_some(), approved);
                let shown = approved && precision == Precision::Exact;
                assert_eq!(AccidentDetails::is_shown(&record, precision), shown);
            }
        }
    }

    #[test]
    fn the_counted_form_is_the_same_whatever_else_the_record_says() {
        let public = |change: fn(&mut AccidentDetails)| {
            AccidentDetails::disclose(&record(Review::Approved, change), CELLS).unwrap()
        };
        let plain = public(|_| {});
        assert_eq!(plain, public(|of| of.occurred_on = date(2023, 9, 1)));
        assert_eq!(plain, public(|of| of.note = Some("on the way to the school".into())));
        assert_eq!(plain, public(|of| of.device = Some(crate::Kind::ApMine)));
        assert_eq!(plain, public(|of| of.injured = Some(0)));
        assert_eq!(plain, public(|of| of.operator = Some("ANAMA".into())));
        assert_ne!(plain, public(|of| of.operator = Some(OPERATOR.into())), "made up");
        assert_ne!(plain, public(|of| of.killed = Some(2)));
        assert_ne!(plain, public(|of| of.occurred_on = date(2023, 8, 31)));
    }

    #[test]
    fn the_whole_form_has_no_internal_fields() {
        let whole = AccidentDetails::disclose(&record(Review::Approved, |_| {}), Precision::Exact);
        let Some(PublicAccident::Whole(details)) = whole else { panic!("{whole:?}") };
        assert_eq!((details.killed, details.team), (Some(1), None));
    }
}
