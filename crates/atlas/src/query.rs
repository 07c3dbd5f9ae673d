//! A filter made ready for one snapshot: judged against a row, and against a whole node at once.

use demining::Status;
use geometry::{Area, LonLat, MercatorBounds, Relation};

use crate::{
    cube::Facet,
    day::{Day, Month},
    digest::{Digest, operator_bit, region_bit},
    filter::{Dates, Filter},
    ground::DistrictSet,
    row::{KINDS, OUTSIDE, Row, cells_of},
    scope::{self, Scope},
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
#[allow(clippy::struct_excessive_bools)] // Four questions that are each open or not.
pub struct Open {
    pub days: bool,
    pub regions: bool,
    pub operators: bool,
    pub places: bool,
}

/// A filter made ready for one snapshot.
pub struct Query<'a> {
    /// One bit for each wanted cell of status and kind.
    pub cells: u64,
    regions: Option<Regions<'a>>,
    operators: Option<OperatorsAsked>,
    /// The first day asked for, and how many days after it the last one is.
    pub from: Day,
    pub width: u16,
    /// The day at whose end the records are seen; the last there is when as they stand now.
    pub as_of: Day,
    windows: Vec<Window>,
    area: Option<&'a Area>,
    snapshot: &'a Snapshot,
}

/// The districts asked for, also as the bits that nodes keep.
struct Regions<'a> {
    set: &'a DistrictSet,
    any: u128,
    /// Bits that none but regions asked for fall on.
    only: u128,
}

struct OperatorsAsked {
    /// One bit for each operator.
    bits: Vec<u64>,
    any: u64,
    only: u64,
}

impl<'a> Query<'a> {
    /// Makes the filter ready.
    pub fn new(filter: &'a Filter, n_districts: usize, snapshot: &'a Snapshot) -> Self {
        let kinds = u64::from(filter.kinds.bits());
        let cells = filter.statuses.iter().fold(0, |cells, s: Status| cells | kinds << (s.index() * KINDS));
        let days = days(filter.dates);
        let as_of = match filter.as_of {
            // Before the first day there is nothing was found.
            Some(day) if day.year() < 1900 => None,
            day => Some(day.map_or(Day::LAST, Day::from)),
        };
        let (from, to) = days.unwrap_or((Day::FIRST, Day::FIRST));
        Self {
            // No day at all leaves no cell.
            cells: if days.and(as_of).is_some() { cells } else { 0 },
            regions: filter.regions.as_ref().map(|set| Regions::new(set, n_districts)),
            operators: filter.operators.as_ref().map(|names| OperatorsAsked::new(names, snapshot)),
            from,
            width: to.0 - from.0,
            as_of: as_of.unwrap_or(Day::FIRST),
            windows: filter.bounds.iter().map(|bounds| Window::new(*bounds)).collect(),
            area: filter.area.as_deref(),
            snapshot,
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
        }
    }

    /// The row as it is seen, if it matches in what is open.
    pub fn seen_if(&self, row: Row, open: Open) -> Option<Row> {
        let seen = row.as_of(self.as_of)?;
        // No day lies beyond the last one, so none is never inside.
        let inside = |day: Day| day.0.wrapping_sub(self.from.0) <= self.width;
        let matches = self.cells >> seen.cell() & 1 == 1
            && (!open.days || inside(seen.detected_on) || inside(seen.neutralised_on))
            && (!open.regions || self.wants_region(row.region))
            && (!open.operators || self.wants_operator(row.operator))
            && (!open.places || self.matches_place(&row));
        matches.then_some(seen)
    }

    /// Whether it asks for places more closely than by region.
    pub fn asks_for_places(&self) -> bool {
        !self.windows.is_empty() || self.area.is_some()
    }

    /// Whether it asks for nothing but statuses, kinds and regions.
    pub fn asks_only_for_cells_and_regions(&self) -> bool {
        !self.asks_for_places() && self.operators.is_none() && self.is_of_all_days()
    }

    /// Whether every node's summary decides it, down to the last row, but for places.
    pub fn is_answered_by_summaries(&self) -> bool {
        self.asks_only_for_cells_and_regions() && self.regions.is_none()
    }

