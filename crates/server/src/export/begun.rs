//! Files that are sent while they are generated: a response begins once its first bytes are available.
//!
//! So an earlier failure, such as a full disk, gives an error status instead of a truncated file. Formats
//! assembled in a temporary file produce their first bytes only after everything that can fail.

use std::{io, sync::Arc, time::Duration};

use axum::body::Bytes;
use futures::{Stream, StreamExt, stream};
use service::Service;
use tokio::time::timeout;

use crate::http::problem::{Answer, Problem};

/// How long to wait for the first bytes. A response that takes longer begins without them, because clients
/// and proxies time out.
const PATIENCE: Duration = Duration::from_secs(45);

/// Returns the pieces of a file, once the first one is available.
///
/// # Errors
/// 503 when generating the file fails before that. A later failure cuts the body off, which HTTP/1.1 clients
/// detect.
pub async fn begun(
    service: &Arc<Service>,
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> Answer<impl Stream<Item = io::Result<Bytes>> + Send + 'static> {
    let mut pieces = Box::pin(pieces.fuse());
    let first = match timeout(PATIENCE, pieces.next()).await {
        Ok(Some(Err(error))) => return Err(failed(service, &error)),
        Ok(first) => first,
        Err(_) => None,
    };
    let service = Arc::clone(service);
    Ok(stream::iter(first).chain(pieces).inspect(move |piece| {
        // A download that gave up its slot stalled because of its client.
        if let Err(error) = piece
            && error.kind() != io::ErrorKind::TimedOut
        {
            failed(&service, error);
        }
    }))
}

/// Builds the problem for a failed export. Only writing temporary files can fail.
pub fn failed(service: &Service, error: &io::Error) -> Problem {
    tracing::error!(%error, "an export failed");
    service.health.note_temporary(true);
    Problem::unavailable("the file cannot be created: the server has run out of disk space or file handles")
}
