//! Counts what waits for a manager.

use atlas::{Found, View};
use demining::{Judged, Review};
use geometry::LonLat;
use store::{Reader, Refused, StoreError};

use super::{LIMIT, MOST_LOOKED_AT};
use crate::{access::Caller, collections::Served, intake::may_look_into};

/// How much of a collection waits for a manager: records by review state, writes in quarantine; and refused
/// uploads, of any collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Records without a decision.
    pub submitted: u64,
    /// Records sent back to their sender.
    pub has_issues: u64,
    /// Rejected records.
    pub rejected: u64,
    /// Writes in quarantine.
    pub quarantined: u64,
    /// Uploads that could not be read.
    pub refused: u64,
}

/// Counts what waits of a collection where the caller may decide, optionally in one region. Refused uploads
/// have no place: those whose sender's uploads the caller may see are counted.
///
/// # Errors
/// If the store cannot be read.
pub fn waiting<T: Served>(
    reader: &Reader,
    view: &View,
    caller: &Caller,
    region: Option<&str>,
) -> Result<Waiting, StoreError> {
    let is_all = caller.may_write_everything() && region.is_none();
    let records = |state: Review| {
        if is_all {
            return reader.n_unapproved(T::COLLECTION, state);
        }
        count(|after| {
            let numbers = reader.unapproved(T::COLLECTION, state, after, MOST_LOOKED_AT)?;
            let found = numbers.iter().filter_map(|number| T::at_number(view, *number));
            let n = found.filter(|found| is_asked::<T>(found, view, caller, region, state)).count();
            Ok((n, numbers.last().copied()))
        })
    };
    let quarantined = if is_all {
        reader.n_quarantined(T::COLLECTION)?
    } else {
        count(|after| {
            let held = reader.quarantined::<T>(after, LIMIT.1)?;
            let here = held.iter().filter(|held| may_decide(held.wanted.location(), view, caller, region));
            Ok((here.count(), held.last().map(|held| held.number)))
        })?
    };
    let refused = if caller.may_write_everything() {
        reader.n_refused()?
    } else {
        count(|after| {
            let refused = reader.refused(after, LIMIT.1)?;
            let mine = refused.iter().filter(|refused| may_look(refused, view, caller)).count();
            Ok((mine, refused.last().map(|refused| refused.number)))
        })?
    };
    Ok(Waiting {
        submitted: records(Review::Submitted)?,
        has_issues: records(Review::HasIssues)?,
        rejected: records(Review::Rejected)?,
        quarantined,
        refused,
    })
}

/// Sums over all pages; each begins where the one before ended.
fn count<K: Default>(
    mut page: impl FnMut(K) -> Result<(usize, Option<K>), StoreError>,
) -> Result<u64, StoreError> {
    let (mut n, mut after) = (0, K::default());
    loop {
        let (here, last) = page(after)?;
        n += here as u64;
        match last {
            Some(last) => after = last,
            None => return Ok(n),
        }
    }
}

/// Returns `true` if the caller may see a refused upload.
pub(super) fn may_look(refused: &Refused, view: &View, caller: &Caller) -> bool {
    may_look_into(caller, view.reference(), &refused.by, Some(&refused.sender))
}

/// Returns `true` if a record has this review state and is in the region and where the caller may decide.
pub(super) fn is_asked<T: Served>(
    found: &Found<Judged<T>>,
    view: &View,
    caller: &Caller,
    region: Option<&str>,
    state: Review,
) -> bool {
    // A change may be in the store but not yet in the view.
    found.record.review == state && may_decide(found.record.content.location(), view, caller, region)
}

fn may_decide(place: LonLat, view: &View, caller: &Caller, region: Option<&str>) -> bool {
    caller.may_write_at(place, view.reference())
        && region.is_none_or(|id| view.reference().lies_in(place, id))
}
