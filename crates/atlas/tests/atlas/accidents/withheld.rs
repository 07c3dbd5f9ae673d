//! No observer finds a withheld number, whatever filters it asks with.

use atlas::{AccidentCounts, DistrictSet, Month, PublicCounts, PublicFilter, View};
use demining::{Accident, Record};
use jiff::{ToSpan, civil::date};
use proptest::prelude::*;
use rand::Rng;

use super::{
    made::{accidents, approved, public},
    observer::{System, Truth},
};
use crate::world::{Maker, SOUTH, WEST, lonlat};

/// An answer's cells without anything withheld.
fn truth(records: &[Record<Accident>]) -> Truth {
    let answer = public(records, 1).public_accidents(&PublicFilter::default());
    answer.cells.into_iter().map(|cell| ((cell.region, cell.month), cell.counts.unwrap())).collect()
}

/// Makes accidents of a small table: of each cell its district, its month, and people of each accident.
fn table(cells: &[(u8, i32, Vec<[u32; 2]>)]) -> Vec<Record<Accident>> {
    let accidents = cells.iter().flat_map(|(district, month, all)| {
        let at =
            lonlat(WEST + 0.25 + 0.5 * f64::from(district / 3), SOUTH + 0.25 + 0.5 * f64::from(district % 3));
        all.iter().map(move |people| (at, date(2022, 1, 9) + month.months(), *people))
    });
    accidents.zip(1..).map(|((at, on, people), number)| approved(number, at, on, people)).collect()
}

fn assert_withheld(records: &[Record<Accident>], min_cell_count: u16) -> PublicCounts {
    let answer = public(records, min_cell_count).public_accidents(&PublicFilter::default());
    let truth = truth(records);
    let least = u64::from(min_cell_count);
    for cell in &answer.cells {
        let counts = truth[&(cell.region.clone(), cell.month)];
        let few = counts.accidents < least || counts.killed + counts.injured < least;
        assert_eq!(cell.counts, (!few || least < 2).then_some(counts));
    }
    assert_eq!(answer.cells.len(), truth.len());
    for (region, total) in answer.regions.iter().filter_map(|(id, total)| Some((id, (*total)?))) {
        assert_eq!(total, truth.iter().filter(|(cell, _)| cell.0 == *region).map(|(_, of)| *of).sum());
    }
    for (month, total) in answer.months.iter().filter_map(|(month, total)| Some((month, (*total)?))) {
        assert_eq!(total, truth.iter().filter(|(cell, _)| cell.1 == *month).map(|(_, of)| *of).sum());
    }
    assert!(answer.total.is_none_or(|total| total == truth.values().copied().sum()));
    answer
}

