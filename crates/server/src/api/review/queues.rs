//! What the queues of managers share: their pages, how much waits in each, decisions as JSON, and what is told of a
//! record.

use std::str::FromStr;

use atlas::Found;
use axum::http::{HeaderMap, StatusCode};
use demining::Detection;
use exchange::Fields;
use geometry::distance_m;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use service::{
    Service,
    intake::reason_of,
    photos::{Facts, Photos},
    review::{LIMIT, Waiting},
};

use crate::{
    http::{
        body::{Incoming, Limit},
        params::Params,
        problem::{Answer, Problem},
    },
    wire::features,
};

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

/// How much waits, as JSON.
pub fn waiting(waiting: Waiting) -> Value {
    let Waiting { submitted, has_issues, rejected, quarantined, refused } = waiting;
    json!({
        "submitted": submitted, "has_issues": has_issues, "rejected": rejected, "held": quarantined,
        "refused": refused,
    })
}

/// Reads a small JSON body of a type.
///
/// # Errors
/// 400 when it is not; what receiving fails with.
pub async fn received<T: DeserializeOwned>(
    body: Incoming,
    service: &Service,
    limit: Limit,
    headers: &HeaderMap,
) -> Answer<T> {
    let bytes = body.receive_unpacked(&service.intake.memory, limit, headers).await?;
    read(&bytes)
}

/// Reads JSON of a type.
///
/// # Errors
/// 400 when it is not.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))
}

/// 400: the body cannot be read.
pub fn unreadable(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail)
}

/// The reason in a body; none when it is blank.
///
/// # Errors
/// 400 when it is too long.
pub fn reason(given: Option<String>) -> Answer<Option<String>> {
    let given = given.filter(|text| !text.trim().is_empty());
    given.map(|text| reason_of(&text).map_err(|why| unreadable(format!("reason: {why}")))).transpose()
}

/// A record as a feature.
///
/// # Errors
/// 500 when that is no JSON.
pub fn feature(found: &Found) -> Answer<Value> {
    serde_json::from_slice(&features::detection(found, Fields::All)).map_err(|e| Problem::internal(&e))
}

/// What the photos of a record say of themselves: how far from its place they were taken, metres, and when.
pub fn photos(photos: &Photos, detection: &Detection) -> Value {
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
