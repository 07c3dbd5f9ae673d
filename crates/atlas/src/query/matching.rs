//! Compares a query with one row, and returns the row as of the query's day.

use geometry::LonLat;

use super::{judge::Open, plan::Query};
use crate::detections::{
    records::{Packed, Rest},
    row::Row,
};

impl<'a> Query<'a> {
    /// Returns the row as of the query's day, if it matches.
    pub fn seen(&self, row: Row) -> Option<Row> {
        self.seen_if(row, self.unjudged())
    }

    /// Returns the row as of the query's day, if it matches the open conditions.
    pub fn seen_if(&self, row: Row, open: Open) -> Option<Row> {
        let seen = row.as_of(self.as_of)?;
        let matches = self.cells >> seen.cell() & 1 == 1
            && (!open.days || self.matches_days(&seen))
            && (!open.regions || self.wants_region(row.region))
            && (!open.operators || self.wants_operator(row.operator))
            && (!open.places || self.matches_place(&row))
            && (!open.condition || self.condition.as_ref().is_none_or(|asked| self.meets(asked, row, seen)));
        matches.then_some(seen)
    }

    /// Returns `true` if a row may have matched before its record was changed or deleted. The old record is
    /// gone, so conditions on its other fields count as satisfied.
    pub fn may_have_shown(&self, row: &Row) -> bool {
        let seen = self.seen_if(*row, Open { condition: false, ..self.unjudged() });
        let meets = |seen: Row| self.condition.as_ref().is_none_or(|asked| self.may_meet(asked, row, &seen));
        seen.is_some_and(meets)
    }

    fn matches_days(&self, seen: &Row) -> bool {
        (self.days.contains(seen.detected_on) || self.days.contains(seen.neutralised_on))
            && self.found.contains(seen.detected_on)
            && self.dealt_with.is_none_or(|days| days.contains(seen.neutralised_on))
    }

    /// Returns `true` if the row satisfies the part of the condition that the index does not decide.
    pub fn passes(&self, row: Row) -> bool {
        let meets = |asked| row.as_of(self.as_of).is_some_and(|seen| self.meets(asked, row, seen));
        self.condition.as_ref().is_none_or(meets)
    }

    /// Returns `true` if rows of this region may match.
    pub fn wants_region(&self, region: u16) -> bool {
        self.regions.as_ref().is_none_or(|regions| regions.contains(region))
    }

    /// Returns `true` if rows of this operator may match.
    pub fn wants_operator(&self, operator: u32) -> bool {
        self.operators.as_ref().is_none_or(|asked| asked.contains(operator))
    }

    fn matches_place(&self, row: &Row) -> bool {
        if !self.asks_for_places() {
            return true;
        }
        let exact = || self.exact_place(row);
        (self.windows.is_empty() || self.windows.iter().any(|window| window.takes(row.place, exact)))
            && self.area.is_none_or(|area| area.contains(exact()))
    }

    /// Returns the position of a row. The row has it to a centimetre, its record exactly; a record shown at
    /// the middle of a cell has that position.
    pub fn exact_place(&self, row: &Row) -> LonLat {
        let own = if self.hides(row) { None } else { self.snapshot.records.location(row.number) };
        own.unwrap_or_else(|| LonLat::from(row.place))
    }

    /// Returns `true` if the row is of a record that is not shown itself.
    pub fn hides(&self, row: &Row) -> bool {
        self.snapshot.hides(row)
    }

    /// Returns the values of a record beside its row.
    pub fn record(&self, number: u32) -> Option<Rest<'a>> {
        self.snapshot.records.get(number).map(Packed::rest)
    }
}
