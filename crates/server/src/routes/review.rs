//! What waits for a manager: the queue, and what is decided on it.

use std::sync::Arc;

use atlas::{Filter, Found, Set, View};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use demining::{Action, Change, Detection, Expect, Record, Review, Write};
use exchange::Fields;
use geometry::{LonLat, distance_m};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{Held, Reader, StoreError};
use uuid::Uuid;

use crate::{
    access::{Caller, hold},
    app::App,
    body::UPLOAD,
    params::Params,
    photos::{Facts, Photos},
    problem::{Answer, Problem},
    upload::{reason_of, upload_of},
    wire::{features, upload::RowProblem},
};

/// Records in one answer, unless asked otherwise, and at the most.
pub const LIMIT: (usize, usize) = (50, 200);

/// Decisions in one request, at the most.
pub const MOST_DECISIONS: usize = 1_000;

/// How near a record must lie to be a possible duplicate, in metres and days: unless asked otherwise, and
/// at the most.
pub const NEAR_M: (f64, f64) = (25.0, 1_000.0);
/// See [`NEAR_M`].
pub const NEAR_DAYS: (u32, u32) = (14, 3_650);

/// Possible duplicates that are told of one record.
const MOST_NEAR: usize = 5;

/// Records that are looked at for one answer: those of other regions are passed over.
const MOST_LOOKED_AT: usize = 20_000;

/// What is asked for.
struct Asked {
    state: Review,
    region: Option<String>,
    after: u32,
    limit: usize,
    near_m: f64,
    near_days: u32,
}

/// `GET /review`: the records that stand so in review, oldest first, each with its last approved
/// state, what is another since, why, and what lies near of the same kind and days.
pub async fn queue(State(app): State<Arc<App>>, caller: Caller, mut params: Params) -> Answer {
    let asked = asked(&mut params)?;
    params.finish("state, region, after, limit, near_m, near_days")?;
    let view = caller.view(&app);
    if let Some(id) = &asked.region
        && view.ground().region(id).is_none()
    {
        return Err(Problem::parameter("region", id, "is no region; /collections/regions/items lists them"));
    }
    let photos = Arc::clone(&app.photos);
    let work = move |reader: &mut Reader| page(reader, &view, &photos, &caller, &asked);
    Ok(([("cache-control", "no-store")], Json(app.readers.run(work).await??)).into_response())
}

fn asked(params: &mut Params) -> Answer<Asked> {
    let state = params.parse("state", |text| match text.parse() {
        Ok(Review::Approved) => Err("is not in the queue".to_owned()),
        Ok(state) => Ok(state),
        Err(error) => Err(error.to_string()),
    })?;
    let limit = params.parse("limit", |text| match text.parse() {
        Ok(n) if (1..=LIMIT.1).contains(&n) => Ok(n),
        _ => Err(format!("is outside 1..{}", LIMIT.1)),
    })?;
    let near_m = params.parse("near_m", |text| match text.parse::<f64>() {
        Ok(n) if (0.0..=NEAR_M.1).contains(&n) => Ok(n),
        _ => Err(format!("is outside 0..{}", NEAR_M.1)),
    })?;
    let near_days = params.parse("near_days", |text| match text.parse() {
        Ok(n) if n <= NEAR_DAYS.1 => Ok(n),
        _ => Err(format!("is outside 0..{}", NEAR_DAYS.1)),
    })?;
    Ok(Asked {
        state: state.unwrap_or(Review::Submitted),
        region: params.take("region"),
        after: params
            .parse("after", |t| t.parse().map_err(|_| "is no key of a page".to_owned()))?
            .unwrap_or(0),
        limit: limit.unwrap_or(LIMIT.0),
        near_m: near_m.unwrap_or(NEAR_M.0),
        near_days: near_days.unwrap_or(NEAR_DAYS.0),
    })
}

