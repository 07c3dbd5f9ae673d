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
mod behind;
mod body;
mod caches;
mod checking;
mod conditions;
mod cors;
mod encoding;
mod events;
mod export;
mod hooks;
mod intake;
mod journal;
mod negotiate;
mod ogc;
mod openid;
mod openrosa;
mod origin;
mod pages;
mod params;
mod photos;
mod problem;
mod readers;
mod replay;
mod routes;
mod saved;
mod sendable;
mod slash;
mod tls;
mod trouble;
mod unread;
mod vary;
mod wire;
mod writer;

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    serve::{Listener, ListenerExt},
};
use tokio::net::TcpListener;

use access::Ended;
use intake::Inbox;

pub use access::{Limit, Limits, Policy, PublicSees};
pub use app::{App, Config, Opened, StartError};
pub use export::Export;
pub use intake::{File, Import, ImportError, Notice, Report, Seen, Trouble, What, Wishes, reason_of};
pub use openid::{Claims, OpenId, OpenIdError, OpenIdSettings};
pub use origin::PublicUrl;
pub use replay::replay;
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
    tokio::spawn(Inbox::watch(Arc::clone(&app)));
    tokio::spawn(Ended::watch(Arc::clone(&app)));
    let (tls, router) = (app.tls.clone(), router(app));
    // A small answer or an event is not held back until the client has acknowledged the one before.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection sends in larger pieces");
        }
    });
    let stop = async move {
        shutdown.await;
        stopping.send_replace(true);
    };
    let cut_off = async {
        let _ = stopped.wait_for(|stop| *stop).await;
        tokio::time::sleep(FAREWELL).await;
    };
    let served = async {
        match tls {
            Some(tls) => serve(tls.over(listener), router, stop).await,
            None => serve(listener, router, stop).await,
        }
    };
    tokio::select! {
        served = served => served,
        () = cut_off => Ok(()),
    }
}

async fn serve<L: Listener<Addr = SocketAddr>>(
    listener: L,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // Who asks is known by its address too, which axum tells of its own listeners only.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener.tap_io(|_| {}), service).with_graceful_shutdown(stop).await
}
