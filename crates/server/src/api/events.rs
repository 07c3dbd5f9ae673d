//! `GET /events`: a stream that notifies open maps of changes to what they show.

use std::{convert::Infallible, sync::Arc, time::Duration};

use atlas::Scope;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::IntoResponse,
};
use bytes::Bytes;
use demining::{Collection, for_collection};
use futures::{StreamExt, future, stream};
use service::{
    Service,
    access::Proof,
    events::{Listener, STREAMS, Shows},
};
use tokio::time::timeout;

use crate::{
    access::AskedBy,
    http::{
        Stopping,
        params::Params,
        problem::{Answer, Problem},
    },
    wire::records::{self, Listed},
};

/// The first bytes. They open the stream at once, even behind a proxy that waits for data, and set the delay
/// before a client reconnects.
const OPENING: &[u8] = b": connected\nretry: 3000\n\n";

/// Sent after a silence, so that no intermediary closes the stream as idle.
const STILL_HERE: &[u8] = b": still here\n\n";
const SILENCE: Duration = Duration::from_secs(20);

/// The header that makes a proxy such as nginx forward each event immediately.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// `GET /events?collection=`, with the filters of features and tiles.
pub async fn events(
    State(service): State<Arc<Service>>,
    State(stopping): State<Stopping>,
    AskedBy(caller): AskedBy,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let key = params.without(&[]);
    let collection = params.collection()?;
    let view = caller.view(&service.atlas);
    let shows = if collection == Collection::Accidents && view.scope() == Scope::Public {
        // The public sees only counts of accidents, and a change of one may withhold others, so no filter
        // applies.
        params.finish("collection")?;
        Shows::AccidentCounts
    } else {
        for_collection!(collection, T => {
            let filter = records::take_as_of::<T>(&mut params, &view)?;
            params.finish(&format!("collection, {}", records::names_as_of::<T>()))?;
            T::shows(filter)
        })
    };
    let since =
        headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
    let listener = service.events.of(caller.scope()).listen(key, &shows, since).map_err(|_| too_many())?;
    let mut stopping = stopping.0;
    let ended = async move {
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => {}
            () = service.revocations.of(&service.readers, &caller), if *caller.proof() != Proof::None => {}
        }
    };
    let opening = stream::once(future::ready(Bytes::from_static(OPENING)));
    let all = opening.chain(stream::unfold(listener, next)).map(Ok::<_, Infallible>).take_until(ended);
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (UNBUFFERED, "no"),
    ];
    Ok((headers, Body::from_stream(all)).into_response())
}

async fn next(mut listener: Listener) -> Option<(Bytes, Listener)> {
    let bytes = match timeout(SILENCE, listener.next()).await {
        Ok(event) => event?,
        Err(_) => Bytes::from_static(STILL_HERE),
    };
    Some((bytes, listener))
}

fn too_many() -> Problem {
    Problem::unavailable(format!("all {STREAMS} event streams are in use; try again"))
}
