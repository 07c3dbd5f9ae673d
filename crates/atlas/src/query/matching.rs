//! A query held against one row: whether the row matches, and as what it is seen.

use geometry::LonLat;

use super::{judge::Open, plan::Query};
use crate::detections::{
    records::{Packed, Rest},
    row::Row,
};

impl<'a> Query<'a> {
    /// The row as it is seen, if it matches.
    pub fn seen(&self, row: Row) -> Option<Row> {
        self.seen_if(row, self.unjudged())
    }

    /// The row as it is seen, if it matches in what is open.
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

    /// Whether it takes a row whose record may be gone or have changed. What only the record told is
    /// not kept: what a condition says of that is taken to have been so.
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

    /// Whether the row passes what the condition says beyond all that the index answers.
    pub fn passes(&self, row: Row) -> bool {
        let meets = |asked| row.as_of(self.as_of).is_some_and(|seen| self.meets(asked, row, seen));
        self.condition.as_ref().is_none_or(meets)
    }

    /// Whether it may take rows of this region.
    pub fn wants_region(&self, region: u16) -> bool {
        self.regions.as_ref().is_none_or(|regions| regions.contains(region))
    }

    /// Whether it may take rows of this operator.
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

    /// Where a row lies. It knows its place to a centimetre, its record to the last digit; what is
    /// shown on the middle of a cell lies there.
    pub fn exact_place(&self, row: &Row) -> LonLat {
        let own = if self.hides(row) { None } else { self.snapshot.records.location(row.number) };
        own.unwrap_or_else(|| LonLat::from(row.place))
    }

    /// Whether the row stands for a record that is not shown itself.
    pub fn hides(&self, row: &Row) -> bool {
        self.snapshot.hides(row)
    }

    /// What the record with this number holds beside what its row does.
    pub fn record(&self, number: u32) -> Option<Rest<'a>> {
        self.snapshot.records.get(number).map(Packed::rest)
    }
}
