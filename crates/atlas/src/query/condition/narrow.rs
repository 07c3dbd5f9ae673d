//! Translates a condition to the terms of the index, and returns what must be checked for each row.

use geometry::Bounds;

use super::bind::Bound;
use crate::{
    detections::day::Days,
    query::{
        asked::{OperatorsAsked, Regions},
        window::Window,
    },
};

/// Maximum number of separate boxes: each is compared with every node.
const MOST_BOXES: usize = 16;

/// Bounds on everything that passes a condition. `None` means no restriction.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// Cells of status and kind, by their bits.
    pub cells: u64,
    /// Districts.
    pub regions: Option<Regions>,
    /// Operators.
    pub operators: Option<OperatorsAsked>,
    /// Days found.
    pub found: Days,
    /// Days dealt with.
    pub dealt_with: Option<Days>,
    /// Boxes.
    pub boxes: Option<Vec<Bounds>>,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            cells: u64::MAX,
            regions: None,
            operators: None,
            found: Days::ALL,
            dealt_with: None,
            boxes: None,
        }
    }
}

/// Returns the bounds that the condition implies, and the rest of the condition; the rest is `None` if the
/// bounds are exact.
pub fn narrow(condition: Bound) -> (Reach, Option<Bound>) {
    let everywhere = Reach::default;
    match condition {
        Bound::All(parts) => all(parts),
        Bound::Any(parts) => any(parts),
        Bound::Cells(cells) => (Reach { cells, ..everywhere() }, None),
        Bound::Regions(regions) => (Reach { regions: Some(regions), ..everywhere() }, None),
        Bound::Operators(operators) => (Reach { operators: Some(operators), ..everywhere() }, None),
        Bound::Found(found) => (Reach { found, ..everywhere() }, None),
        Bound::DealtWith(days) => (Reach { dealt_with: Some(days), ..everywhere() }, None),
        Bound::Boxes(windows, true) if windows.len() <= MOST_BOXES => {
            let boxes = windows.iter().map(|window| window.exact).collect();
            (Reach { boxes: Some(boxes), ..everywhere() }, None)
        }
        other => (everywhere(), Some(other)),
    }
}

fn all(parts: Vec<Bound>) -> (Reach, Option<Bound>) {
    let (mut reach, mut left) = (Reach::default(), Vec::new());
    for part in parts {
        let (of_part, left_of_part) = narrow(part);
        left.extend(left_of_part);
        left.extend(reach.intersect(of_part));
    }
    let left = match left.len() {
        0 | 1 => left.pop(),
        _ => Some(Bound::All(left)),
    };
    (reach, left)
}

fn any(parts: Vec<Bound>) -> (Reach, Option<Bound>) {
    let narrowed: Vec<_> = parts.iter().map(|part| narrow(part.clone())).collect();
    let mut reaches = narrowed.iter().map(|(reach, _)| reach).filter(|reach| !reach.is_empty());
    // Parts that can never be true add nothing.
    let Some(first) = reaches.next().cloned() else { return (Reach { cells: 0, ..Reach::default() }, None) };
    let (mut union, mut is_exact) = (first.clone(), narrowed.iter().all(|(_, left)| left.is_none()));
    let mut differing = [false; 4];
    for reach in reaches {
        let differs = [
            reach.cells != first.cells,
            reach.regions != first.regions,
            reach.operators != first.operators,
            reach.boxes != first.boxes,
        ];
        for (any, one) in differing.iter_mut().zip(differs) {
            *any |= one;
        }
        // Days between two intervals belong to neither.
        is_exact &= reach.found == first.found && reach.dealt_with == first.dealt_with;
        union = union.union(reach);
    }
    // Unions in two dimensions also include combinations of one part in the first with another part in the
    // second.
    is_exact &= differing.iter().filter(|differs| **differs).count() <= 1;
    is_exact &= union.boxes.is_some() || first.boxes.is_none() || !differing[3];
    let left = if is_exact { None } else { Some(Bound::Any(parts)) };
    (union, left)
}

impl Reach {
    /// Returns `true` if certainly nothing passes.
    fn is_empty(&self) -> bool {
        self.cells == 0
    }

