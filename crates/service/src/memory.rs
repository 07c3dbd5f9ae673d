//! The memory that the bodies of requests share, within limits for all and for each party.

use std::{ops::Deref, sync::Arc};

use bytes::Bytes;

use crate::{
    access::Party,
    fault::Fault,
    pool::{Full, Pool, Share},
};

/// The first bytes of a body, which come from a pool of their own: a small body finds room however many large
/// ones are under way.
const SMALL: usize = 64 << 10;

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

    /// Nothing yet, of a party: see [`Charge::grow`].
    pub fn charge(&self, party: &Party) -> Charge {
        Charge { small: self.small.share(party.clone()), large: self.large.share(party.clone()), n_bytes: 0 }
    }

    /// Counts bytes that were received before.
    ///
    /// # Errors
    /// When there is no memory left for them.
    pub fn hold(&self, party: &Party, bytes: Bytes) -> Result<Received, Fault> {
        let mut held = self.charge(party);
        held.grow(bytes.len()).map_err(|_| Fault::Unavailable("too much is being sent at once"))?;
        Ok(Received::new(bytes, held))
    }
}

/// What a body holds of the shared memory.
#[derive(Debug)]
pub struct Charge {
    small: Share<Party>,
    large: Share<Party>,
    n_bytes: usize,
}

impl Charge {
    /// Counts bytes that have arrived.
    ///
    /// # Errors
    /// When there is no memory left for them.
    pub fn grow(&mut self, n: usize) -> Result<(), Full> {
        let of_small = n.min(SMALL.saturating_sub(self.n_bytes));
        self.n_bytes += n;
        self.small.grow(of_small)?;
        self.large.grow(n - of_small)
    }
}

/// A body, which counts against the shared memory as long as it is held.
#[derive(Debug, Clone)]
pub struct Received {
    bytes: Bytes,
    held: Arc<Charge>,
}

impl Received {
    /// Bytes, and what they hold of the memory.
    pub fn new(bytes: Bytes, held: Charge) -> Self {
        Self { bytes, held: Arc::new(held) }
    }

    /// The bytes in another form, which count beside those that they were made of.
    ///
    /// # Errors
    /// When there is no memory left for them.
    pub fn replace(&mut self, bytes: Bytes) -> Result<(), Full> {
        // Nobody else holds it yet.
        if let Some(held) = Arc::get_mut(&mut self.held) {
            held.grow(bytes.len())?;
        }
        self.bytes = bytes;
        Ok(())
    }

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
