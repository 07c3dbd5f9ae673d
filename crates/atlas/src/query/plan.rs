//! A filter prepared for one snapshot.

use demining::Status;
use geometry::Area;

use super::{
    asked::{OperatorsAsked, Regions},
    condition::{Bound, Reach, narrow},
    event::Event,
    filter::{Dates, Filter},
    window::Window,
};
use crate::{
    core::snapshot::Snapshot,
    detections::{
        cells::{KINDS, cells_of},
        day::{Day, Days},
    },
    reference::ReferenceData,
};

/// A filter prepared for one snapshot.
pub struct Query<'a> {
    /// One bit for each wanted cell of status and kind.
    pub cells: u64,
    pub(super) regions: Option<Regions>,
    pub(super) operators: Option<OperatorsAsked>,
    /// Found or dealt with in these days.
    pub days: Days,
    /// Found in these days.
    pub found: Days,
    /// Dealt with in these days; `None` if that does not matter.
    pub dealt_with: Option<Days>,
    /// The day at whose end the records are seen; the last representable day for the current records.
    pub as_of: Day,
    pub(super) windows: Vec<Window>,
    pub(super) area: Option<&'a Area>,
    /// The part of the condition that the index does not decide.
    pub(super) condition: Option<Bound>,
    pub(super) snapshot: &'a Snapshot,
}

impl<'a> Query<'a> {
    /// Prepares the filter.
    pub fn new(filter: &'a Filter, reference: &ReferenceData, snapshot: &'a Snapshot) -> Self {
        let kinds = u64::from(filter.kinds.bits());
        let cells = filter.statuses.iter().fold(0, |cells, s: Status| cells | kinds << (s.index() * KINDS));
        let days = days(filter.dates);
        let as_of = match filter.as_of {
            // No record predates 1900.
            Some(day) if day.year() < 1900 => None,
            day => Some(day.map_or(Day::LAST, Day::from)),
        };
        let operators = &snapshot.operators;
        let numbers = |names: &Vec<String>| {
            let known = names.iter().filter_map(|name| operators.number(name));
            OperatorsAsked::new(known, operators.len())
        };
        let query = Self {
            // An empty range of days leaves no cells.
            cells: if days.and(as_of).is_some() { cells } else { 0 },
            regions: filter.regions.as_ref().map(|set| Regions::new(set.clone(), reference.n_districts())),
            operators: filter.operators.as_ref().map(numbers),
            days: days.unwrap_or(Days::ALL),
            found: Days::ALL,
            dealt_with: None,
            as_of: as_of.unwrap_or(Day::FIRST),
            windows: filter.bounds.iter().map(|bounds| Window::new(*bounds)).collect(),
            area: filter.area.as_deref(),
            condition: None,
            snapshot,
        };
        match &filter.condition {
            Some(condition) => query.with(Bound::new(condition, reference, operators)),
            None => query,
        }
    }

    /// Restricts the query to events of this kind on these days. If the condition already restricts the
    /// event's days, the days must be in both.
    #[must_use]
    pub fn on(mut self, event: Event, dates: Dates) -> Self {
        let days = days(dates);
        match event {
            Event::Found => match days.and_then(|days| self.found.intersection(days)) {
                Some(days) => self.found = days,
                None => self.cells = 0,
            },
            Event::Neutralised => {
                self.cells &= cells_of(Status::Neutralised);
                let asked = self.dealt_with.unwrap_or(Days::ALL);
                match days.and_then(|days| asked.intersection(days)) {
                    Some(days) => self.dealt_with = Some(days),
                    None => self.cells = 0,
                }
            }
        }
        self
    }

    /// Adds a condition.
    fn with(self, condition: Bound) -> Self {
        let (reach, left) = narrow(condition);
        let mut left: Vec<Bound> = left.into_iter().collect();
        let Reach { cells, regions, operators, found, dealt_with, boxes } = reach;
        let mut windows: Vec<Window> = boxes.into_iter().flatten().map(Window::new).collect();
        if !self.windows.is_empty() {
            // A place must be in both sets of boxes: leave the second set to the condition.
            let others = std::mem::replace(&mut windows, self.windows);
            left.extend((!others.is_empty()).then(|| Bound::Boxes(others.into(), true)));
        }
        Self {
            cells: self.cells & cells,
            regions: match (self.regions, regions) {
                (Some(asked), Some(others)) => Some(asked.intersection(&others)),
                (asked, others) => asked.or(others),
            },
            operators: match (self.operators, operators) {
                (Some(asked), Some(others)) => Some(asked.intersection(&others)),
                (asked, others) => asked.or(others),
            },
            found,
            dealt_with,
            windows,
            condition: if left.len() > 1 { Some(Bound::All(left)) } else { left.pop() },
            ..self
        }
    }

    /// Returns `true` if it restricts places more closely than by region.
    pub fn asks_for_places(&self) -> bool {
        !self.windows.is_empty() || self.area.is_some()
    }

    /// Returns `true` if it restricts only statuses, kinds and regions.
    pub fn asks_only_for_cells_and_regions(&self) -> bool {
        !self.asks_for_places()
            && self.operators.is_none()
            && self.is_of_all_days()
            && self.condition.is_none()
    }

    /// Returns `true` if node summaries decide it completely, except for places.
    pub fn is_answered_by_summaries(&self) -> bool {
        self.asks_only_for_cells_and_regions() && self.regions.is_none()
    }

    pub(super) fn is_of_all_days(&self) -> bool {
        self.days == Days::ALL && self.tells_no_days_apart() && self.as_of == Day::LAST
    }

    /// Returns `true` if it does not restrict the days found, or the days dealt with, separately.
    fn tells_no_days_apart(&self) -> bool {
        self.found == Days::ALL && self.dealt_with.is_none()
    }
}

impl Snapshot {
    /// Prepares the filter for this snapshot.
    pub fn query<'a>(&'a self, filter: &'a Filter, reference: &ReferenceData) -> Query<'a> {
        Query::new(filter, reference, self)
    }
}

/// Returns the range as days, all days if both ends are open; `None` if it ends before it begins, or before
/// the first representable day.
fn days(dates: Dates) -> Option<Days> {
    if dates.to.is_some_and(|to| to.year() < 1900) {
        return None;
    }
    let (from, to) = (dates.from.map_or(Day::FIRST, Day::from), dates.to.map_or(Day::LAST, Day::from));
    (from <= to).then(|| Days::new(from, to))
}