    /// Intersects with other bounds, and returns the part of them that cannot be represented.
    fn intersect(&mut self, other: Self) -> Option<Bound> {
        self.cells &= other.cells;
        self.regions = both(self.regions.take(), other.regions, Regions::intersection);
        self.operators = both(self.operators.take(), other.operators, OperatorsAsked::intersection);
        let nothing = |days: Option<Days>, cells: &mut u64| {
            *cells = if days.is_none() { 0 } else { *cells };
            days.unwrap_or(Days::ALL)
        };
        self.found = nothing(self.found.intersection(other.found), &mut self.cells);
        if let (Some(mine), Some(theirs)) = (self.dealt_with, other.dealt_with) {
            self.dealt_with = Some(nothing(mine.intersection(theirs), &mut self.cells));
        } else {
            self.dealt_with = self.dealt_with.or(other.dealt_with);
        }
        match (&self.boxes, other.boxes) {
            (Some(_), Some(theirs)) => {
                return Some(Bound::Boxes(theirs.into_iter().map(Window::new).collect(), true));
            }
            (None, theirs) => self.boxes = theirs,
            (Some(_), None) => {}
        }
        None
    }

    /// Returns bounds that include both.
    fn union(self, other: &Self) -> Self {
        let boxes = match (self.boxes, &other.boxes) {
            (Some(mut mine), Some(theirs)) => {
                mine.extend(
                    theirs.iter().filter(|bounds| !mine.contains(bounds)).copied().collect::<Vec<_>>(),
                );
                Some(mine).filter(|boxes| boxes.len() <= MOST_BOXES)
            }
            _ => None,
        };
        let either = |a: Option<Regions>, b: &Option<Regions>| Some(a?.union(b.as_ref()?));
        let operators = |a: Option<OperatorsAsked>, b: &Option<OperatorsAsked>| Some(a?.union(b.as_ref()?));
        Self {
            cells: self.cells | other.cells,
            regions: either(self.regions, &other.regions),
            operators: operators(self.operators, &other.operators),
            found: self.found.hull(other.found),
            dealt_with: self.dealt_with.zip(other.dealt_with).map(|(a, b)| a.hull(b)),
            boxes,
        }
    }
}

