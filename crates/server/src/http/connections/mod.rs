//! The connections: how many there are, how long they may idle, and how slow they may be.
//!
//! HTTP/1.1 only. Browsers speak HTTP/2 over TLS alone, which most installations leave to a proxy that does
//! both; and every further protocol is one more way to hold resources (streams, resets, header tables).

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

/// Bytes of the head of a request: of its address and all headers.
const HEAD_BYTES: usize = 64 << 10;

/// Bytes that the operating system takes ahead of what the network can carry.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 16 << 10;

/// How long to wait before accepting again when the system has no more to give, such as files.
const EXHAUSTED: Duration = Duration::from_millis(200);

/// How many connections there may be at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// All of them. Further ones wait in the queue of the operating system.
    pub most: usize,
    /// Of one IPv4 address or one IPv6 /64. Further ones are closed at once. Trusted proxies carry the
    /// connections of many: only `most` bounds them.
    pub most_of_address: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { most: 8_192, most_of_address: 512 }
    }
}

impl Bounds {
    /// Files that are left for the store, temporary files and answers when a process may open few.
    const FILES: usize = 48;

    /// As many as a process that may open `n_files` can serve without running out of them. One address
    /// never gets more than half.
    #[must_use]
    pub fn within(self, n_files: u64) -> Self {
        let n_files = usize::try_from(n_files).unwrap_or(usize::MAX);
        let most = self.most.min(n_files.saturating_sub(Self::FILES)).max(2);
        Self { most, most_of_address: self.most_of_address.min(most / 2) }
    }
}

/// Serves connections until `stop`, then lets those that are answering end, and returns when all have.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    (bounds, proxies): (Bounds, TrustedProxies),
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(bounds.most));
    let addresses = Pool::new(bounds.most, bounds.most_of_address);
    // Each connection holds a receiver: when all are gone, so are the connections.
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
            tracing::debug!(%peer, "closed a connection: its address has too many");
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

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // A small answer or an event is not held back until the client has acknowledged the one before.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection sends in larger pieces");
    }
    // Else a client that reads slowly shows no progress until a third of a large buffer has left.
    #[cfg(target_os = "linux")]
    if let Err(error) = socket2::SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT) {
        tracing::debug!(%error, "the progress of a connection is seen in larger steps");
    }
    Ok((stream, peer, place))
}

/// A client that left while it was being accepted is no reason to wait; having no more files is.
async fn wait_out(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "accepting a connection failed");
        sleep(EXHAUSTED).await;
    }
}

/// Answers the requests of one connection.
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
