//! Public counts as a reader asks for them.

use std::{collections::BTreeMap, sync::Arc};

use super::suppress::Published;
use crate::{
    accidents::counts::AccidentCounts,
    detections::day::Month,
    reference::{DistrictSet, ReferenceData},
};

/// The only filters of public counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicFilter {
    /// In these districts; anywhere if `None`.
    pub regions: Option<DistrictSet>,
    /// The first month.
    pub from: Option<Month>,
    /// The last month.
    pub to: Option<Month>,
}

/// The counts of a district's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicCell {
    /// The district's id; `None` outside every region.
    pub region: Option<Arc<str>>,
    /// The month.
    pub month: Month,
    /// The counts; `None` if they are withheld: there was at least one accident.
    pub counts: Option<AccidentCounts>,
}

/// What the public may know: cells that are missing are without approved accidents, and `None` is a withheld
/// number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicCounts {
    /// The cells with accidents, by district and month. Those outside every region come last.
    pub cells: Vec<PublicCell>,
    /// The total of each district over the selected months.
    pub regions: Vec<(Option<Arc<str>>, Option<AccidentCounts>)>,
    /// The total of each month over the selected districts.
    pub months: Vec<(Month, Option<AccidentCounts>)>,
    /// The total of the selected cells.
    pub total: Option<AccidentCounts>,
}

impl PublicFilter {
    fn selects(&self, (district, month): (u16, Month)) -> bool {
        self.regions.as_ref().is_none_or(|regions| regions.contains(district))
            && self.from.is_none_or(|from| from <= month)
            && self.to.is_none_or(|to| month <= to)
    }
}

impl Published {
    /// Returns the selected part. Its numbers are published ones or sums of published ones.
    pub fn answer(&self, filter: &PublicFilter, reference: &ReferenceData) -> PublicCounts {
        let cells = || self.cells.iter().filter(|(cell, _)| filter.selects(**cell));
        let districts = self.totals(filter, |(district, _)| district, &self.districts);
        let months = self.totals(filter, |(_, month)| month, &self.months);
        let is_everything = self.cells.keys().all(|cell| filter.selects(*cell));
        let sums = [sum(districts.values()), sum(months.values())];
        let total = self.total.filter(|_| is_everything).or(sums[0]).or(sums[1]);
        PublicCounts {
            cells: cells()
                .map(|((district, month), counts)| PublicCell {
                    region: reference.region_id(*district),
                    month: *month,
                    counts: *counts,
                })
                .collect(),
            regions: districts.into_iter().map(|(at, counts)| (reference.region_id(at), counts)).collect(),
            months: months.into_iter().collect(),
            total,
        }
    }

    /// Returns the total of the selected cells of each line: the published one if all cells of the line are
    /// selected, or else their sum if none of them is withheld.
    fn totals<K: Copy + Ord>(
        &self,
        filter: &PublicFilter,
        line: impl Fn((u16, Month)) -> K,
        published: &BTreeMap<K, Option<AccidentCounts>>,
    ) -> BTreeMap<K, Option<AccidentCounts>> {
        let mut lines: BTreeMap<K, (Vec<&Option<AccidentCounts>>, bool)> = BTreeMap::new();
        for (cell, counts) in &self.cells {
            let (selected, is_whole) = lines.entry(line(*cell)).or_insert((Vec::new(), true));
            if filter.selects(*cell) {
                selected.push(counts);
            } else {
                *is_whole = false;
            }
        }
        lines.retain(|_, (selected, _)| !selected.is_empty());
        let total = |(key, (selected, is_whole)): (K, (Vec<&Option<AccidentCounts>>, bool))| {
            let whole = published.get(&key).copied().flatten().filter(|_| is_whole);
            (key, whole.or_else(|| sum(selected.into_iter())))
        };
        lines.into_iter().map(total).collect()
    }
}

/// Returns the sum; `None` if any of them is withheld.
fn sum<'a>(counts: impl Iterator<Item = &'a Option<AccidentCounts>>) -> Option<AccidentCounts> {
    counts.copied().sum()
}
