//! What is asked for: the filters that every reader has in common.

use std::sync::Arc;

use demining::{Kind, Status};
use geometry::{Area, Bounds};
use jiff::civil::Date;

use super::{condition::Condition, set::Set};
use crate::reference::DistrictSet;

/// Days from and to; both ends are inside, and an end that is missing is open.
///
/// A record matches when the day it was found, or the day it was dealt with, lies between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

/// Which records are asked for. The default is everything that counts: all that are detected or
/// neutralised, and none that are discounted.
///
/// ```
/// use atlas::{Filter, Set};
/// use demining::{Kind, Status};
/// let mines = Filter { kinds: Set::of([Kind::ApMine, Kind::AvMine]), ..Filter::default() };
/// assert!(mines.statuses.contains(Status::Neutralised) && !mines.statuses.contains(Status::Discounted));
/// ```
#[derive(Clone, Debug)]
pub struct Filter {
    /// Of these statuses.
    pub statuses: Set<Status>,
    /// Of these kinds.
    pub kinds: Set<Kind>,
    /// In these districts ([`ReferenceData::districts`](crate::ReferenceData::districts)); anywhere when
    /// none.
    pub regions: Option<DistrictSet>,
    /// Of one of these operators; an empty name asks for records without one.
    pub operators: Option<Vec<String>>,
    /// Found or dealt with in these days.
    pub dates: Dates,
    /// As the records stood at the end of this day: what was found later is not there, and what was
    /// dealt with later is still detected. As they stand now when none.
    pub as_of: Option<Date>,
    /// In one of these boxes, edges inside, compared at the record's own 1e-7 degrees. Anywhere
    /// when there are none. A box across the antimeridian is two.
    pub bounds: Vec<Bounds>,
    /// In this area.
    pub area: Option<Arc<Area>>,
    /// And all that this says of them.
    pub condition: Option<Arc<Condition>>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            statuses: Set::of(Status::ALL.iter().copied().filter(|status| status.counts())),
            kinds: Set::all(),
            regions: None,
            operators: None,
            dates: Dates::default(),
            as_of: None,
            bounds: Vec::new(),
            area: None,
            condition: None,
        }
    }
}

impl Filter {
    /// The same, in these districts only.
    pub(crate) fn within(&self, districts: &DistrictSet) -> Self {
        let regions = match &self.regions {
            Some(asked) => districts.clone().intersection(asked),
            None => districts.clone(),
        };
        Self { regions: Some(regions), ..self.clone() }
    }

    /// Every record, discounted ones too.
    pub fn everything() -> Self {
        Self { statuses: Set::all(), ..Self::default() }
    }
}
