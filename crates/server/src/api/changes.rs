//! `GET /changes`: the change log in order, for mirrors.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::IntoResponse,
};
use demining::{Collection, Revision, for_collection};
use serde_json::json;
use service::Service;
use store::Position;

use crate::{
    http::{
        cached_response::REVISION_HEADER,
        params::Params,
        problem::{Answer, Problem},
        site::Site,
    },
    wire::history,
};

/// The default and the largest number of changes in one response.
pub const LIMIT: (usize, usize) = (1_000, 10_000);

/// `GET /changes/head`: the last revision and its hash, to be published or stored elsewhere.
pub async fn head(State(service): State<Arc<Service>>, params: Params) -> Answer {
    params.finish("none")?;
    let head = service.readers.run(|reader| reader.head()).await?;
    let body = json!({"revision": head.revision.0, "hash": head.hash.to_string(), "head": head.to_string()});
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// `GET /changes?since=REVISION&limit=N&collection=`
pub async fn changes(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let since: u64 =
        params.parse("since", |t| t.parse().map_err(|_| "is not a revision".to_owned()))?.unwrap_or(0);
    let limit = params.parse("limit", |t| match t.parse() {
        Ok(n) if (1..=LIMIT.1).contains(&n) => Ok(n),
        _ => Err(format!("is outside 1..{}", LIMIT.1)),
    })?;
    // A revision may have more changes than fit; `seq` continues within it.
    let seq = params
        .parse("seq", |t| t.parse::<u32>().map_err(|_| "is not a position in a revision".to_owned()))?;
    let collection = params.collection()?;
    params.finish("since, seq, limit, collection")?;
    let limit = limit.unwrap_or(LIMIT.0);
    // `since` is checked again below against the current revision; `min` keeps the number in the store's
    // range.
    let after = Position { revision: Revision(since.min(i64::MAX as u64)), seq: seq.unwrap_or(u32::MAX) };
    let (now, piece) = service
        .readers
        .run(move |reader| Ok((reader.revision()?, reader.changes_since(after, limit)?)))
        .await?;
    let next = piece.more.then(|| {
        let Position { revision, seq } = piece.next;
        let base = site.base(&headers);
        let inside = if seq == u32::MAX { String::new() } else { format!("&seq={seq}") };
        let of = match collection {
            Collection::Detections => String::new(),
            Collection::Accidents => format!("&collection={collection}"),
        };
        format!("{base}/changes?since={}{inside}&limit={limit}{of}", revision.0)
    });
    if since > now.0 {
        let reason = format!("is beyond revision {}, the newest: you followed a different log", now.0);
        return Err(Problem::parameter("since", &since.to_string(), &reason));
    }
    let reference = service.atlas.reference();
    let changes: Vec<_> = for_collection!(collection, T => {
        piece.of::<T>().map(|change| history::entry(reference, change)).collect::<Answer<_>>()?
    });
    let reached = piece.next.revision.0;
    let read_at = [(REVISION_HEADER, HeaderValue::from(now.0))];
    let answer =
        json!({"since": since, "revision": now.0, "reached": reached, "changes": changes, "next": next});
    Ok((read_at, Json(answer)).into_response())
}
