//! `GET /events`: a stream that tells open maps what changed of what they show.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::IntoResponse,
};
use bytes::Bytes;
use futures::{StreamExt, future, stream};
use service::{
    Service,
    access::Proof,
    events::{Listener, STREAMS},
};
use tokio::time::timeout;

use crate::{
    access::AskedBy,
    http::{
        Stopping,
        params::Params,
        problem::{Answer, Problem},
    },
    wire::filter,
};

/// The first bytes: they open the stream at once, also behind a proxy that waits for some, and say
/// how soon to come back after a break.
const OPENING: &[u8] = b": connected\nretry: 3000\n\n";

/// Sent when nothing else was for a while, so that nobody on the way takes the stream for dead.
const STILL_HERE: &[u8] = b": still here\n\n";
const SILENCE: Duration = Duration::from_secs(20);

/// What tells a proxy such as nginx to pass on each event as it comes.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// `GET /events`, with the filters of features and tiles.
pub async fn events(
    State(service): State<Arc<Service>>,
    State(stopping): State<Stopping>,
    AskedBy(caller): AskedBy,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let key = params.without(&[]);
    let filter = filter::take_as_of(&mut params, &caller.view(&service.atlas))?;
    params.finish(filter::NAMES_AS_OF)?;
    let since =
        headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
    let listener = service.events.of(caller.scope()).listen(key, &filter, since).map_err(|_| too_many())?;
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
    Problem::unavailable(format!("{STREAMS} streams are open, as many as may be; try again"))
}
