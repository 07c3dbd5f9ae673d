//! Reading the body of a request, within limits of bytes, time and memory.

use std::{
    io::{self, Read as _},
    ops::Deref,
    sync::Arc,
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    encoding::Encoding,
    intake::Fault,
    problem::{Answer, Problem},
};

/// How much of a body is read, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Bytes as they are sent.
    pub bytes: usize,
    /// From the first byte to the last.
    pub patience: Duration,
}

/// A file of records.
pub const UPLOAD: Limit = Limit { bytes: 64 << 20, patience: Duration::from_mins(10) };

/// A part of a photo.
pub const PHOTO_PART: Limit = Limit { bytes: 4 << 20, patience: Duration::from_mins(10) };

/// A submission of a form, or a part of it: one photo and more.
pub const SUBMISSION: Limit = Limit { bytes: 40 << 20, patience: Duration::from_mins(10) };

/// One Feature, or a patch of one.
pub const FEATURE: Limit = Limit { bytes: 2 << 20, patience: Duration::from_mins(1) };

/// A polygon, which anybody may send.
pub const AREA: Limit = Limit { bytes: 4 << 20, patience: Duration::from_secs(30) };

/// Bytes of all bodies that are held at once; more of them wait.
const HELD_BYTES: usize = 256 << 20;

/// The same for bodies that anybody may send.
const PUBLIC_BYTES: usize = 32 << 20;

/// Bytes past the limit that are still read and thrown away, so that the client hears the answer
/// instead of a broken connection.
const DRAINED_BYTES: usize = 512 << 20;

/// The memory that bodies share: one pool for those who may write, a small one for everybody else,
/// so that strangers can never keep a team's upload waiting.
#[derive(Debug, Clone)]
pub struct Memory(Arc<Semaphore>);

impl Memory {
    /// The pool for uploads.
    pub fn of_writers() -> Self {
        Self(Arc::new(Semaphore::new(HELD_BYTES / 1024)))
    }

    /// The pool for bodies that anybody may send.
    pub fn of_the_public() -> Self {
        Self(Arc::new(Semaphore::new(PUBLIC_BYTES / 1024)))
    }
}

/// A body, which counts against the shared memory as long as it is held.
#[derive(Debug)]
pub struct Received {
    bytes: Bytes,
    held: Arc<OwnedSemaphorePermit>,
}

impl Received {
    /// The bytes, shared; they count as long as this is held.
    pub fn share(&self) -> Bytes {
        self.bytes.clone()
    }

    /// The same bytes once more; they count until both are gone.
    #[must_use]
    pub fn again(&self) -> Self {
        self.part(self.share())
    }

    /// A part of the bytes; the whole counts as long as either is held.
    #[must_use]
    pub fn part(&self, bytes: Bytes) -> Self {
        Self { bytes, held: Arc::clone(&self.held) }
    }
}

impl Deref for Received {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Memory {
    /// Reads a body.
    ///
    /// # Errors
    /// 413 when it is too large, 408 when it takes too long, 400 when it breaks off.
    pub async fn receive(&self, limit: Limit, headers: &HeaderMap, body: Body) -> Answer<Received> {
        let declared = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok());
        let expected = declared.and_then(|v| v.parse().ok()).unwrap_or(limit.bytes).min(limit.bytes);
        let kib = u32::try_from(expected / 1024 + 1).unwrap_or(u32::MAX);
        let held = Arc::clone(&self.0).acquire_many_owned(kib).await.map_err(|e| Problem::internal(&e))?;
        let read = timeout(limit.patience, read(limit.bytes, expected, body)).await;
        let bytes = read.map_err(|_| {
            let detail = format!("the body did not come within {} s", limit.patience.as_secs());
            Problem::new(StatusCode::REQUEST_TIMEOUT, "slow", detail)
        })??;
        Ok(Received { bytes, held: Arc::new(held) })
    }
}

impl Memory {
    /// Counts bytes that were received before.
    ///
    /// # Errors
    /// When the server stops.
    pub async fn hold(&self, bytes: Bytes) -> Result<Received, Fault> {
        let kib = u32::try_from(bytes.len().min(UPLOAD.bytes) / 1024 + 1).unwrap_or(u32::MAX);
        let held = Arc::clone(&self.0).acquire_many_owned(kib).await.map_err(|e| Fault::internal(&e))?;
        Ok(Received { bytes, held: Arc::new(held) })
    }

    /// Reads a small body and unpacks it, within the same limit.
    ///
    /// # Errors
    /// As [`Self::receive`]; 415 for an encoding that is not read here, 400 for one that is broken.
    pub async fn receive_unpacked(&self, limit: Limit, headers: &HeaderMap, body: Body) -> Answer<Received> {
        let encoding = Encoding::of_request(headers)?;
        let mut received = self.receive(limit, headers, body).await?;
        if encoding != Encoding::Identity {
            let mut plain = Vec::new();
            let unpacked = encoding
                .unpack(&received.bytes, limit.bytes as u64)
                .and_then(|mut input| input.read_to_end(&mut plain));
            unpacked.map_err(|error| match error.kind() {
                io::ErrorKind::FileTooLarge => {
                    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", error.to_string())
                }
                _ => Problem::new(
                    StatusCode::BAD_REQUEST,
                    "unreadable",
                    format!("the body cannot be unpacked: {error}"),
                ),
            })?;
            received.bytes = plain.into();
        }
        Ok(received)
    }
}

async fn read(max_bytes: usize, expected: usize, body: Body) -> Answer<Bytes> {
    let mut stream = body.into_data_stream();
    let mut bytes = BytesMut::with_capacity(expected.min(1 << 20));
    let mut seen = 0;
    while let Some(chunk) = stream.next().await {
        let chunk =
            chunk.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "truncated", "the body broke off"))?;
        seen += chunk.len();
        if seen <= max_bytes {
            bytes.extend_from_slice(&chunk);
            continue;
        }
        bytes = BytesMut::new();
        if seen > DRAINED_BYTES {
            break;
        }
    }
    if seen > max_bytes {
        let detail = format!(
            "the body is larger than {max_bytes} bytes; send it in parts, compressed, or use clearline import"
        );
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail));
    }
    Ok(bytes.freeze())
}
