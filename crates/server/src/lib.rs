//! The only room that knows HTTP, JSON and async.
//!
//! A request comes in through [`routes`], is read by the extractors ([`params`], [`access`]), asks
//! one thing of the atlas or the store, and leaves as a [`answers::Sendable`] or a
//! [`problem::Problem`]. Handlers decide nothing.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
mod answers;
mod app;
mod cors;
mod encoding;
mod events;
mod params;
mod problem;
mod readers;
mod routes;
mod upload;
mod wire;
mod writer;

use std::{future::Future, sync::Arc};

use tokio::net::TcpListener;

pub use app::{App, Config, StartError, replay};
pub use routes::router;

/// Serves until `shutdown` comes, then takes no new request, ends the event streams and answers
/// every request that was accepted.
///
/// # Errors
/// When the socket fails.
pub async fn run(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let stopping = app.stopping.clone();
    let router = router(app);
    let stop = async move {
        shutdown.await;
        stopping.send_replace(true);
    };
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}
