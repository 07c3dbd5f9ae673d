//! TLS by the server itself, for those who put no proxy before it.
//!
//! Owns the certificate, which can be read anew while the server runs, and the handshakes, which wait for one
//! another in no way: a client that is slow to shake hands holds up nobody.

use std::{
    fmt, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwap;
use axum::serve::Listener;
use tokio::{net::TcpStream, task::JoinSet, time::timeout};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{
            CertificateDer, PrivateKeyDer,
            pem::{self, PemObject},
        },
    },
    server::TlsStream,
};

/// How long a client may take to shake hands.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many may shake hands at once; further connections wait at the door.
const HANDSHAKES: usize = 1_024;

/// A certificate with its key, as the files say now.
#[derive(Clone)]
pub struct Tls(Arc<Files>);

struct Files {
    certificate: PathBuf,
    key: PathBuf,
    config: ArcSwap<ServerConfig>,
}

/// Why there can be no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or is not what it is to be.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        cause: pem::Error,
    },
    /// There is no certificate in the file of certificates.
    #[error("{}: holds no certificate in PEM", .0.display())]
    Empty(PathBuf),
    /// The certificate or the key cannot be used, or they do not belong together.
    #[error("{} with the key {}: {cause}", certificate.display(), key.display())]
    Unfit {
        /// The file of certificates.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What is wrong with them.
        cause: tokio_rustls::rustls::Error,
    },
}

impl Tls {
    /// Reads both PEM files: the server's certificate with those that lead to its root after it, and the key.
    ///
    /// # Errors
    /// When a file cannot be read, does not hold what it is to hold, or the two do not belong together.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let config = ArcSwap::from_pointee(read(certificate, key)?);
        Ok(Self(Arc::new(Files { certificate: certificate.to_owned(), key: key.to_owned(), config })))
    }

    /// Reads the files anew, for connections from now on.
    ///
    /// # Errors
    /// As [`Tls::load`]; what was read before is kept then.
    pub fn reload(&self) -> Result<(), TlsError> {
        let Files { certificate, key, config } = &*self.0;
        config.store(Arc::new(read(certificate, key)?));
        Ok(())
    }

    /// The connections of `listener`, each once its handshake is done.
    pub(crate) fn over<L: Listener<Io = TcpStream, Addr = SocketAddr>>(&self, listener: L) -> Secured<L> {
        Secured { listener, tls: self.clone(), handshakes: JoinSet::new() }
    }
}

/// The key is for nobody's eyes.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("certificate", &self.0.certificate).finish_non_exhaustive()
    }
}

fn read(certificate: &Path, key: &Path) -> Result<ServerConfig, TlsError> {
    let chain = certificates(certificate)?;
    let secret =
        PrivateKeyDer::from_pem_file(key).map_err(|cause| TlsError::File { path: key.to_owned(), cause })?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
        .map_err(|cause| TlsError::Unfit {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            cause,
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The certificates in a PEM file: one at least.
///
/// # Errors
/// When there is none, or the file cannot be read.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(none) if none.is_empty() => Err(TlsError::Empty(path.to_owned())),
        read => read.map_err(|cause| TlsError::File { path: path.to_owned(), cause }),
    }
}

/// A listener that shakes hands before it hands a connection on.
pub(crate) struct Secured<L> {
    listener: L,
    tls: Tls,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl<L: Listener<Io = TcpStream, Addr = SocketAddr>> Listener for Secured<L> {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                Some(done) = self.handshakes.join_next() => {
                    if let Ok(Some(connection)) = done {
                        return connection;
                    }
                }
                (stream, address) = self.listener.accept(), if self.handshakes.len() < HANDSHAKES => {
                    let acceptor = TlsAcceptor::from(self.tls.0.config.load_full());
                    self.handshakes.spawn(shake_hands(acceptor, stream, address));
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

async fn shake_hands(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    address: SocketAddr,
) -> Option<(TlsStream<TcpStream>, SocketAddr)> {
    match timeout(PATIENCE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => Some((stream, address)),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a handshake failed");
            None
        }
        Err(_) => {
            tracing::debug!("a handshake was given up");
            None
        }
    }
}
