//! Reading the body of a request, within limits of bytes, time and memory.

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

/// A token, to sign in with.
pub const SIGN_IN: Limit = Limit { bytes: 16 << 10, patience: Duration::from_secs(20) };

/// Bytes past the limit that are still read and thrown away, so that the client hears the answer
/// instead of a broken connection.
const DRAINED_BYTES: usize = 512 << 20;

/// How long a client that is refused while it sends may go on, so that it hears the answer.
const LINGER: Duration = Duration::from_secs(5);

/// The memory of bodies that anybody may send.
pub struct BodyMemory {
    /// Polygons, and other questions.
    pub public: Memory,
    /// Tokens, to sign in with.
    pub sign_in: Memory,
}

impl Default for BodyMemory {
    fn default() -> Self {
        Self { public: Memory::of_the_public(), sign_in: Memory::of_sign_ins() }
    }
}

/// A body that is still to be read, and whose share of the memory it counts against.
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
    /// sender or all senders together hold as much as they may.
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

    /// Reads a small body and unpacks it, within the same limit.
    ///
    /// # Errors
    /// As [`Self::receive`]; 415 for an encoding that is not read here, 400 for one that is broken.
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
                    format!("the body cannot be unpacked: {error}"),
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
        // Nothing of it is kept.
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

/// Reads on for a while and throws it away: a client that is cut off while it sends may not hear why.
async fn drain(stream: &mut BodyDataStream) {
    let _ = timeout(LINGER, async { while let Some(Ok(_)) = stream.next().await {} }).await;
}

fn no_memory(full: Full) -> Problem {
    Problem::unavailable(match full {
        Full::ForOne => "you are sending as much at once as one sender may; send one after the other",
        Full::ForAll => "too much is being sent at once; try again in a while",
    })
}

/// The next bytes of a body, as long as they come at a [`Pace`].
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
