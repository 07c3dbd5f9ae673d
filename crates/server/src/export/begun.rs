//! A file that is sent while it is made: an answer begins once its first bytes are there.
//!
//! What fails before, a full disk for instance, is told by a status then, and not by a file that ends early.
//! Formats that are put together in a temporary file have nothing to fail at once that is whole.

use std::{io, sync::Arc, time::Duration};

use axum::body::Bytes;
use futures::{Stream, StreamExt, stream};
use service::Service;
use tokio::time::timeout;

use crate::http::problem::{Answer, Problem};

/// How long the first bytes are waited for. A file that takes longer is begun without them: clients and proxies
/// do not wait for ever.
const PATIENCE: Duration = Duration::from_secs(45);

/// The pieces of a file, once there is a first one.
///
/// # Errors
/// 503 when making it fails before. A later failure ends the body before its end, which is no end to HTTP/1.1.
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
        // A download that made way for another was the client's doing.
        if let Err(error) = piece
            && error.kind() != io::ErrorKind::TimedOut
        {
            failed(&service, error);
        }
    }))
}

/// What is told when a file cannot be made. Writing temporary files is all that can fail.
pub fn failed(service: &Service, error: &io::Error) -> Problem {
    tracing::error!(%error, "an export could not be made");
    service.health.note_temporary(true);
    Problem::unavailable("the file cannot be made just now: the server has no room or no files left for it")
}
