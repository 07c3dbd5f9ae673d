//! A filter made ready for one snapshot: judged against a row, and against a whole node at once.

use std::ops::RangeInclusive;

use demining::Status;
use geometry::{Area, LonLat, MercatorBounds, Relation};

use crate::{
    condition::{Bound, Reach, narrow},
    cube::Facet,
    day::{Day, Days, Month},
    filter::{Dates, Filter},
    happened::Event,
    node_summary::{NodeSummary, operator_bit, region_bit},
    records::Rest,
    reference::{DistrictSet, ReferenceData},
    row::{KINDS, OUTSIDE, Row, cells_of},
    snapshot::Snapshot,
    window::Window,
};

/// How the rows of a node lie to a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// None of them matches.
    None,
    /// All of them match.
    All,
    /// Those of the wanted statuses and kinds match, and the node's table counts them.
    Table,
    /// Some may match: look at them, by what is open.
    Some(Open),
}

/// What has to be asked of each row, beside its status and kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Five questions that are each open or not.
pub struct Open {
    pub days: bool,
    pub regions: bool,
    pub operators: bool,
    pub places: bool,
    /// What the condition says beyond all these.
    pub condition: bool,
}

/// A filter made ready for one snapshot.
pub struct Query<'a> {
    /// One bit for each wanted cell of status and kind.
    pub cells: u64,
    regions: Option<Regions>,
    operators: Option<OperatorsAsked>,
    /// Found or dealt with in these days.
    pub days: Days,
    /// Found in these days.
    pub found: Days,
    /// Dealt with in these days; whether or not when there are none.
    pub dealt_with: Option<Days>,
    /// The day at whose end the records are seen; the last there is when as they stand now.
    pub as_of: Day,
    windows: Vec<Window>,
    area: Option<&'a Area>,
    /// What the index does not answer by itself.
    condition: Option<Bound>,
    snapshot: &'a Snapshot,
}

/// The districts asked for, also as the bits that nodes keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Regions {
    set: DistrictSet,
    any: u128,
    /// Bits that none but regions asked for fall on.
    only: u128,
}

/// The operators asked for, also as the bits that nodes keep.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorsAsked {
    /// One bit for each operator.
    bits: Vec<u64>,
    any: u64,
    only: u64,
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

    /// The row as it is seen, if it matches.
    pub fn seen(&self, row: Row) -> Option<Row> {
        self.seen_if(row, self.unjudged())
    }

    /// What is open of rows that nothing is known of.
    pub fn unjudged(&self) -> Open {
        Open {
            days: !self.is_of_all_days(),
            regions: self.regions.is_some(),
            operators: self.operators.is_some(),
            places: self.asks_for_places(),
            condition: self.condition.is_some(),
        }
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

    fn is_of_all_days(&self) -> bool {
        self.days == Days::ALL && self.tells_no_days_apart() && self.as_of == Day::LAST
    }

    /// Whether it asks for no days of the find, or of the end, alone.
    fn tells_no_days_apart(&self) -> bool {
        self.found == Days::ALL && self.dealt_with.is_none()
    }

    /// Whether it may take rows of this region.
    pub fn wants_region(&self, region: u16) -> bool {
        self.regions.as_ref().is_none_or(|regions| regions.contains(region))
    }

    /// Whether it may take rows of this operator.
    pub fn wants_operator(&self, operator: u32) -> bool {
        self.operators.as_ref().is_none_or(|asked| asked.contains(operator))
    }

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
        self.snapshot.records.get(number).map(crate::records::Packed::rest)
    }

    /// The cells of status and kind in which rows of a node may be seen.
    pub fn cells_below(&self, summary: &NodeSummary) -> u64 {
        // What was dealt with later is seen as detected.
        let settled = summary.is_settled_by(self.as_of);
        let turned = if settled { 0 } else { (summary.cells & cells_of(Status::Neutralised)) >> KINDS };
        summary.cells | turned
    }

    /// How the rows of a node lie to the filter.
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

    /// How places in a box lie to the windows and the area.
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

    /// How the days on which the rows of a node were dealt with lie to these.
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

