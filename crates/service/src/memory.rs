//! The memory that request bodies share, limited in total and per party.

use std::{ops::Deref, sync::Arc};

use bytes::Bytes;

use crate::{
    access::Party,
    fault::Fault,
    pool::{Full, Pool, Share},
};

/// The first bytes of a body, which come from a separate pool: a small body finds room however many large
/// ones are in progress.
const SMALL: usize = 64 << 10;

/// The memory that bodies share. Bytes count as they arrive: the size that a client announces reserves
/// nothing.
#[derive(Debug, Clone)]
pub struct Memory {
    small: Arc<Pool<Party>>,
    large: Arc<Pool<Party>>,
}

impl Memory {
    fn new(small: (usize, usize), large: (usize, usize)) -> Self {
        Self { small: Pool::new(small.0, small.1), large: Pool::new(large.0, large.1) }
    }

    /// Returns the pool for uploads: 256 MiB, at most 96 per caller, and 32 MiB for small bodies, at most 8
    /// per caller.
    pub fn of_writers() -> Self {
        Self::new((32 << 20, 8 << 20), (256 << 20, 96 << 20))
    }

    /// Returns the pool for anonymous bodies: 32 MiB, at most 12 per address, and 8 MiB for small ones, at
    /// most 2 per address.
    pub fn of_the_public() -> Self {
        Self::new((8 << 20, 2 << 20), (32 << 20, 12 << 20))
    }

    /// Returns the pool reserved for sign-ins: 4 MiB, at most 1 per address.
    pub fn of_sign_ins() -> Self {
        Self::new((4 << 20, 1 << 20), (0, 0))
    }

    /// Starts an empty charge for a party: see [`Charge::grow`].
    pub fn charge(&self, party: &Party) -> Charge {
        Charge { small: self.small.share(party.clone()), large: self.large.share(party.clone()), n_bytes: 0 }
    }

    /// Counts bytes that were received before.
    ///
    /// # Errors
    /// If there is no memory left for them.
    pub fn hold(&self, party: &Party, bytes: Bytes) -> Result<Received, Fault> {
        let mut held = self.charge(party);
        held.grow(bytes.len()).map_err(|_| Fault::Unavailable("too many uploads are in progress"))?;
        Ok(Received::new(bytes, held))
    }
}

/// The shared memory that a body uses.
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
    /// If there is no memory left for them.
    pub fn grow(&mut self, n: usize) -> Result<(), Full> {
        let of_small = n.min(SMALL.saturating_sub(self.n_bytes));
        self.n_bytes += n;
        self.small.grow(of_small)?;
        self.large.grow(n - of_small)
    }
}

/// A body, which counts against the shared memory while it is held.
#[derive(Debug, Clone)]
pub struct Received {
    bytes: Bytes,
    held: Arc<Charge>,
}

impl Received {
    /// Combines bytes with their charge.
    pub fn new(bytes: Bytes, held: Charge) -> Self {
        Self { bytes, held: Arc::new(held) }
    }

    /// Replaces the bytes by another form, which counts in addition to the original.
    ///
    /// # Errors
    /// If there is no memory left for them.
    pub fn replace(&mut self, bytes: Bytes) -> Result<(), Full> {
        // Nobody else holds the charge yet.
        if let Some(held) = Arc::get_mut(&mut self.held) {
            held.grow(bytes.len())?;
        }
        self.bytes = bytes;
        Ok(())
    }

    /// Returns the bytes, shared; they count only while `self` is held.
    pub fn share(&self) -> Bytes {
        self.bytes.clone()
    }

    /// Returns the same bytes again; they count until both values are dropped.
    #[must_use]
    pub fn again(&self) -> Self {
        self.part(self.share())
    }

    /// Returns a part of the bytes; the whole counts while either is held.
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