    fn is_of_all_days(&self) -> bool {
        self.from == Day::FIRST && self.width == Day::LAST.0 && self.as_of == Day::LAST
    }

    fn days(&self) -> (Day, Day) {
        (self.from, Day(self.from.0 + self.width))
    }

    /// Whether it may take rows of this region.
    pub fn wants_region(&self, region: u16) -> bool {
        self.regions.as_ref().is_none_or(|regions| regions.set.contains(region))
    }

    /// Whether it may take rows of this operator.
    pub fn wants_operator(&self, operator: u32) -> bool {
        self.operators.as_ref().is_none_or(|asked| asked.contains(operator))
    }

    /// What months tell, when it asks for whole months and no places.
    pub fn whole_months(&self) -> Option<WholeMonths> {
        if self.asks_for_places() {
            return None;
        }
        let (from, to) = self.days();
        let begins = from == Day::FIRST || Day(from.0 - 1).month() != from.month();
        let ends = |day: Day| day == Day::LAST || Day(day.0 + 1).month() != day.month();
        (begins && ends(to) && ends(self.as_of)).then(|| WholeMonths {
            from: from.month(),
            to: to.month(),
            as_of: self.as_of.month(),
        })
    }

    /// Whether it takes this status, kind and operator.
    pub fn wants_facet(&self, facet: &Facet) -> bool {
        self.cells >> facet.cell & 1 == 1 && self.wants_operator(facet.operator)
    }

    fn matches_place(&self, row: &Row) -> bool {
        if !self.asks_for_places() {
            return true;
        }
        // A row knows its place to a centimetre; only on an edge does that not decide. One that is
        // shown on the middle of a cell lies there.
        let exact = || match self.snapshot.scope {
            Scope::Public if scope::is_coarse(row) => LonLat::from(row.place),
            _ => self.snapshot.records.location(row.number).unwrap_or_else(|| LonLat::from(row.place)),
        };
        let in_window = |window: &Window| {
            window.holds(row.place) || window.outer.contains(row.place) && window.exact.contains(exact())
        };
        (self.windows.is_empty() || self.windows.iter().any(in_window))
            && self.area.is_none_or(|area| area.contains(exact()))
    }

    /// How the rows of a node lie to the filter.
    pub fn judge(&self, digest: &Digest, bounds: &MercatorBounds) -> Verdict {
        let settled = digest.is_settled_by(self.as_of);
        // What was dealt with later is seen as detected.
        let turned = if settled { 0 } else { (digest.cells & cells_of(Status::Neutralised)) >> KINDS };
        if (digest.cells | turned) & self.cells == 0 {
            return Verdict::None;
        }
        let days = self.judge_days(digest, settled);
        let (regions, operators) = (self.judge_regions(digest), self.judge_operators(digest));
        if [days, regions, operators].contains(&Part::None) {
            return Verdict::None;
        }
        // Last, because it costs the most.
        let places = self.judge_places(bounds);
        if places == Part::None {
            return Verdict::None;
        }
        let open = Open {
            days: days == Part::Some,
            regions: regions == Part::Some,
            operators: operators == Part::Some,
            places: places == Part::Some,
        };
        if open != Open::default() {
            Verdict::Some(open)
        } else if digest.cells & !self.cells == 0 {
            Verdict::All
        } else {
            Verdict::Table
        }
    }

    /// How places in a box lie to the windows and the area.
    pub fn judge_places(&self, bounds: &MercatorBounds) -> Part {
        self.judge_windows(bounds).and(|| self.judge_area(bounds))
    }

    fn judge_days(&self, digest: &Digest, settled: bool) -> Part {
        if self.is_of_all_days() {
            return Part::All;
        }
        if digest.detected.least > self.as_of {
            return Part::None;
        }
        let (from, to) = self.days();
        let all_found = digest.detected.within(from, to);
        if !digest.detected.meets(from, to) && !digest.neutralised.meets(from, to) {
            Part::None
        } else if settled && (all_found || digest.all_neutralised() && digest.neutralised.within(from, to)) {
            Part::All
        } else {
            Part::Some
        }
    }

