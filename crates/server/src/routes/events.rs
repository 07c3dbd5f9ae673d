//! `GET /events`: a stream that tells open maps what changed.

use std::{convert::Infallible, sync::Arc, time::Duration};

use atlas::{Filter, Folded, Scope};
use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, future, stream};
use serde_json::json;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

use crate::{app::App, params::Params, problem::Answer};

/// `GET /events`
pub async fn events(
    State(app): State<Arc<App>>,
    params: Params,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    params.finish("none")?;
    let since =
        headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
    let now = app.atlas.view(Scope::Full).revision().0;
    let (receiver, missed) = app.events.subscribe(since, now);
    let caught_up: Vec<Event> = match missed {
        Some(missed) => missed.iter().map(|folded| event(&app, folded)).collect(),
        None => vec![everything(now)],
    };
    let later = {
        let app = Arc::clone(&app);
        BroadcastStream::new(receiver).map(move |next| match next {
            Ok(folded) => event(&app, &folded),
            // The client was too slow: it is told to fetch all it shows again.
            Err(BroadcastStreamRecvError::Lagged(_)) => everything(app.atlas.view(Scope::Full).revision().0),
        })
    };
    let mut stopping = app.stopping.subscribe();
    let stopped = async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    // A first comment opens the stream at once, also behind a proxy that waits for bytes.
    let opening =
        stream::once(future::ready(Event::default().comment("connected").retry(Duration::from_secs(3))));
    let all = opening.chain(stream::iter(caught_up)).chain(later).map(Ok).take_until(stopped);
    Ok(Sse::new(all).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)).text("still here")))
}

fn event(app: &App, folded: &Folded) -> Event {
    let seen = folded.seen(&app.atlas.view(Scope::Full), &Filter::everything());
    let tiles = seen.iter().flat_map(|seen| &seen.tiles);
    let tiles: Vec<_> = tiles.map(|t| json!({"z": t.z(), "x": t.x(), "y": t.y()})).collect();
    let bounds = seen.map(|seen| seen.bounds.to_array());
    revision(folded.revision.0, &json!({"revision": folded.revision.0, "bounds": bounds, "tiles": tiles}))
}

/// Told to a client that missed too much: `tiles` is null, so all of them may have changed.
fn everything(now: u64) -> Event {
    revision(now, &json!({"revision": now, "bounds": null, "tiles": null}))
}

fn revision(number: u64, data: &serde_json::Value) -> Event {
    Event::default().event("revision").id(number.to_string()).data(data.to_string())
}
