//! What months tell of a query: the cube answers what asks for whole months and no place.

use std::ops::RangeInclusive;

use super::plan::Query;
use crate::detections::{
    cube::Facet,
    day::{Day, Days, Month},
};

/// The months that are asked for, and that at whose end the records are seen.
#[derive(Clone, Debug)]
pub struct WholeMonths {
    either: RangeInclusive<Month>,
    found: RangeInclusive<Month>,
    dealt_with: Option<RangeInclusive<Month>>,
    as_of: Month,
}

impl WholeMonths {
    /// The facet as it is seen, if it lies in the months.
    pub fn seen(&self, facet: Facet) -> Option<Facet> {
        let facet = facet.as_of(self.as_of)?;
        let inside = (self.either.contains(&facet.detected) || self.either.contains(&facet.neutralised))
            && self.found.contains(&facet.detected)
            && self.dealt_with.as_ref().is_none_or(|months| months.contains(&facet.neutralised));
        inside.then_some(facet)
    }
}

impl Query<'_> {
    /// What months tell, when it asks for whole months and no places.
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

    /// Whether it takes this status, kind and operator.
    pub fn wants_facet(&self, facet: &Facet) -> bool {
        self.cells >> facet.cell & 1 == 1 && self.wants_operator(facet.operator)
    }
}
