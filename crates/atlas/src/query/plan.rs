//! A filter made ready for one snapshot.

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

/// A filter made ready for one snapshot.
pub struct Query<'a> {
    /// One bit for each wanted cell of status and kind.
    pub cells: u64,
    pub(super) regions: Option<Regions>,
    pub(super) operators: Option<OperatorsAsked>,
    /// Found or dealt with in these days.
    pub days: Days,
    /// Found in these days.
    pub found: Days,
    /// Dealt with in these days; whether or not when there are none.
    pub dealt_with: Option<Days>,
    /// The day at whose end the records are seen; the last there is when as they stand now.
    pub as_of: Day,
    pub(super) windows: Vec<Window>,
    pub(super) area: Option<&'a Area>,
    /// What the index does not answer by itself.
    pub(super) condition: Option<Bound>,
    pub(super) snapshot: &'a Snapshot,
}

impl<'a> Query<'a> {
    /// Makes the filter ready.
    pub fn new(filter: &'a Filter, reference: &ReferenceData, snapshot: &'a Snapshot) -> Self {
        let kinds = u64::from(filter.kinds.bits());
        let cells = filter.statuses.iter().fold(0, |cells, s: Status| cells | kinds << (s.index() * KINDS));
        let days = days(filter.dates);
        let as_of = match filter.as_of {
            // Before the first day there is nothing was found.
            Some(day) if day.year() < 1900 => None,
            day => Some(day.map_or(Day::LAST, Day::from)),
        };
        let operators = &snapshot.operators;
        let numbers = |names: &Vec<String>| {
            let known = names.iter().filter_map(|name| operators.number(name));
            OperatorsAsked::new(known, operators.len())
        };
        let query = Self {
            // No day at all leaves no cell.
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

    /// The same, of what happened on these days only: of an event that the condition already narrows to some days, on
    /// those of them.
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

    /// And what this says.
    fn with(self, condition: Bound) -> Self {
        let (reach, left) = narrow(condition);
        let mut left: Vec<Bound> = left.into_iter().collect();
        let Reach { cells, regions, operators, found, dealt_with, boxes } = reach;
        let mut windows: Vec<Window> = boxes.into_iter().flatten().map(Window::new).collect();
        if !self.windows.is_empty() {
            // A place is in one of these and in one of those: the second is asked of what is left.
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

    /// Whether it asks for places more closely than by region.
    pub fn asks_for_places(&self) -> bool {
        !self.windows.is_empty() || self.area.is_some()
    }

    /// Whether it asks for nothing but statuses, kinds and regions.
    pub fn asks_only_for_cells_and_regions(&self) -> bool {
        !self.asks_for_places()
            && self.operators.is_none()
            && self.is_of_all_days()
            && self.condition.is_none()
    }

    /// Whether every node's summary decides it, down to the last row, but for places.
    pub fn is_answered_by_summaries(&self) -> bool {
        self.asks_only_for_cells_and_regions() && self.regions.is_none()
    }

    pub(super) fn is_of_all_days(&self) -> bool {
        self.days == Days::ALL && self.tells_no_days_apart() && self.as_of == Day::LAST
    }

    /// Whether it asks for no days of the find, or of the end, alone.
    fn tells_no_days_apart(&self) -> bool {
        self.found == Days::ALL && self.dealt_with.is_none()
    }
}

impl Snapshot {
    /// The filter, ready for this snapshot.
    pub fn query<'a>(&'a self, filter: &'a Filter, reference: &ReferenceData) -> Query<'a> {
        Query::new(filter, reference, self)
    }
}

/// The interval as days, all days when it is open on both sides; none when it ends before it
/// begins, or before the first day there is.
fn days(dates: Dates) -> Option<Days> {
    if dates.to.is_some_and(|to| to.year() < 1900) {
        return None;
    }
    let (from, to) = (dates.from.map_or(Day::FIRST, Day::from), dates.to.map_or(Day::LAST, Day::from));
    (from <= to).then(|| Days::new(from, to))
}
