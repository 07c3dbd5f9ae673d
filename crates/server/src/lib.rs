//! The HTTP layer in front of the service: protocols and representations, without decisions about records.
//!
//! A request enters through [`http`], passes [`access`], and reaches the handler that [`routes`] assigns to
//! it (in [`api`], [`ogc`], [`openrosa`], [`hooks`] or [`oidc`]). The handler calls the service. The response
//! is a [`wire`] representation, an [`html`] page, a file of [`export`], or a [`http::problem::Problem`].
//!
//! A module imports only those before it: `http`, `access`, `wire`, `html`, `export`, `oidc`, `basemap`,
//! `share`, `api`, `openrosa`, `hooks`, `ogc`, `app`, `routes`. A test enforces this.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
mod api;
mod app;
mod basemap;
mod export;
mod hooks;
mod html;
mod http;
mod ogc;
mod oidc;
mod openrosa;
mod routes;
mod share;
mod wire;

use std::{future::Future, time::Duration};

use tokio::net::TcpListener;

use http::connections;

pub use app::{App, Config};
pub use basemap::{BaseMap, BaseMapError};
pub use export::Export;
pub use html::About;
pub use http::{
    connections::Bounds,
    row_problem::RowProblem,
    site::PublicUrl,
    tls::{Tls, TlsError},
};
pub use oidc::{Claims, OpenId, OpenIdError, OpenIdSettings};
pub use routes::router;
pub use wire::upload::RowNotice;

/// How long accepted requests may take to finish once the server is to stop.
const FAREWELL: Duration = Duration::from_secs(20);

/// Serves until `shutdown` completes, then accepts no new requests, ends the event streams and finishes every
/// accepted request. After 20 seconds it cuts off those that are still being sent.
///
/// # Errors
/// When the socket fails.
pub async fn run(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let stopping = app.stopping.clone();
    let mut stopped = stopping.subscribe();
    app.service.watch(&stopped);
    let tls = app.tls.clone();
    let bounds = (app.bounds, app.site.proxies.clone());
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
