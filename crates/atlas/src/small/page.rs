//! Lists and counts the records of a small collection.

use demining::Content;
use geometry::{LonLat, distance_m};

use super::{
    Small,
    filter::SmallFilter,
    records::{Located, SmallCollection},
};

/// Records in the order of their numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct SmallPage<T: Content> {
    /// The records.
    pub records: Vec<Located<T>>,
    /// The key of the next page; `None` on the last page.
    pub next: Option<u32>,
}

impl<T: Small> SmallCollection<T> {
    /// Returns the records that match the filter, in the order of their numbers.
    pub fn matching<'a>(&'a self, filter: &'a SmallFilter<T>) -> impl Iterator<Item = &'a Located<T>> {
        self.matching_after(filter, None)
    }

    /// Returns the number of records that match the filter.
    pub fn count(&self, filter: &SmallFilter<T>) -> u64 {
        self.matching(filter).count() as u64
    }

    /// Returns at most `limit` records that match the filter, in the order of their numbers, after the number
    /// `after`. Continuing with [`SmallPage::next`], on this view or a later one, returns each remaining
    /// record exactly once.
    pub fn page(&self, filter: &SmallFilter<T>, after: Option<u32>, limit: usize) -> SmallPage<T> {
        let mut matching = self.matching_after(filter, after);
        let records: Vec<Located<T>> = matching.by_ref().take(limit).cloned().collect();
        let more = !records.is_empty() && matching.next().is_some();
        let next = records.last().filter(|_| more).map(|located| located.record.number);
        SmallPage { records, next }
    }

    /// Returns at most `limit` matching records nearest to a position, with their distance in metres, nearest
    /// first.
    pub fn nearest(&self, filter: &SmallFilter<T>, at: LonLat, limit: usize) -> Vec<(Located<T>, f64)> {
        let mut near: Vec<(&Located<T>, f64)> =
            self.matching(filter).map(|located| (located, distance_m(at, located.location()))).collect();
        // The sort is stable, so equally distant records are in the order of their numbers.
        near.sort_by(|a, b| a.1.total_cmp(&b.1));
        near.into_iter().take(limit).map(|(located, metres)| (located.clone(), metres)).collect()
    }

    fn matching_after<'a>(
        &'a self,
        filter: &'a SmallFilter<T>,
        after: Option<u32>,
    ) -> impl Iterator<Item = &'a Located<T>> {
        self.after(after).filter(|located| filter.selects(located, self.scope()))
    }
}