/// How the rows of a node lie to boxes, of which one is enough.
pub fn judge_windows(windows: &[Window], bounds: &MercatorBounds) -> Part {
    let inside = |window: &Window| window.inner.is_some_and(|inner| inner.covers(bounds));
    Part::of(windows.iter().any(|window| window.outer.intersects(bounds)), windows.iter().any(inside))
}

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

/// How the rows of a node lie to one part of a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    None,
    Some,
    All,
}

impl Part {
    /// Of whether any may match, and whether all do.
    pub fn of(any: bool, all: bool) -> Self {
        match (any, all) {
            (false, _) => Self::None,
            (true, false) => Self::Some,
            (true, true) => Self::All,
        }
    }

    /// Both parts; the second is only asked when the first is not decided against.
    pub fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::None => Self::None,
            Self::All => other(),
            Self::Some if other() == Self::None => Self::None,
            Self::Some => Self::Some,
        }
    }

    /// One part or the other; the second is only asked when the first does not take all.
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        self.flipped().and(|| other().flipped()).flipped()
    }

    /// Of what does not match.
    pub fn flipped(self) -> Self {
        match self {
            Self::None => Self::All,
            Self::Some => Self::Some,
            Self::All => Self::None,
        }
    }
}

impl Regions {
    /// These districts, of so many that there are.
    pub fn new(set: DistrictSet, n_districts: usize) -> Self {
        let all = (0..n_districts as u16).chain([OUTSIDE]);
        let bits = |wanted| {
            let chosen = all.clone().filter(|region| set.contains(*region) == wanted);
            chosen.fold(0, |bits, region| bits | region_bit(region))
        };
        let (any, other) = (bits(true), bits(false));
        Self { set, any, only: any & !other }
    }

    /// Whether a row of this region is asked for.
    pub fn contains(&self, region: u16) -> bool {
        self.set.contains(region)
    }

    /// How the rows of a node lie to them.
    pub fn judge(&self, summary: &NodeSummary) -> Part {
        Part::of(summary.regions & self.any != 0, summary.regions & !self.only == 0)
    }

    /// What is asked for by both.
    pub fn intersection(self, other: &Self) -> Self {
        // A bit that only regions of one fall on may still stand for regions of which not all are in both.
        Self {
            set: self.set.intersection(&other.set),
            any: self.any & other.any,
            only: self.only & other.only,
        }
    }

    /// What is asked for by one or the other.
    pub fn union(self, other: &Self) -> Self {
        Self { set: self.set.union(&other.set), any: self.any | other.any, only: self.only | other.only }
    }
}

impl OperatorsAsked {
    /// The operators with these numbers, of so many that there are.
    pub fn new(numbers: impl Iterator<Item = u32>, n_operators: u32) -> Self {
        let mut bits = vec![0; n_operators as usize / 64 + 1];
        for number in numbers {
            bits[number as usize / 64] |= 1 << (number % 64);
        }
        let mut asked = Self { bits, any: 0, only: 0 };
        let (any, other) = (0..n_operators).fold((0, 0), |(any, other), number| {
            let bit = operator_bit(number);
            if asked.contains(number) { (any | bit, other) } else { (any, other | bit) }
        });
        (asked.any, asked.only) = (any, any & !other);
        asked
    }

    /// Whether a row of this operator is asked for.
    pub fn contains(&self, operator: u32) -> bool {
        self.bits.get(operator as usize / 64).is_some_and(|word| word >> (operator % 64) & 1 == 1)
    }

    /// How the rows of a node lie to them.
    pub fn judge(&self, summary: &NodeSummary) -> Part {
        Part::of(summary.operators & self.any != 0, summary.operators & !self.only == 0)
    }

    /// What is asked for by both; see [`Regions::intersection`].
    pub fn intersection(mut self, other: &Self) -> Self {
        self.bits.iter_mut().zip(&other.bits).for_each(|(mine, theirs)| *mine &= theirs);
        Self { any: self.any & other.any, only: self.only & other.only, ..self }
    }

    /// What is asked for by one or the other.
    pub fn union(mut self, other: &Self) -> Self {
        self.bits.iter_mut().zip(&other.bits).for_each(|(mine, theirs)| *mine |= theirs);
        Self { any: self.any | other.any, only: self.only | other.only, ..self }
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
