//! TLS terminated by the server itself, for installations without a proxy.
//!
//! Manages the certificate, which can be reloaded while the server runs, and the handshake of each
//! connection.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwap;
use tokio::{net::TcpStream, time::timeout};
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

/// How long a client's handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The certificate and its key, as last loaded.
#[derive(Clone)]
pub struct Tls(Arc<Files>);

struct Files {
    certificate: PathBuf,
    key: PathBuf,
    config: ArcSwap<ServerConfig>,
}

/// Why TLS cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is unreadable or malformed.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        cause: pem::Error,
    },
    /// The certificate file contains no certificate.
    #[error("{}: contains no PEM certificate", .0.display())]
    Empty(PathBuf),
    /// The certificate or the key is unusable, or they do not match.
    #[error("{} with the key {}: {cause}", certificate.display(), key.display())]
    Unfit {
        /// The certificate file.
        certificate: PathBuf,
        /// The key file.
        key: PathBuf,
        /// The cause.
        cause: tokio_rustls::rustls::Error,
    },
}

impl Tls {
    /// Reads both PEM files: the server's certificate followed by its chain to the root, and the key.
    ///
    /// # Errors
    /// When a file is unreadable or malformed, or the two do not match.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let config = ArcSwap::from_pointee(read(certificate, key)?);
        Ok(Self(Arc::new(Files { certificate: certificate.to_owned(), key: key.to_owned(), config })))
    }

    /// Reloads the files, for new connections.
    ///
    /// # Errors
    /// As [`Tls::load`]; on error the previous certificate remains in use.
    pub fn reload(&self) -> Result<(), TlsError> {
        let Files { certificate, key, config } = &*self.0;
        config.store(Arc::new(read(certificate, key)?));
        Ok(())
    }

    /// Performs the handshake; `None` if it fails or takes longer than [`PATIENCE`].
    pub(crate) async fn shake_hands(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(self.0.config.load_full());
        match timeout(PATIENCE, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a TLS handshake failed");
                None
            }
            Err(_) => {
                tracing::debug!("a TLS handshake took too long");
                None
            }
        }
    }
}

/// Omits the key.
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

/// Reads the certificates in a PEM file: at least one.
///
/// # Errors
/// When the file contains none or is unreadable.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(none) if none.is_empty() => Err(TlsError::Empty(path.to_owned())),
        read => read.map_err(|cause| TlsError::File { path: path.to_owned(), cause }),
    }
}
