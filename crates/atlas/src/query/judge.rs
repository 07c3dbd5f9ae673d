//! Judges a query against a whole node at once, by the node's summary and bounding box.

use demining::Status;
use geometry::{MercatorBounds, Relation};

use super::{part::Part, plan::Query, window::judge_windows};
use crate::detections::{
    cells::{KINDS, cells_of},
    day::Days,
    node_summary::NodeSummary,
};

/// Which rows of a node match a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// None of the rows match.
    None,
    /// All rows match.
    All,
    /// The rows of the wanted statuses and kinds match, and the node's table counts them.
    Table,
    /// Some may match: check them against the open conditions.
    Some(Open),
}

/// The conditions to check for each row, besides its status and kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Five independent conditions.
pub struct Open {
    pub days: bool,
    pub regions: bool,
    pub operators: bool,
    pub places: bool,
    /// The rest of the filter's condition.
    pub condition: bool,
}

impl Query<'_> {
    /// Returns the open conditions for rows that have not been judged.
    pub fn unjudged(&self) -> Open {
        Open {
            days: !self.is_of_all_days(),
            regions: self.regions.is_some(),
            operators: self.operators.is_some(),
            places: self.asks_for_places(),
            condition: self.condition.is_some(),
        }
    }

    /// Returns the cells of status and kind that rows below a node may have as of the query's day.
    pub fn cells_below(&self, summary: &NodeSummary) -> u64 {
        // Records dealt with later are seen as detected.
        let settled = summary.is_settled_by(self.as_of);
        let turned = if settled { 0 } else { (summary.cells & cells_of(Status::Neutralised)) >> KINDS };
        summary.cells | turned
    }

    /// Judges which rows of a node match the filter.
    pub fn judge(&self, summary: &NodeSummary, bounds: &MercatorBounds) -> Verdict {
        let settled = summary.is_settled_by(self.as_of);
        if self.cells_below(summary) & self.cells == 0 {
            return Verdict::None;
        }
        let days = self.judge_days(summary, settled);
        let (regions, operators) = (self.judge_regions(summary), self.judge_operators(summary));
        if [days, regions, operators].contains(&Part::None) {
            return Verdict::None;
        }
        // Last, because it costs the most.
        let places = self.judge_places(bounds);
        if places == Part::None {
            return Verdict::None;
        }
        let condition = match &self.condition {
            Some(condition) => self.judge_condition(condition, summary, bounds),
            None => Part::All,
        };
        if condition == Part::None {
            return Verdict::None;
        }
        let open = Open {
            days: days == Part::Some,
            regions: regions == Part::Some,
            operators: operators == Part::Some,
            places: places == Part::Some,
            condition: condition == Part::Some,
        };
        if open != Open::default() {
            Verdict::Some(open)
        } else if summary.cells & !self.cells == 0 {
            Verdict::All
        } else {
            Verdict::Table
        }
    }

    /// Judges whether the places in a box are in the windows and the area.
    pub fn judge_places(&self, bounds: &MercatorBounds) -> Part {
        self.judge_windows(bounds).and(|| self.judge_area(bounds))
    }

    fn judge_days(&self, summary: &NodeSummary, settled: bool) -> Part {
        if self.is_of_all_days() {
            return Part::All;
        }
        if summary.detected.least > self.as_of {
            return Part::None;
        }
        let (from, to) = (self.days.from, self.days.to());
        let all_found = summary.detected.within(from, to);
        let either = if !summary.detected.meets(from, to) && !summary.neutralised.meets(from, to) {
            Part::None
        } else if settled && (all_found || summary.all_neutralised() && summary.neutralised.within(from, to))
        {
            Part::All
        } else {
            Part::Some
        };
        let (from, to) = (self.found.from, self.found.to());
        let found = || Part::of(summary.detected.meets(from, to), summary.detected.within(from, to));
        let dealt_with = || self.dealt_with.map_or(Part::All, |days| self.judge_dealt_with(days, summary));
        either.and(found).and(dealt_with)
    }

    /// Judges whether the rows of a node were dealt with on these days.
    pub fn judge_dealt_with(&self, days: Days, summary: &NodeSummary) -> Part {
        let (dealt_with, to) = (summary.neutralised, days.to());
        let all = summary.is_settled_by(self.as_of) && summary.all_neutralised();
        Part::of(dealt_with.meets(days.from, to), all && dealt_with.within(days.from, to))
    }

    fn judge_regions(&self, summary: &NodeSummary) -> Part {
        self.regions.as_ref().map_or(Part::All, |asked| asked.judge(summary))
    }

    fn judge_operators(&self, summary: &NodeSummary) -> Part {
        self.operators.as_ref().map_or(Part::All, |asked| asked.judge(summary))
    }

    fn judge_windows(&self, bounds: &MercatorBounds) -> Part {
        if self.windows.is_empty() { Part::All } else { judge_windows(&self.windows, bounds) }
    }

    fn judge_area(&self, bounds: &MercatorBounds) -> Part {
        self.area.map_or(Part::All, |area| match area.relation(*bounds) {
            Relation::Outside => Part::None,
            Relation::Inside => Part::All,
            Relation::Crosses => Part::Some,
        })
    }
}
