//! A filter made ready for one snapshot: judged against a row, and against a whole node at once.

use demining::Status;
use geometry::{Area, Bounds, LonLat, Mercator, MercatorBounds, Relation};

use crate::{
    cube::Facet,
    day::{Day, Month},
    digest::{Digest, operator_bit, region_bit},
    filter::{Dates, Filter},
    ground::DistrictSet,
    operators::Operators,
    records::Records,
    row::{KINDS, OUTSIDE, Row},
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
    /// Some may match: look at them.
    Some,
}

/// A filter made ready for one snapshot.
pub struct Query<'a> {
    /// One bit for each wanted cell of status and kind.
    pub cells: u64,
    regions: Option<Regions<'a>>,
    operators: Option<OperatorsAsked>,
    /// The first day asked for, and how many days after it the last one is.
    from: Day,
    width: u16,
    windows: Vec<Window>,
    area: Option<&'a Area>,
    records: &'a Records,
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

/// A box of the filter.
struct Window {
    exact: Bounds,
    outer: MercatorBounds,
    /// Units that lie wholly inside the box: one less on each side. None when the box is that small.
    inner: Option<MercatorBounds>,
}

impl<'a> Query<'a> {
    /// Makes the filter ready.
    pub fn new(filter: &'a Filter, n_districts: usize, operators: &Operators, records: &'a Records) -> Self {
        let kinds = u64::from(filter.kinds.bits());
        let cells = filter.statuses.iter().fold(0, |cells, s: Status| cells | kinds << (s.index() * KINDS));
        let regions = filter.regions.as_ref().map(|set| {
            let all = (0..n_districts as u16).chain([OUTSIDE]);
            let bits = |wanted| {
                let chosen = all.clone().filter(|region| set.contains(*region) == wanted);
                chosen.fold(0, |bits, region| bits | region_bit(region))
            };
            Regions { set, any: bits(true), only: bits(true) & !bits(false) }
        });
        let operators = filter.operators.as_ref().map(|names| {
            let mut bits = vec![0; operators.len() as usize / 64 + 1];
            for number in names.iter().filter_map(|name| operators.number(name)) {
                bits[number as usize / 64] |= 1 << (number % 64);
            }
            let mut asked = OperatorsAsked { bits, any: 0, only: 0 };
            let (any, other) = (0..operators.len()).fold((0, 0), |(any, other), number| {
                let bit = operator_bit(number);
                if asked.contains(number) { (any | bit, other) } else { (any, other | bit) }
            });
            (asked.any, asked.only) = (any, any & !other);
            asked
        });
        let days = days(filter.dates);
        let (from, to) = days.unwrap_or((Day::FIRST, Day::FIRST));
        Self {
            // No day at all leaves no cell.
            cells: if days.is_some() { cells } else { 0 },
            regions,
            operators,
            from,
            width: to.0 - from.0,
            windows: filter.bounds.iter().map(|bounds| Window::new(*bounds)).collect(),
            area: filter.area.as_deref(),
            records,
        }
    }

    /// Whether a row matches.
    pub fn matches(&self, row: &Row) -> bool {
        self.matches_but_place(row) && self.matches_place(row)
    }

    /// Whether a row matches wherever it lies. Without branches that depend on the row: where half
    /// of the rows match, guessing wrong costs more than looking at everything.
    pub fn matches_but_place(&self, row: &Row) -> bool {
        // No day lies beyond the last one, so it is never inside.
        let inside = |day: Day| day.0.wrapping_sub(self.from.0) <= self.width;
        let mut matches =
            (self.cells >> row.cell() & 1 == 1) & (inside(row.detected_on) | inside(row.neutralised_on));
        if let Some(regions) = &self.regions {
            matches &= regions.set.contains(row.region);
        }
        if let Some(operators) = &self.operators {
            matches &= operators.contains(row.operator);
        }
        matches
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
        self.from == Day::FIRST && self.width == Day::LAST.0
    }

    fn days(&self) -> (Day, Day) {
        (self.from, Day(self.from.0 + self.width))
    }

