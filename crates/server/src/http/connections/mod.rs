//! Connections: how many are open, how long they may be idle, and how slow they may be.
//!
//! The server speaks HTTP/1.1 only. Browsers use HTTP/2 only over TLS, which most installations leave to a
//! proxy that supports both; and every further protocol adds resources that a client can hold (streams,
//! resets, header tables).

mod paced;

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use service::{access::network, pool::Pool};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::sleep,
};
use tower::Service as _;

use paced::{Answering, Paced};

use crate::http::{sending::holding, site::TrustedProxies, tls::Tls};

/// How long a connection may stay open between two requests.
const IDLE: Duration = Duration::from_secs(75);

/// The most bytes of a request's head: its address and all headers.
const HEAD_BYTES: usize = 64 << 10;

/// How many bytes the operating system buffers beyond what the network can carry.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 16 << 10;

/// How long to wait before accepting again when the system runs out of resources, such as files.
const EXHAUSTED: Duration = Duration::from_millis(200);

/// Limits on simultaneous connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// In total. Further ones wait in the queue of the operating system.
    pub most: usize,
    /// From one IPv4 address or one IPv6 /64. Further ones are closed at once. A trusted proxy carries the
    /// connections of many clients, so only `most` limits it.
    pub most_of_address: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { most: 8_192, most_of_address: 512 }
    }
}

impl Bounds {
    /// Files reserved for the store, temporary files and responses when a process may open few.
    const FILES: usize = 48;

    /// Returns the limits for a process that may open `n_files`, so that it does not run out of files. One
    /// address gets at most half of the connections.
    #[must_use]
    pub fn within(self, n_files: u64) -> Self {
        let n_files = usize::try_from(n_files).unwrap_or(usize::MAX);
        let most = self.most.min(n_files.saturating_sub(Self::FILES)).max(2);
        Self { most, most_of_address: self.most_of_address.min(most / 2) }
    }
}

/// Serves connections until `stop`, finishes the responses in progress, and returns when all connections are
/// closed.
///
/// # Errors
/// When the listener fails permanently.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    (bounds, proxies): (Bounds, TrustedProxies),
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(bounds.most));
    let addresses = Pool::new(bounds.most, bounds.most_of_address);
    // Each connection holds a receiver: when all receivers are dropped, all connections are closed.
    let (stopping, heard) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        let (stream, peer, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                wait_out(&error).await;
                continue;
            }
        };
        let address = peer.ip().to_canonical();
        let share = (!proxies.contain(address)).then(|| addresses.take(network(address), 1)).transpose();
        let Ok(share) = share else {
            tracing::debug!(%peer, "closed a connection: too many from its address");
            continue;
        };
        let (tls, router, heard) = (tls.clone(), router.clone(), heard.clone());
        tokio::spawn(async move {
            let _held = (place, share);
            match tls {
                Some(tls) => {
                    let mut stopping = heard.clone();
                    let shaken = tokio::select! {
                        shaken = tls.shake_hands(stream) => shaken,
                        () = async { drop(stopping.wait_for(|stop| *stop).await) } => None,
                    };
                    drop(stopping);
                    if let Some(stream) = shaken {
                        answer(stream, peer, router, heard).await;
                    }
                }
                None => answer(stream, peer, router, heard).await,
            }
        });
    }
    drop((listener, heard));
    stopping.send_replace(true);
    stopping.closed().await;
    Ok(())
}

/// Waits until another connection is allowed, then accepts one.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Send small responses and events at once, without waiting for acknowledgement of the one before.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "setting TCP_NODELAY failed");
    }
    // Otherwise a slow client shows no progress until a third of a large buffer has been sent.
    #[cfg(target_os = "linux")]
    if let Err(error) = socket2::SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT) {
        tracing::debug!(%error, "setting TCP_NOTSENT_LOWAT failed");
    }
    Ok((stream, peer, place))
}

/// Waits after errors such as running out of files, but not when a client disconnects during accept.
async fn wait_out(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "accepting a connection failed");
        sleep(EXHAUSTED).await;
    }
}

/// Handles the requests of one connection.
async fn answer<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: T,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let answering = Answering::default();
    let stream = TokioIo::new(Paced::new(stream, answering.clone()));
    let service = service_fn(move |request: Request<Incoming>| {
        let (under_way, mut router) = (answering.begin(), router.clone());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        async move { router.call(request).await.map(|answer| holding(answer, under_way)) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(stream, service);
    let mut connection = pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = async { drop(stopping.wait_for(|stop| *stop).await) } => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_files_mean_few_connections_and_one_address_never_has_all() {
        let of = |n_files| Bounds::default().within(n_files);
        assert_eq!(of(u64::MAX), Bounds::default());
        assert_eq!(of(90), Bounds { most: 42, most_of_address: 21 });
        assert_eq!(of(0), Bounds { most: 2, most_of_address: 1 });
    }
}
