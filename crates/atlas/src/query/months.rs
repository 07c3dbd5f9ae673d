//! Queries in whole months: the cube serves queries for whole months that involve no place.

use std::ops::RangeInclusive;

use super::plan::Query;
use crate::detections::{
    cube::Facet,
    day::{Day, Days, Month},
};

/// The requested months, and the month at whose end the records are seen.
#[derive(Clone, Debug)]
pub struct WholeMonths {
    either: RangeInclusive<Month>,
    found: RangeInclusive<Month>,
    dealt_with: Option<RangeInclusive<Month>>,
    as_of: Month,
}

impl WholeMonths {
    /// Returns the facet as of that month, if it is in the requested months.
    pub fn seen(&self, facet: Facet) -> Option<Facet> {
        let facet = facet.as_of(self.as_of)?;
        let inside = (self.either.contains(&facet.detected) || self.either.contains(&facet.neutralised))
            && self.found.contains(&facet.detected)
            && self.dealt_with.as_ref().is_none_or(|months| months.contains(&facet.neutralised));
        inside.then_some(facet)
    }
}

impl Query<'_> {
    /// Returns the months, if the query is for whole months and involves no places.
    pub fn whole_months(&self) -> Option<WholeMonths> {
        if self.asks_for_places() || self.condition.is_some() {
            return None;
        }
        let begins = |day: Day| day == Day::FIRST || Day(day.0 - 1).month() != day.month();
        let ends = |day: Day| day == Day::LAST || Day(day.0 + 1).month() != day.month();
        let months = |days: Days| {
            let whole = begins(days.from) && ends(days.to());
            whole.then(|| days.from.month()..=days.to().month())
        };
        let dealt_with = match self.dealt_with {
            Some(days) => Some(months(days)?),
            None => None,
        };
        let (either, found) = (months(self.days)?, months(self.found)?);
        ends(self.as_of).then(|| WholeMonths { either, found, dealt_with, as_of: self.as_of.month() })
    }

    /// Returns `true` if the query includes this status, kind and operator.
    pub fn wants_facet(&self, facet: &Facet) -> bool {
        self.cells >> facet.cell & 1 == 1 && self.wants_operator(facet.operator)
    }
}
