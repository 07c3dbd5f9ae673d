//! What the queues of managers share: their pages, how much waits in each, and what is told of a record.

use std::str::FromStr;

use atlas::{Found, View};
use demining::{Detection, Review};
use geometry::{LonLat, distance_m};
use serde_json::{Map, Value, json};
use service::{
    access::Caller,
    intake::may_look_into,
    photos::{Facts, Photos},
};
use store::{Held, Reader, Refused, StoreError};

use crate::http::{params::Params, problem::Answer};

/// Records in one answer, unless asked otherwise, and at the most.
pub const LIMIT: (usize, usize) = (50, 200);

/// Records that are looked at for one answer: those of other regions are passed over.
pub const MOST_LOOKED_AT: usize = 20_000;

/// Takes the key of a page, and how long it is.
///
/// # Errors
/// 400 when either cannot be.
pub fn page_of<K: FromStr + Default>(params: &mut Params) -> Answer<(K, usize)> {
    let limit = params.parse("limit", |text| match text.parse() {
        Ok(n) if (1..=LIMIT.1).contains(&n) => Ok(n),
        _ => Err(format!("is outside 1..{}", LIMIT.1)),
    })?;
    let after = params.parse("after", |t| t.parse().map_err(|_| "is no key of a page".to_owned()))?;
    Ok((after.unwrap_or_default(), limit.unwrap_or(LIMIT.0)))
}

/// How much waits where the caller may decide, and in a region if one is given: by where it stands in review,
/// and what was set aside; and what could not stand of senders whose uploads it may look into.
pub fn waiting(
    reader: &Reader,
    view: &View,
    caller: &Caller,
    region: Option<&str>,
) -> Result<Map<String, Value>, StoreError> {
    let is_all = caller.may_write_everything() && region.is_none();
    let mut waiting = Map::new();
    for state in [Review::Submitted, Review::HasIssues, Review::Rejected] {
        let n = if is_all {
            reader.n_unapproved(state)?
        } else {
            n_of(|after| {
                let numbers = reader.unapproved(state, after, MOST_LOOKED_AT)?;
                let found = numbers.iter().filter_map(|number| view.at_number(*number));
                let n = found.filter(|found| is_asked(found, view, caller, region, state)).count();
                Ok((n, numbers.last().copied()))
            })?
        };
        waiting.insert(state.word().to_owned(), json!(n));
    }
    let n = if is_all {
        reader.n_held()?
    } else {
        n_of(|after| {
            let held = reader.held(after, LIMIT.1)?;
            let here = |held: &&Held| may_decide(held.wanted.location, view, caller, region);
            Ok((held.iter().filter(here).count(), held.last().map(|held| held.number)))
        })?
    };
    waiting.insert("held".to_owned(), json!(n));
    let n = if caller.may_write_everything() {
        reader.n_refused()?
    } else {
        n_of(|after| {
            let refused = reader.refused(after, LIMIT.1)?;
            let mine = refused.iter().filter(|refused| may_look(refused, view, caller)).count();
            Ok((mine, refused.last().map(|refused| refused.number)))
        })?
    };
    waiting.insert("refused".to_owned(), json!(n));
    Ok(waiting)
}

/// Whether the caller may look into an upload that could not stand.
pub fn may_look(refused: &Refused, view: &View, caller: &Caller) -> bool {
    may_look_into(caller, view.reference(), &refused.by, Some(&refused.sender))
}

/// The sum over all pages, each asked for by where the one before ended.
fn n_of<K: Default>(
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

fn may_decide(place: LonLat, view: &View, caller: &Caller, region: Option<&str>) -> bool {
    caller.may_write_at(place, view.reference())
        && region.is_none_or(|id| view.reference().lies_in(place, id))
}

/// Whether a record stands so in review, where the caller may decide and the region is.
pub fn is_asked(found: &Found, view: &View, caller: &Caller, region: Option<&str>, state: Review) -> bool {
    // A change may be on its way between the store and the view.
    found.record.review == state && may_decide(found.record.detection.location, view, caller, region)
}

/// What the photos of a record say of themselves: how far from its place they were taken, metres, and when.
pub fn told_photos(photos: &Photos, detection: &Detection) -> Value {
    let told = detection.photos.iter().map(|name| {
        let facts = name.parse().ok().and_then(|id| photos.facts(id));
        let metres = facts.as_ref().and_then(Facts::place).map(|place| distance_m(place, detection.location));
        json!({
            "photo": name, "is_here": facts.is_some(), "distance_m": metres.map(f64::round),
            "taken_on": facts.and_then(|facts| facts.taken_on),
        })
    });
    told.collect()
}

/// What the server says of a record: it is no part of what was recorded.
const DERIVED: [&str; 4] = ["revision", "updated_at", "review", "region"];

/// The names of the fields that differ.
pub fn changed(before: &Value, after: &Value) -> Vec<String> {
    let (Some(old), Some(new)) = (before["properties"].as_object(), after["properties"].as_object()) else {
        return Vec::new();
    };
    let mut names: Vec<String> = old
        .keys()
        .chain(new.keys().filter(|name| !old.contains_key(*name)))
        .filter(|name| old.get(*name) != new.get(*name) && !DERIVED.contains(&name.as_str()))
        .cloned()
        .collect();
    if before["geometry"] != after["geometry"] {
        names.insert(0, "location".to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_named_and_what_the_server_says_is_no_change() {
        let feature = |lon: f64, model: &str, revision: u64| json!({"geometry": {"coordinates": [lon, 40.0]}, "properties": {"model": model, "revision": revision}});
        assert_eq!(changed(&feature(46.0, "PMN", 1), &feature(46.0, "PMN", 2)), Vec::<String>::new());
        assert_eq!(changed(&feature(46.0, "PMN", 1), &feature(46.1, "PMN-2", 1)), ["location", "model"]);
        assert_eq!(changed(&Value::Null, &feature(46.0, "PMN", 1)), Vec::<String>::new());
    }
}
