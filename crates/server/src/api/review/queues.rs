//! Shared by the queues of managers: pages, counts of waiting entries, decisions as JSON, and details of a
//! record.

use std::str::FromStr;

use atlas::Found;
use axum::http::{HeaderMap, StatusCode};
use demining::{Content, Judged};
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
use store::Stored;

use crate::{
    http::{
        body::{Incoming, Limit},
        params::Params,
        problem::{Answer, Problem},
    },
    wire::features,
};

/// Reads the key and the size of a page.
///
/// # Errors
/// 400 when either is invalid.
pub fn page_of<K: FromStr + Default>(params: &mut Params) -> Answer<(K, usize)> {
    let limit = params.parse("limit", |text| match text.parse() {
        Ok(n) if (1..=LIMIT.1).contains(&n) => Ok(n),
        _ => Err(format!("is outside 1..{}", LIMIT.1)),
    })?;
    let after = params.parse("after", |t| t.parse().map_err(|_| "is not a page key".to_owned()))?;
    Ok((after.unwrap_or_default(), limit.unwrap_or(LIMIT.0)))
}

/// Formats the counts of waiting entries as JSON.
pub fn waiting(waiting: Waiting) -> Value {
    let Waiting { submitted, has_issues, rejected, quarantined, refused } = waiting;
    json!({
        "submitted": submitted, "has_issues": has_issues, "rejected": rejected, "held": quarantined,
        "refused": refused,
    })
}

/// Receives and parses a small JSON body.
///
/// # Errors
/// 400 when the body is invalid; errors of receiving it.
pub async fn received<T: DeserializeOwned>(
    body: Incoming,
    service: &Service,
    limit: Limit,
    headers: &HeaderMap,
) -> Answer<T> {
    let bytes = body.receive_unpacked(&service.intake.memory, limit, headers).await?;
    read(&bytes)
}

/// Parses JSON.
///
/// # Errors
/// 400 when it is invalid.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))
}

/// Builds a 400 for an unreadable body.
pub fn unreadable(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "unreadable", detail)
}

/// Returns the reason in a body; `None` if it is blank.
///
/// # Errors
/// 400 when it is too long.
pub fn reason(given: Option<String>) -> Answer<Option<String>> {
    let given = given.filter(|text| !text.trim().is_empty());
    given.map(|text| reason_of(&text).map_err(|why| unreadable(format!("reason: {why}")))).transpose()
}

/// Formats a record as a feature.
///
/// # Errors
/// 500 when the feature is not valid JSON.
pub fn feature<T: Content>(found: &Found<Judged<T>>) -> Answer<Value> {
    serde_json::from_slice(&features::feature(found, Fields::All)).map_err(|e| Problem::internal(&e))
}

/// Describes a record's photos by their metadata: the distance to the record in metres, and the day they were
/// taken.
pub fn photos<T: Stored>(photos: &Photos, content: &T) -> Value {
    let told = content.photos().iter().map(|name| {
        let facts = name.parse().ok().and_then(|id| photos.facts(id));
        let metres = facts.as_ref().and_then(Facts::place).map(|place| distance_m(place, content.location()));
        json!({
            "photo": name, "is_here": facts.is_some(), "distance_m": metres.map(f64::round),
            "taken_on": facts.and_then(|facts| facts.taken_on),
        })
    });
    told.collect()
}
