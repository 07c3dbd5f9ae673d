//! Reads request bodies, within limits on bytes, time and memory.

use std::{
    convert::Infallible,
    future::poll_fn,
    io::{self, Read as _},
    task::Poll,
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream},
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode},
};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use service::{
    access::Party,
    intake::Encoding,
    memory::{Charge, Memory, Received},
    pool::Full,
};
use tokio::time::timeout;

use crate::http::{
    encoding,
    pace::{BYTES_A_SECOND, Pace},
    party::party_of,
    problem::{Answer, Problem},
};

/// The limits of one kind of body.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The most bytes, as sent.
    pub bytes: usize,
    /// The longest time from the first byte to the last.
    pub patience: Duration,
}

/// A file of records.
pub const UPLOAD: Limit = Limit { bytes: 64 << 20, patience: Duration::from_mins(10) };

/// A part of a photo.
pub const PHOTO_PART: Limit = Limit { bytes: 4 << 20, patience: Duration::from_mins(10) };

/// A form submission, or a part of it: at least one photo.
pub const SUBMISSION: Limit = Limit { bytes: 40 << 20, patience: Duration::from_mins(10) };

/// One Feature, or a patch of one.
pub const FEATURE: Limit = Limit { bytes: 2 << 20, patience: Duration::from_mins(1) };

/// A polygon, which the public may send.
pub const AREA: Limit = Limit { bytes: 4 << 20, patience: Duration::from_secs(30) };

/// A token for signing in.
pub const SIGN_IN: Limit = Limit { bytes: 16 << 10, patience: Duration::from_secs(20) };

/// The bytes beyond the limit that are read and discarded, so that the client receives the response instead
/// of a broken connection.
const DRAINED_BYTES: usize = 512 << 20;

/// How long a refused client may continue sending, so that it receives the response.
const LINGER: Duration = Duration::from_secs(5);

/// The memory for bodies that the public may send.
pub struct BodyMemory {
    /// For polygons and other queries.
    pub public: Memory,
    /// For tokens of sign-ins.
    pub sign_in: Memory,
}

impl Default for BodyMemory {
    fn default() -> Self {
        Self { public: Memory::of_the_public(), sign_in: Memory::of_sign_ins() }
    }
}

/// An unread body, and the party whose share of the memory it counts against.
#[derive(Debug)]
pub struct Incoming {
    party: Party,
    body: Body,
}

impl<S: Send + Sync> FromRequest<S> for Incoming {
    type Rejection = Infallible;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Infallible> {
        let party = party_of(request.extensions());
        Ok(Self { party, body: request.into_body() })
    }
}

impl Incoming {
    /// Reads the body into a share of `memory`.
    ///
    /// # Errors
    /// 413 when it is too large, 408 when it takes too long or stalls, 400 when it breaks off, 503 when its
    /// sender or all senders together use their full share.
    pub async fn receive(self, memory: &Memory, limit: Limit) -> Answer<Received> {
        let mut held = memory.charge(&self.party);
        let read =
            timeout(limit.patience, read(limit.bytes, (memory, &self.party), &mut held, self.body)).await;
        let bytes = read.map_err(|_| {
            let detail = format!("the body did not arrive within {} s", limit.patience.as_secs());
            Problem::new(StatusCode::REQUEST_TIMEOUT, "slow", detail)
        })??;
        Ok(Received::new(bytes, held))
    }

    /// Reads a small body and decompresses it, within the same limit.
    ///
    /// # Errors
    /// As [`Self::receive`]; 415 for an unsupported encoding, 400 for malformed data.
    pub async fn receive_unpacked(
        self,
        memory: &Memory,
        limit: Limit,
        headers: &HeaderMap,
    ) -> Answer<Received> {
        let encoding = encoding::of_request(headers)?;
        let mut received = self.receive(memory, limit).await?;
        if encoding != Encoding::Identity {
            let mut plain = Vec::new();
            let unpacked = encoding
                .unpack(&received, limit.bytes as u64)
                .and_then(|mut input| input.read_to_end(&mut plain));
            unpacked.map_err(|error| match error.kind() {
                io::ErrorKind::FileTooLarge => {
                    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", error.to_string())
                }
                _ => Problem::new(
                    StatusCode::BAD_REQUEST,
                    "unreadable",
                    format!("the body cannot be decompressed: {error}"),
                ),
            })?;
            received.replace(plain.into()).map_err(no_memory)?;
        }
        Ok(received)
    }
}

async fn read(
    max_bytes: usize,
    (memory, party): (&Memory, &Party),
    held: &mut Charge,
    body: Body,
) -> Answer<Bytes> {
    let mut stream = body.into_data_stream();
    let (mut bytes, mut seen, mut pace) = (BytesMut::new(), 0, Pace::default());
    while let Some(chunk) = next(&mut stream, &mut pace).await? {
        seen += chunk.len();
        if seen <= max_bytes {
            if let Err(full) = held.grow(chunk.len()) {
                drop((chunk, bytes));
                *held = memory.charge(party);
                drain(&mut stream).await;
                return Err(no_memory(full));
            }
            bytes.extend_from_slice(&chunk);
            continue;
        }
        // Free what was read: the request is refused.
        (bytes, *held) = (BytesMut::new(), memory.charge(party));
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

/// Reads and discards data for a while: a client that is cut off while it sends may miss the response.
async fn drain(stream: &mut BodyDataStream) {
    let _ = timeout(LINGER, async { while let Some(Ok(_)) = stream.next().await {} }).await;
}

fn no_memory(full: Full) -> Problem {
    Problem::unavailable(match full {
        Full::ForOne => {
            "your uploads in progress use the full share of one sender; send them one after the other"
        }
        Full::ForAll => "too many uploads are in progress; try again later",
    })
}

/// Returns the next bytes of a body, as long as the client keeps the [`Pace`].
async fn next(stream: &mut BodyDataStream, pace: &mut Pace) -> Answer<Option<Bytes>> {
    let chunk = poll_fn(|context| match stream.poll_next_unpin(context) {
        Poll::Ready(chunk) => Poll::Ready(Some(chunk)),
        Poll::Pending => pace.poll_spent(context).map(|()| None),
    });
    let Some(chunk) = chunk.await else {
        let detail = format!("the body stalled: fewer than {BYTES_A_SECOND} bytes a second arrived");
        return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "slow", detail));
    };
    let chunk = chunk
        .transpose()
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "truncated", "the body broke off"))?;
    pace.moved(chunk.as_ref().map_or(0, Bytes::len));
    Ok(chunk)
}