    /// Whether it may take rows of this region.
    pub fn wants_region(&self, region: u16) -> bool {
        self.regions.as_ref().is_none_or(|regions| regions.set.contains(region))
    }

    /// Whether it takes this status, kind and operator.
    pub fn wants_facet(&self, facet: &Facet) -> bool {
        self.cells >> facet.cell & 1 == 1
            && self.operators.as_ref().is_none_or(|asked| asked.contains(facet.operator))
    }

    /// The first and the last month it asks for, when it asks for whole months and no places.
    pub fn whole_months(&self) -> Option<(Month, Month)> {
        if self.asks_for_places() {
            return None;
        }
        let (from, to) = self.days();
        let begins = from == Day::FIRST || Day(from.0 - 1).month() != from.month();
        let ends = to == Day::LAST || Day(to.0 + 1).month() != to.month();
        (begins && ends).then(|| (from.month(), to.month()))
    }

    fn matches_place(&self, row: &Row) -> bool {
        if self.windows.is_empty() && self.area.is_none() {
            return true;
        }
        // A row knows its place to a centimetre; only on an edge does that not decide.
        let exact = || self.records.location(row.number).unwrap_or_else(|| LonLat::from(row.place));
        let in_window = |window: &Window| {
            window.holds(row.place) || window.outer.contains(row.place) && window.exact.contains(exact())
        };
        (self.windows.is_empty() || self.windows.iter().any(in_window))
            && self.area.is_none_or(|area| area.contains(exact()))
    }

    /// How the rows of a node lie to the filter.
    pub fn judge(&self, digest: &Digest, bounds: &MercatorBounds) -> Verdict {
        if digest.cells & self.cells == 0 {
            return Verdict::None;
        }
        let Some(rest) = self
            .judge_days(digest)
            .and(|| self.judge_regions(digest))
            .and(|| self.judge_operators(digest))
            .and(|| self.judge_windows(bounds))
            .and(|| self.judge_area(bounds))
            .decided()
        else {
            return Verdict::Some;
        };
        match rest {
            false => Verdict::None,
            true if digest.cells & !self.cells == 0 => Verdict::All,
            true => Verdict::Table,
        }
    }

    fn judge_days(&self, digest: &Digest) -> Part {
        if self.is_of_all_days() {
            return Part::All;
        }
        let (from, to) = self.days();
        let all_found = digest.detected.within(from, to);
        if all_found || digest.all_neutralised() && digest.neutralised.within(from, to) {
            Part::All
        } else if digest.detected.meets(from, to) || digest.neutralised.meets(from, to) {
            Part::Some
        } else {
            Part::None
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

/// How the rows of a node lie to one part of a filter.
#[derive(Clone, Copy, PartialEq)]
enum Part {
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

    fn decided(self) -> Option<bool> {
        match self {
            Self::None => Some(false),
            Self::All => Some(true),
            Self::Some => None,
        }
    }
}

impl Window {
    fn new(exact: Bounds) -> Self {
        let outer = MercatorBounds::from(exact);
        // What lies in the outermost units may lie outside the box, but not beyond the world's edge.
        let inner = [
            if exact.west() <= -180.0 { Some(0) } else { outer.min.x.checked_add(1) },
            if exact.north() >= 90.0 { Some(0) } else { outer.min.y.checked_add(1) },
            if exact.east() >= 180.0 { Some(u32::MAX) } else { outer.max.x.checked_sub(1) },
            if exact.south() <= -90.0 { Some(u32::MAX) } else { outer.max.y.checked_sub(1) },
        ];
        let inner = match inner {
            [Some(x0), Some(y0), Some(x1), Some(y1)] if x0 <= x1 && y0 <= y1 => {
                Some(MercatorBounds { min: Mercator { x: x0, y: y0 }, max: Mercator { x: x1, y: y1 } })
            }
            _ => None,
        };
        Self { exact, outer, inner }
    }

    /// Whether all positions of this unit lie in the box.
    fn holds(&self, place: Mercator) -> bool {
        self.inner.is_some_and(|inner| inner.contains(place))
    }
}

impl OperatorsAsked {
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