    fn judge_regions(&self, digest: &Digest) -> Part {
        self.regions.as_ref().map_or(Part::All, |asked| {
            Part::of(digest.regions & asked.any != 0, digest.regions & !asked.only == 0)
        })
    }

    fn judge_operators(&self, digest: &Digest) -> Part {
        self.operators.as_ref().map_or(Part::All, |asked| {
            Part::of(digest.operators & asked.any != 0, digest.operators & !asked.only == 0)
        })
    }

    fn judge_windows(&self, bounds: &MercatorBounds) -> Part {
        if self.windows.is_empty() {
            return Part::All;
        }
        let inside = |window: &Window| window.inner.is_some_and(|inner| inner.covers(bounds));
        Part::of(
            self.windows.iter().any(|window| window.outer.intersects(bounds)),
            self.windows.iter().any(inside),
        )
    }

    fn judge_area(&self, bounds: &MercatorBounds) -> Part {
        self.area.map_or(Part::All, |area| match area.relation(*bounds) {
            Relation::Outside => Part::None,
            Relation::Inside => Part::All,
            Relation::Crosses => Part::Some,
        })
    }
}

/// The months that are asked for, and that at whose end the records are seen.
#[derive(Clone, Copy, Debug)]
pub struct WholeMonths {
    from: Month,
    to: Month,
    as_of: Month,
}

impl WholeMonths {
    /// The facet as it is seen, if it lies in the months.
    pub fn seen(self, facet: Facet) -> Option<Facet> {
        let inside = |month: Month| self.from <= month && month <= self.to;
        let facet = facet.as_of(self.as_of)?;
        (inside(facet.detected) || inside(facet.neutralised)).then_some(facet)
    }
}

/// How the rows of a node lie to one part of a filter.
#[derive(Clone, Copy, PartialEq)]
pub enum Part {
    None,
    Some,
    All,
}

impl Part {
    fn of(any: bool, all: bool) -> Self {
        match (any, all) {
            (false, _) => Self::None,
            (true, false) => Self::Some,
            (true, true) => Self::All,
        }
    }

    /// Both parts; the second is only asked when the first is not decided against.
    fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::None => Self::None,
            Self::All => other(),
            Self::Some if other() == Self::None => Self::None,
            Self::Some => Self::Some,
        }
    }
}

impl<'a> Regions<'a> {
    fn new(set: &'a DistrictSet, n_districts: usize) -> Self {
        let all = (0..n_districts as u16).chain([OUTSIDE]);
        let bits = |wanted| {
            let chosen = all.clone().filter(|region| set.contains(*region) == wanted);
            chosen.fold(0, |bits, region| bits | region_bit(region))
        };
        Self { set, any: bits(true), only: bits(true) & !bits(false) }
    }
}

impl OperatorsAsked {
    fn new(names: &[String], snapshot: &Snapshot) -> Self {
        let operators = &snapshot.operators;
        let mut bits = vec![0; operators.len() as usize / 64 + 1];
        for number in names.iter().filter_map(|name| operators.number(name)) {
            bits[number as usize / 64] |= 1 << (number % 64);
        }
        let mut asked = Self { bits, any: 0, only: 0 };
        let (any, other) = (0..operators.len()).fold((0, 0), |(any, other), number| {
            let bit = operator_bit(number);
            if asked.contains(number) { (any | bit, other) } else { (any, other | bit) }
        });
        (asked.any, asked.only) = (any, any & !other);
        asked
    }

    fn contains(&self, operator: u32) -> bool {
        self.bits.get(operator as usize / 64).is_some_and(|word| word >> (operator % 64) & 1 == 1)
    }
}

/// The interval as days, all days when it is open on both sides; none when it ends before it
/// begins, or before the first day there is.
fn days(dates: Dates) -> Option<(Day, Day)> {
    if dates.to.is_some_and(|to| to.year() < 1900) {
        return None;
    }
    let (from, to) = (dates.from.map_or(Day::FIRST, Day::from), dates.to.map_or(Day::LAST, Day::from));
    (from <= to).then_some((from, to))
}