fn accident() -> impl Strategy<Value = [u32; 2]> {
    (prop_oneof![3 => Just(0_u32), 1 => 1_u32..3], 0_u32..4).prop_map(|(killed, injured)| [killed, injured])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_small_tables_every_withheld_number_has_another_possible_value(
        cells in prop::collection::vec((0_u8..4, 0_i32..4, prop::collection::vec(accident(), 1..5)), 1..14),
        min_cell_count in 2_u16..5,
    ) {
        let records = table(&cells);
        let answer = assert_withheld(&records, min_cell_count);
        let system = System::of(&answer);
        prop_assume!(system.cells.len() < 12);
        prop_assert_eq!(system.determined_by_search(&truth(&records)), vec![]);
        prop_assert_eq!(system.determined_by_elimination(), vec![]);
        prop_assert_eq!(system.determined_by_bounds(), vec![]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_large_tables_no_withheld_number_follows(seed in any::<u64>(), n in 50_u32..1_500) {
        let records = accidents(&mut Maker::new(seed), n);
        let answer = assert_withheld(&records, 3);
        let system = System::of(&answer);
        prop_assert!(!system.cells.is_empty());
        prop_assert_eq!(system.determined_by_elimination(), vec![]);
        prop_assert_eq!(system.determined_by_bounds(), vec![]);
    }

    #[test]
    fn a_filter_selects_and_adds_up_published_numbers_only(seed in any::<u64>(), n in 0_u32..600) {
        let mut maker = Maker::new(seed);
        let view = public(&accidents(&mut maker, n), 3);
        let all = view.public_accidents(&PublicFilter::default());
        for _ in 0..20 {
            let (names, filter) = some_filter(&mut maker, &view);
            prop_assert_eq!(view.public_accidents(&filter), selected(&all, names.as_deref(), &filter));
        }
    }
}

/// Returns a random filter, with the names of its districts.
fn some_filter(maker: &mut Maker, view: &View) -> (Option<Vec<Option<String>>>, PublicFilter) {
    let rng = &mut maker.0;
    let mut names = Vec::new();
    let mut regions = DistrictSet::none();
    for at in 0..9 {
        if rng.random() {
            let name = format!("D{}{}", at / 3, at % 3);
            regions = regions.union(view.reference().districts(&name).unwrap());
            names.push(Some(name));
        }
    }
    if rng.random() {
        regions = regions.union(&DistrictSet::outside());
        names.push(None);
    }
    let everywhere = rng.random_range(0..3) == 0;
    let mut month = |first: i32| {
        let months = rng.random_range(first..first + 9);
        (rng.random_range(0..3) > 0).then(|| Month::from(date(2021, 1, 1) + months.months()))
    };
    let (from, to) = (month(-2), month(5));
    let regions = (!everywhere).then_some(regions);
    (regions.is_some().then_some(names), PublicFilter { regions, from, to })
}

/// Answers a filter from the answer to everything, to which an observer has access anyway.
fn selected(all: &PublicCounts, names: Option<&[Option<String>]>, filter: &PublicFilter) -> PublicCounts {
    let in_regions = |id: &Option<std::sync::Arc<str>>| {
        names.is_none_or(|names| names.iter().any(|n| n.as_deref() == id.as_deref()))
    };
    let in_months =
        |month: Month| filter.from.is_none_or(|from| from <= month) && filter.to.is_none_or(|to| month <= to);
    let cells: Vec<_> =
        all.cells.iter().filter(|cell| in_regions(&cell.region) && in_months(cell.month)).cloned().collect();
    let sum = |counts: Vec<Option<AccidentCounts>>| counts.into_iter().sum::<Option<AccidentCounts>>();
    let total = |is_in: &dyn Fn(&atlas::PublicCell) -> bool, published: Option<AccidentCounts>| {
        let here: Vec<_> = cells.iter().filter(|cell| is_in(cell)).map(|cell| cell.counts).collect();
        let is_whole = here.len() == all.cells.iter().filter(|cell| is_in(cell)).count();
        published.filter(|_| is_whole).or_else(|| sum(here))
    };
    let regions: Vec<_> = (all.regions.iter().filter(|(id, _)| cells.iter().any(|cell| cell.region == *id)))
        .map(|(id, published)| (id.clone(), total(&|cell| cell.region == *id, *published)))
        .collect();
    let months: Vec<_> =
        (all.months.iter().filter(|(month, _)| cells.iter().any(|cell| cell.month == *month)))
            .map(|(month, published)| (*month, total(&|cell| cell.month == *month, *published)))
            .collect();
    let published = all.total.filter(|_| cells.len() == all.cells.len());
    let by_region = sum(regions.iter().map(|(_, total)| *total).collect());
    let by_month = sum(months.iter().map(|(_, total)| *total).collect());
    PublicCounts { cells, regions, months, total: published.or(by_region).or(by_month) }
}

#[test]
fn a_total_with_one_withheld_cell_is_withheld_and_so_is_what_would_reveal_it() {
    // One district has a single small cell. Its total would be that cell plus the published one.
    let big = || vec![[1, 2]; 5];
    let records = table(&[(0, 0, big()), (0, 1, vec![[1, 0]]), (1, 0, big()), (1, 1, big())]);
    let answer = assert_withheld(&records, 3);
    let is_shown =
        |totals: Vec<Option<AccidentCounts>>| totals.iter().map(Option::is_some).collect::<Vec<_>>();
    assert_eq!(is_shown(answer.regions.into_iter().map(|(_, total)| total).collect()), [false, true]);
    assert_eq!(is_shown(answer.months.into_iter().map(|(_, total)| total).collect()), [true, false]);
    assert_eq!(answer.total, None, "with it, the single district without a total would follow");
}

#[test]
fn totals_of_several_withheld_cells_are_published() {
    // Two districts by two months, all small: every number can vary while the totals stay.
    let cell = |people: &[[u32; 2]]| people.to_vec();
    let records = table(&[
        (0, 0, cell(&[[1, 1], [0, 1]])),
        (0, 1, cell(&[[1, 1], [1, 0]])),
        (1, 0, cell(&[[1, 0], [1, 1]])),
        (1, 1, cell(&[[0, 2], [1, 1]])),
    ]);
    let answer = assert_withheld(&records, 3);
    assert!(answer.cells.iter().all(|cell| cell.counts.is_none()));
    assert!(answer.regions.iter().all(|(_, total)| total.is_some()));
    assert!(answer.months.iter().all(|(_, total)| total.is_some()));
    assert_eq!(answer.total.map(|total| (total.accidents, total.killed)), Some((8, 6)));
    // If nobody was killed in a district, its total would say so of every month.
    let records = table(&[
        (0, 0, cell(&[[0, 1], [0, 1]])),
        (0, 1, cell(&[[0, 1], [0, 1]])),
        (1, 0, cell(&[[1, 0], [1, 1]])),
        (1, 1, cell(&[[0, 2], [1, 1]])),
    ]);
    assert_eq!(assert_withheld(&records, 3).regions[0].1, None);
}

#[test]
fn many_sparse_districts_still_have_a_total() {
    let records = accidents(&mut Maker::new(81), 600);
    let answer = assert_withheld(&records, 3);
    let withheld = answer.cells.iter().filter(|cell| cell.counts.is_none()).count();
    let months = answer.months.iter().filter(|(_, total)| total.is_some()).count();
    assert!(withheld > 50 && months > 8, "{withheld} cells withheld, {months} months with totals");
    assert!(answer.total.is_some());
}

#[test]
fn no_accidents_are_zero() {
    let answer = public(&[], 5).public_accidents(&PublicFilter::default());
    assert_eq!(answer.total, Some(AccidentCounts::default()));
    assert!(answer.cells.is_empty() && answer.regions.is_empty() && answer.months.is_empty());
}
