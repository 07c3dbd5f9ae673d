//! The records of a small collection at one revision.

use std::{collections::HashMap, sync::Arc};

use demining::{Content, Judged, Precision, Record, Review};
use geometry::{Bounds, LonLat};
use uuid::Uuid;

use super::Small;
use crate::{core::scope::Scope, reference::ReferenceData};

/// A record with its district.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T: Content> {
    /// The record.
    pub record: Arc<Record<Judged<T>>>,
    /// The district's id; `None` outside every region.
    pub region: Option<Arc<str>>,
    /// The district's number.
    pub(crate) district: u16,
}

impl<T: Content> Located<T> {
    /// Derives the district of a record.
    pub(crate) fn new(record: Arc<Record<Judged<T>>>, reference: &ReferenceData) -> Self {
        let district = reference.region_at(record.content.location());
        Self { record, region: reference.region_id(district), district }
    }

    /// Returns where it is.
    pub(crate) fn location(&self) -> LonLat {
        self.record.content.location()
    }
}

/// The records of a small collection that a scope sees, at one revision, in the order of their numbers.
/// Clones share everything; a commit copies the list, not the records.
#[derive(Debug)]
pub struct SmallCollection<T: Content> {
    scope: Scope,
    inner: Arc<Inner<T>>,
}

#[derive(Clone, Debug)]
struct Inner<T: Content> {
    records: Vec<Located<T>>,
    numbers: HashMap<Uuid, u32>,
}

impl<T: Content> Clone for SmallCollection<T> {
    fn clone(&self) -> Self {
        Self { scope: self.scope, inner: Arc::clone(&self.inner) }
    }
}

impl<T: Small> SmallCollection<T> {
    /// Holds what a scope sees of these records, in any order.
    pub(crate) fn of<'a>(
        scope: Scope,
        records: impl IntoIterator<Item = &'a Located<T>>,
        precision: Precision,
    ) -> Self {
        let shown = records.into_iter().filter_map(|located| seen(scope, located, precision));
        let mut records: Vec<Located<T>> = shown.collect();
        records.sort_by_key(|located| located.record.number);
        let numbers =
            records.iter().map(|located| (located.record.content.id(), located.record.number)).collect();
        Self { scope, inner: Arc::new(Inner { records, numbers }) }
    }

    /// Returns its scope.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Returns the record with this id if the scope shows it. The full scope also returns rejected ones.
    pub fn get(&self, id: Uuid) -> Option<&Located<T>> {
        self.at_number(*self.inner.numbers.get(&id)?)
    }

    /// Returns the record with this number if the scope shows it. The full scope also returns rejected ones.
    pub fn at_number(&self, number: u32) -> Option<&Located<T>> {
        self.position(number).ok().map(|at| &self.inner.records[at])
    }

    /// Returns all records, including rejected ones, in the order of their numbers.
    pub fn all(&self) -> impl Iterator<Item = &Located<T>> {
        self.inner.records.iter()
    }

    /// Returns the records after a number that are not rejected.
    pub(super) fn after(&self, number: Option<u32>) -> impl Iterator<Item = &Located<T>> {
        let first = number.map_or(0, |number| match self.position(number) {
            Ok(at) => at + 1,
            Err(at) => at,
        });
        self.inner.records[first..].iter().filter(|located| located.record.review != Review::Rejected)
    }

    /// Returns the bounding box of the records that are not rejected; `None` if there are none.
    pub fn extent(&self) -> Option<Bounds> {
        self.after(None).map(|located| Bounds::of(located.location())).reduce(|all, here| all.union(&here))
    }

    /// Sets the record with this number, or removes it, and returns what the scope saw before and sees now.
    pub(super) fn set(
        &mut self,
        number: u32,
        after: Option<&Located<T>>,
        precision: Precision,
    ) -> [Option<Located<T>>; 2] {
        let before = self.at_number(number).cloned();
        let after = after.and_then(|located| seen(self.scope, located, precision));
        if before == after {
            return [before, after];
        }
        let at = self.position(number);
        let inner = Arc::make_mut(&mut self.inner);
        if let Some(old) = &before {
            inner.numbers.remove(&old.record.content.id());
        }
        match (at, &after) {
            (Ok(at), Some(new)) => inner.records[at] = new.clone(),
            (Ok(at), None) => drop(inner.records.remove(at)),
            (Err(at), Some(new)) => inner.records.insert(at, new.clone()),
            (Err(_), None) => {}
        }
        if let Some(new) = &after {
            inner.numbers.insert(new.record.content.id(), number);
        }
        [before, after]
    }

    fn position(&self, number: u32) -> Result<usize, usize> {
        self.inner.records.binary_search_by_key(&number, |located| located.record.number)
    }
}

/// Returns the record as a scope sees it; `None` if it does not see the record itself.
fn seen<T: Small>(scope: Scope, located: &Located<T>, precision: Precision) -> Option<Located<T>> {
    match scope {
        Scope::Full => Some(located.clone()),
        Scope::Public if T::is_shown(&located.record, precision) => Some(Located {
            record: Arc::new(Record::clone(&located.record).into_public()),
            ..located.clone()
        }),
        Scope::Public => None,
    }
}
