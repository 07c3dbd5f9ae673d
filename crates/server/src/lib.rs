//! The only room that knows HTTP, JSON and async.
//!
//! A request comes in through [`routes`], is read by the extractors ([`params`], [`access`]), asks
//! one thing of the atlas or the store, and leaves as a [`sendable::Sendable`] or a
//! [`problem::Problem`]. Handlers decide nothing.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
mod address;
mod answers;
mod app;
mod body;
mod caches;
mod conditions;
mod connections;
mod cors;
mod encoding;
mod export;
mod hooks;
mod negotiate;
mod ogc;
mod openid;
mod openrosa;
mod origin;
mod pace;
mod pages;
mod params;
mod problem;
mod routes;
mod sendable;
mod sending;
mod slash;
mod tls;
mod unread;
mod vary;
mod wire;

use std::{future::Future, sync::Arc, time::Duration};

use tokio::net::TcpListener;

pub use app::{App, Config};
pub use connections::Bounds;
pub use export::Export;
pub use openid::{Claims, OpenId, OpenIdError, OpenIdSettings};
pub use origin::PublicUrl;
pub use routes::router;
pub use tls::{Tls, TlsError};
pub use wire::upload::{RowNotice, RowProblem};

/// How long requests that were accepted have to end once the server was asked to stop.
const FAREWELL: Duration = Duration::from_secs(20);

/// Serves until `shutdown` comes, then takes no new request, ends the event streams and answers
/// every request that was accepted; one that is still being sent after 20 seconds is cut off.
///
/// # Errors
/// When the socket fails.
pub async fn run(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let stopping = app.stopping.clone();
    let mut stopped = stopping.subscribe();
    app.service.watch(&stopped);
    let tls = app.tls.clone();
    let bounds = (app.bounds, app.proxies.clone());
    let router = router(app);
    let stop = async move {
        shutdown.await;
        stopping.send_replace(true);
    };
    let cut_off = async {
        let _ = stopped.wait_for(|stop| *stop).await;
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::select! {
        served = connections::serve(listener, tls, router, bounds, stop) => served,
        () = cut_off => Ok(()),
    }
}
