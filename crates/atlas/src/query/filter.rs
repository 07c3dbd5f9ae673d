//! The filter that all queries have in common.

use std::sync::Arc;

use demining::{Kind, Status};
use geometry::{Area, Bounds};
use jiff::civil::Date;

use super::{condition::Condition, set::Set};
use crate::reference::DistrictSet;

/// A range of days, both ends included; a missing end is open.
///
/// A record matches if the day it was found or the day it was dealt with is in the range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

/// Selects records. The default is everything that counts: detected and neutralised records, but no
/// discounted ones.
///
/// ```
/// use atlas::{Filter, Set};
/// use demining::{Kind, Status};
/// let mines = Filter { kinds: Set::of([Kind::ApMine, Kind::AvMine]), ..Filter::default() };
/// assert!(mines.statuses.contains(Status::Neutralised) && !mines.statuses.contains(Status::Discounted));
/// ```
#[derive(Clone, Debug)]
pub struct Filter {
    /// With these statuses.
    pub statuses: Set<Status>,
    /// Of these kinds.
    pub kinds: Set<Kind>,
    /// In these districts ([`ReferenceData::districts`](crate::ReferenceData::districts)); anywhere if
    /// `None`.
    pub regions: Option<DistrictSet>,
    /// Of one of these operators; an empty name selects records without one.
    pub operators: Option<Vec<String>>,
    /// Found or dealt with in these days.
    pub dates: Dates,
    /// The records at the end of this day: records found later are excluded, and those dealt with later are
    /// still detected. The current records if `None`.
    pub as_of: Option<Date>,
    /// In one of these boxes, edges included, compared at the records' precision of 1e-7 degrees. Anywhere if
    /// empty. A box across the antimeridian is split in two.
    pub bounds: Vec<Bounds>,
    /// In this area.
    pub area: Option<Arc<Area>>,
    /// Satisfying this condition.
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
    /// Restricts the filter to these districts.
    pub(crate) fn within(&self, districts: &DistrictSet) -> Self {
        let regions = match &self.regions {
            Some(asked) => districts.clone().intersection(asked),
            None => districts.clone(),
        };
        Self { regions: Some(regions), ..self.clone() }
    }

    /// Selects every record, including discounted ones.
    pub fn everything() -> Self {
        Self { statuses: Set::all(), ..Self::default() }
    }
}
