//! Reading the body of a request, within limits of bytes, time and memory.

use std::{
    convert::Infallible,
    future::poll_fn,
    io::{self, Read as _},
    ops::Deref,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream},
    extract::{FromRequest, FromRequestParts as _, Request},
    http::{HeaderMap, StatusCode},
};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use tokio::time::timeout;

use crate::{
    access::Party,
    encoding::Encoding,
    intake::Fault,
    pace::{BYTES_A_SECOND, Pace},
    pool::{Full, Pool, Share},
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

/// The first bytes of a body, which come from a pool of their own: a small body finds room however many large
/// ones are under way.
const SMALL: usize = 64 << 10;

/// Bytes past the limit that are still read and thrown away, so that the client hears the answer
/// instead of a broken connection.
const DRAINED_BYTES: usize = 512 << 20;

/// How long a client that is refused while it sends may go on, so that it hears the answer.
const LINGER: Duration = Duration::from_secs(5);

/// The memory that bodies share. Bytes count as they arrive: a size that a client announces reserves nothing.
#[derive(Debug, Clone)]
pub struct Memory {
    small: Arc<Pool<Party>>,
    large: Arc<Pool<Party>>,
}

impl Memory {
    fn new(small: (usize, usize), large: (usize, usize)) -> Self {
        Self { small: Pool::new(small.0, small.1), large: Pool::new(large.0, large.1) }
    }

    /// The pool for uploads: 256 MiB, of which one caller gets 96; and 32 MiB for small bodies, 8 a caller.
    pub fn of_writers() -> Self {
        Self::new((32 << 20, 8 << 20), (256 << 20, 96 << 20))
    }

    /// The pool for bodies that anybody may send: 32 MiB, of which one address gets 12; and 8 MiB for small
    /// ones, 2 an address.
    pub fn of_the_public() -> Self {
        Self::new((8 << 20, 2 << 20), (32 << 20, 12 << 20))
    }

    /// The pool for signing in, which nothing else can fill: 4 MiB, of which one address gets 1.
    pub fn of_sign_ins() -> Self {
        Self::new((4 << 20, 1 << 20), (0, 0))
    }

    fn charge(&self, party: &Party) -> Charge {
        Charge { small: self.small.share(party.clone()), large: self.large.share(party.clone()), n_bytes: 0 }
    }
}

/// What a body holds of the shared memory.
#[derive(Debug)]
struct Charge {
    small: Share<Party>,
    large: Share<Party>,
    n_bytes: usize,
}

impl Charge {
    /// Counts bytes that have arrived.
    ///
    /// # Errors
    /// When there is no memory left for them.
    fn grow(&mut self, n: usize) -> Result<(), Full> {
        let of_small = n.min(SMALL.saturating_sub(self.n_bytes));
        self.n_bytes += n;
        self.small.grow(of_small)?;
        self.large.grow(n - of_small)
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

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let (mut parts, body) = request.into_parts();
        let party = Party::from_request_parts(&mut parts, state).await?;
        Ok(Self { party, body })
    }
}

/// A body, which counts against the shared memory as long as it is held.
#[derive(Debug, Clone)]
pub struct Received {
    bytes: Bytes,
    held: Arc<Charge>,
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
    /// 413 when it is too large, 408 when it takes too long or stalls, 400 when it breaks off, 503 when its
    /// sender or all senders together hold as much as they may.
    pub async fn receive(&self, limit: Limit, body: Incoming) -> Answer<Received> {
        let mut held = self.charge(&body.party);
        let read =
            timeout(limit.patience, read(limit.bytes, (self, &body.party), &mut held, body.body)).await;
        let bytes = read.map_err(|_| {
            let detail = format!("the body did not arrive within {} s", limit.patience.as_secs());
            Problem::new(StatusCode::REQUEST_TIMEOUT, "slow", detail)
        })??;
        Ok(Received { bytes, held: Arc::new(held) })
    }

    /// Counts bytes that were received before.
    ///
    /// # Errors
    /// When there is no memory left for them.
    pub fn hold(&self, party: &Party, bytes: Bytes) -> Result<Received, Fault> {
        let mut held = self.charge(party);
        held.grow(bytes.len()).map_err(|_| Fault::Unavailable("too much is being sent at once"))?;
        Ok(Received { bytes, held: Arc::new(held) })
    }

    /// Reads a small body and unpacks it, within the same limit.
    ///
    /// # Errors
    /// As [`Self::receive`]; 415 for an encoding that is not read here, 400 for one that is broken.
    pub async fn receive_unpacked(
        &self,
        limit: Limit,
        headers: &HeaderMap,
        body: Incoming,
    ) -> Answer<Received> {
        let encoding = Encoding::of_request(headers)?;
        let mut received = self.receive(limit, body).await?;
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
            // Nobody else holds it yet.
            if let Some(held) = Arc::get_mut(&mut received.held) {
                held.grow(plain.len()).map_err(no_memory)?;
            }
            received.bytes = plain.into();
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
