//! TLS by the server itself, for those who put no proxy before it.
//!
//! Owns the certificate, which can be reloaded while the server runs, and the handshake of one connection.

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

/// How long a client may take to shake hands.
const PATIENCE: Duration = Duration::from_secs(10);

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

    /// A connection once its handshake is done; none when that fails or takes longer than [`PATIENCE`].
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