fn page(
    reader: &Reader,
    view: &View,
    photos: &Photos,
    caller: &Caller,
    asked: &Asked,
) -> Result<Answer<Value>, StoreError> {
    let (mut records, mut after, mut n_looked_at) = (Vec::new(), asked.after, 0);
    let next = loop {
        let numbers = reader.unapproved(asked.state, after, asked.limit)?;
        let Some(last) = numbers.last().copied() else { break None };
        let shown = numbers.iter().filter_map(|number| view.at_number(*number));
        let shown = shown.filter(|found| is_asked(found, view, caller, asked.region.as_deref(), asked.state));
        for found in shown {
            match entry(reader, view, &found, asked)? {
                Ok(mut entry) => {
                    entry["photos"] = told_photos(photos, &found.record.detection);
                    records.push((found.record.number, entry));
                }
                Err(problem) => return Ok(Err(problem)),
            }
        }
        n_looked_at += numbers.len();
        if let Some((last_shown, _)) = records.get(asked.limit.wrapping_sub(1)) {
            break Some(*last_shown);
        }
        after = last;
        if n_looked_at >= MOST_LOOKED_AT {
            break Some(last);
        }
    };
    records.truncate(asked.limit);
    let waiting = waiting(reader, view, caller, asked.region.as_deref())?;
    let records: Vec<Value> = records.into_iter().map(|(_, entry)| entry).collect();
    Ok(Ok(json!({"state": asked.state.word(), "waiting": waiting, "records": records, "next": next})))
}

/// How much waits where the caller may decide, and in a region if one is given: by where it stands in review,
/// and what was set aside.
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
    Ok(waiting)
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
    caller.may_write_at(place, view.ground()) && region.is_none_or(|id| view.ground().lies_in(place, id))
}

fn is_asked(found: &Found, view: &View, caller: &Caller, region: Option<&str>, state: Review) -> bool {
    // A change may be on its way between the store and the view.
    found.record.review == state && may_decide(found.record.detection.location, view, caller, region)
}

fn entry(reader: &Reader, view: &View, found: &Found, asked: &Asked) -> Result<Answer<Value>, StoreError> {
    let record = &found.record;
    let history = reader.history(record.detection.id)?;
    let approved = |change: &Change| change.after.clone().filter(|record| record.review == Review::Approved);
    let before = history.iter().find_map(approved);
    Ok(tell(view, found, before.as_deref(), &history, asked))
}

fn tell(
    view: &View,
    found: &Found,
    before: Option<&Record>,
    history: &[Change],
    asked: &Asked,
) -> Answer<Value> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).map_err(|e| Problem::internal(&e));
    let feature = read(&features::detection(found, Fields::All))?;
    let before = match before {
        Some(record) => {
            let region = view.ground().locate(record.detection.location).map(Arc::from);
            let found = Found { record: Arc::new(record.clone()), region };
            read(&features::detection(&found, Fields::All))?
        }
        None => Value::Null,
    };
    let last = history.first();
    Ok(json!({
        "feature": feature,
        "before": before,
        "changed": changed(&before, &feature),
        "by": last.map(|change| &change.by),
        "at": last.map(|change| change.at.to_string()),
        "reason": last.and_then(|change| change.reason.as_ref()),
        "revisions": history.len(),
        "near": near(view, found, asked),
    }))
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

/// Records of the same kind that lie near and were found in the same days, the nearest first.
fn near(view: &View, found: &Found, asked: &Asked) -> Vec<Value> {
    let own = &found.record.detection;
    let same_kind = Filter { kinds: Set::of([own.kind]), ..Filter::default() };
    let days = |other: &Record| (other.detection.detected_on - own.detected_on).get_days().unsigned_abs();
    view.nearest(&same_kind, own.location, 2 * MOST_NEAR + 1)
        .into_iter()
        .filter(|(other, metres)| {
            other.record.detection.id != own.id
                && *metres <= asked.near_m
                && days(&other.record) <= asked.near_days
        })
        .take(MOST_NEAR)
        .map(|(other, metres)| {
            let detection = &other.record.detection;
            json!({
                "id": detection.id, "distance_m": (metres * 10.0).round() / 10.0, "days": days(&other.record),
                "status": detection.status.word(), "review": other.record.review.word(),
                "detected_on": detection.detected_on.to_string(),
                "coordinates": [detection.location.lon(), detection.location.lat()],
            })
        })
        .collect()
}