/// Returns the intersection of both if both are set, otherwise the one that is.
fn both<T>(mine: Option<T>, theirs: Option<T>, intersection: impl FnOnce(T, &T) -> T) -> Option<T> {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => Some(intersection(mine, &theirs)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use demining::{Kind, Status};
    use geometry::Shape;
    use jiff::civil::date;

    use super::*;
    use crate::{
        core::{scope::Scope, snapshot::Snapshot},
        detections::{
            cells::{KINDS, cells_of},
            day::Day,
            operators::Operators,
        },
        query::{
            condition::{
                comparison::Comparison,
                expression::Condition,
                field::{Field, TextField, TimeField},
                spatial::Spatial,
                text::{Folding, TextTest},
                time::{Moment, Time},
            },
            filter::Filter,
            judge::Open,
            plan::Query,
        },
        reference::ReferenceData,
    };

    fn is(field: TextField, value: &str) -> Condition {
        let test = TextTest::Compare(Comparison::Equal, value.into());
        Condition::Text { field, folding: Folding::default(), test }
    }

    fn found(is: Comparison, year: i16) -> Condition {
        let day = Moment::At(Time::Day(date(year, 1, 1)));
        Condition::Time(Moment::Field(TimeField::DetectedOn), is, day)
    }

    fn inside(west: f64) -> Condition {
        let bounds = Bounds::new(west, 39.0, west + 1.0, 40.0).unwrap();
        Condition::Place(Spatial::Intersects, Arc::new(Shape::of_boxes(vec![bounds]).unwrap()))
    }

    fn reference() -> ReferenceData {
        ReferenceData::new(vec![], vec![], vec![]).unwrap()
    }

    fn narrowed(condition: &Condition) -> (Reach, bool) {
        let mut operators = Operators::default();
        operators.number_or_new(Some("A"));
        operators.number_or_new(Some("B"));
        let (reach, left) = narrow(Bound::new(condition, &reference(), &operators));
        (reach, left.is_some())
    }

    const MINES: u64 = 1 << (Status::Neutralised.index() * KINDS + Kind::ApMine.index());

    #[test]
    fn statuses_and_kinds_are_cells_in_whatever_way_they_are_joined() {
        let mines =
            Condition::All(vec![is(TextField::Status, "neutralised"), is(TextField::Kind, "ap_mine")]);
        let (reach, left) = narrowed(&mines);
        assert_eq!((reach.cells & cells_of(Status::Neutralised), left), (MINES, false));
        assert_eq!(reach, Reach { cells: reach.cells, ..Reach::default() });
        let (others, left) = narrowed(&mines.clone().not());
        assert_eq!(
            (others.cells & cells_of(Status::Neutralised), left),
            (cells_of(Status::Neutralised) & !MINES, false)
        );
        let (reach, left) = narrowed(&Condition::Any(vec![mines, is(TextField::Status, "discounted")]));
        assert_eq!(
            reach.cells & (cells_of(Status::Neutralised) | cells_of(Status::Discounted)),
            MINES | cells_of(Status::Discounted)
        );
        assert!(!left);
    }

    #[test]
    fn a_condition_that_the_index_answers_leaves_nothing_open() {
        let (reference, snapshot) = (reference(), Snapshot::empty(Scope::Full, &reference()));
        let query = |condition: Condition| {
            let filter = Filter { condition: Some(condition.into()), ..Filter::everything() };
            let query = Query::new(&filter, &reference, &snapshot);
            (query.cells, query.unjudged(), query.is_answered_by_summaries())
        };
        let mines =
            Condition::All(vec![is(TextField::Status, "neutralised"), is(TextField::Kind, "ap_mine")]);
        assert_eq!(query(mines.clone()), (MINES, Open::default(), true));
        let team = Condition::All(vec![mines, is(TextField::named("team").unwrap(), "4")]);
        assert_eq!(query(team), (MINES, Open { condition: true, ..Open::default() }, false));
        let since = query(found(Comparison::AtLeast, 2021)).1;
        assert_eq!(since, Open { days: true, ..Open::default() });
        assert_eq!(query(inside(46.0)).1, Open { places: true, ..Open::default() });
    }

    #[test]
    fn days_narrow_together_and_leave_something_open_apart() {
        let year = Condition::All(vec![found(Comparison::AtLeast, 2021), found(Comparison::Less, 2022)]);
        let (reach, left) = narrowed(&year);
        let day = |year, month, day| Day::from(date(year, month, day));
        assert_eq!((reach.found.from, reach.found.to(), left), (day(2021, 1, 1), day(2021, 12, 31), false));
        // The complement of the year is two ranges; only the condition itself excludes the year between them.
        let (reach, left) = narrowed(&year.not());
        assert_eq!((reach.found, left), (Days::ALL, true));
        let never = Condition::All(vec![found(Comparison::Less, 2021), found(Comparison::Greater, 2021)]);
        assert_eq!((narrowed(&never).0.cells, narrowed(&never).1), (0, false));
        assert_eq!(narrowed(&found(Comparison::Less, 1900)).0.cells, 0);
    }

    #[test]
    fn parts_that_differ_in_one_respect_unite_and_in_two_leave_something_open() {
        let (a, b) = (is(TextField::Operator, "A"), is(TextField::Operator, "B"));
        let (reach, left) = narrowed(&Condition::Any(vec![a.clone(), b]));
        let operators = reach.operators.unwrap();
        assert!(operators.contains(1) && operators.contains(2) && !operators.contains(0) && !left);
        let (reach, left) = narrowed(&Condition::Any(vec![a.clone(), is(TextField::Kind, "ap_mine")]));
        assert_eq!((reach, left), (Reach::default(), true));
        let (reach, left) = narrowed(&Condition::Any(vec![inside(46.0), inside(50.0)]));
        assert_eq!((reach.boxes.unwrap().len(), left), (2, false));
        // For two boxes at once, the index handles one; the other is checked for each place in it.
        let (reach, left) = narrowed(&Condition::All(vec![inside(46.0), inside(46.5)]));
        assert_eq!((reach.boxes.unwrap().len(), left), (1, true));
        // A part that can never be true does not affect the rest.
        let (reach, left) = narrowed(&Condition::Any(vec![a, Condition::always(false)]));
        assert!(reach.operators.is_some() && !left);
    }

    #[test]
    fn what_lacks_an_operator_is_neither_of_one_nor_not_of_it() {
        let (reach, _) = narrowed(&is(TextField::Operator, "A").not());
        let operators = reach.operators.unwrap();
        assert!(operators.contains(2) && !operators.contains(1) && !operators.contains(0));
        let (reach, _) = narrowed(&Condition::Missing(Field::Text(TextField::Operator)));
        assert!(reach.operators.unwrap().contains(0));
    }
}