/// What is decided.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    decision: String,
    #[serde(default)]
    reason: Option<String>,
    records: Vec<Decided>,
}

/// On which record, as it stood.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    id: Uuid,
    revision: u64,
}

/// `POST /review`: approves records, sends them back or rejects them.
pub async fn decide(
    State(app): State<Arc<App>>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    params.finish("none")?;
    let bytes = app.memory.receive_unpacked(UPLOAD, &headers, body).await?;
    let (review, reason, records) = read_decision(&bytes)?;
    let writes = (1..).zip(&records).map(|(row, decided)| Write {
        row,
        action: Action::Review(decided.id, review),
        expect: Expect::At(demining::Revision(decided.revision)),
        reason: reason.clone(),
    });
    let (asker, view, writes) = (caller.clone(), caller.view(&app), writes.collect::<Vec<_>>());
    let held: Vec<_> = app
        .readers
        .run(move |reader| writes.into_iter().map(|write| hold(&asker, &view, reader, write)).collect())
        .await?;
    let (mut writes, mut problems) = (Vec::new(), Vec::new());
    for write in held {
        match write {
            Ok(write) => writes.push(write),
            Err(refusal) => problems.push(RowProblem::from(refusal.problem)),
        }
    }
    let rows: Vec<(u64, Uuid)> = writes.iter().map(|write| (write.row, write.id())).collect();
    let committed = app.writer.commit(upload_of(&app, &caller, writes)).await?;
    let refused = rows.iter().zip(&committed.outcomes);
    problems.extend(refused.filter_map(|((row, id), outcome)| RowProblem::refused(*row, *id, *outcome)));
    problems.sort_by_key(|problem| problem.row);
    let n_decided = records.len() - problems.len();
    let body = json!({"revision": committed.revision.0, "decided": n_decided, "problems": problems});
    Ok(([("cache-control", "no-store")], Json(body)).into_response())
}

fn read_decision(bytes: &[u8]) -> Answer<(Review, Option<String>, Vec<Decided>)> {
    let unreadable = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail);
    let Sent { decision, reason, records } =
        serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
    let review: Review = decision.parse().map_err(|error| unreadable(format!("decision: {error}")))?;
    if review == Review::Submitted {
        return Err(unreadable("decision: is approved, rejected or has_issues".to_owned()));
    }
    if records.is_empty() || records.len() > MOST_DECISIONS {
        return Err(unreadable(format!("records: has 1 to {MOST_DECISIONS}")));
    }
    let reason = reason.filter(|text| !text.trim().is_empty());
    let reason = reason.map(|text| reason_of(&text).map_err(|why| unreadable(format!("reason: {why}"))));
    let reason = reason.transpose()?;
    if reason.is_none() && review != Review::Approved {
        return Err(unreadable("reason: whoever recorded it wants to know why".to_owned()));
    }
    Ok((review, reason, records))
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

    #[test]
    fn a_decision_that_sends_back_says_why() {
        let read = |text: &str| read_decision(text.as_bytes()).is_ok();
        let id = r#"[{"id": "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01", "revision": 3}]"#;
        assert!(read(&format!(r#"{{"decision": "approved", "records": {id}}}"#)));
        assert!(read(&format!(r#"{{"decision": "rejected", "reason": "seen twice", "records": {id}}}"#)));
        for bad in [
            format!(r#"{{"decision": "rejected", "records": {id}}}"#),
            format!(r#"{{"decision": "has_issues", "reason": " ", "records": {id}}}"#),
            format!(r#"{{"decision": "submitted", "records": {id}}}"#),
            r#"{"decision": "approved", "records": []}"#.to_owned(),
        ] {
            assert!(!read(&bad), "{bad}");
        }
    }
}
