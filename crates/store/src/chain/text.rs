//! Free texts in the chain: the chain covers a salted digest instead of the text, so that the text can be
//! redacted later.
//!
//! A note, a reason or an unknown property may name a person and may have to be removed one day. So the hash
//! of a revision covers the digests of these texts:
//!
//! ```text
//! digest = BLAKE3 in its key derivation mode (context "Clearline 2026-11-30 digest of a text"), of
//!          16 bytes of salt, then the text in UTF-8
//! ```
//!
//! Each text has its own random salt, stored beside it in a column whose name is the text's with the suffix
//! `_seal`. Redacting a text removes it and replaces the salt with the digest. The salt must go too: with it,
//! anybody could test guesses of a short text against the digest. So a seal is
//!
//! - NULL if there is no text,
//! - 16 bytes, the salt, beside a text,
//! - 32 bytes, the digest, if the text was redacted.

use std::sync::LazyLock;

use crate::{error::StoreError, value::Value};

/// The key derivation context.
const CONTEXT: &str = "Clearline 2026-11-30 digest of a text";

/// Length of a salt in bytes.
pub(crate) const SALT_BYTES: usize = 16;

/// The salt of a text's digest.
pub(crate) type Salt = [u8; SALT_BYTES];

/// The digest of a text, which the hash of its revision covers.
pub(crate) type Digest = [u8; 32];

/// Computes the digest of a text.
pub(crate) fn digest(salt: &Salt, text: &[u8]) -> Digest {
    // Deriving the key from the context costs as much as hashing a short text, so do it once.
    static KEYED: LazyLock<blake3::Hasher> = LazyLock::new(|| blake3::Hasher::new_derive_key(CONTEXT));
    *KEYED.clone().update(salt).update(text).finalize().as_bytes()
}

/// A stored text and its seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sealed {
    /// There never was a text.
    None,
    /// The text exists; this is its digest.
    Kept(Digest),
    /// The text was redacted; this is its digest.
    Redacted(Digest),
}

impl Sealed {
    /// Reads a text and its seal.
    ///
    /// # Errors
    /// If they do not belong together: the reason.
    pub(crate) fn read(text: Value<'_>, seal: Value<'_>) -> Result<Self, &'static str> {
        match (text, seal) {
            (Value::Null, Value::Null) => Ok(Self::None),
            (Value::Text(text), Value::Bytes(seal)) => {
                let salt = seal.try_into().map_err(|_| "has a salt of another length")?;
                Ok(Self::Kept(digest(salt, text)))
            }
            (Value::Text(_), Value::Null) => Err("has no salt"),
            (Value::Null, Value::Bytes(seal)) => {
                seal.try_into().map(Self::Redacted).map_err(|_| "is missing, and so is its digest")
            }
            _ => Err("is not a text with a seal"),
        }
    }
}

/// A source of random salts. Requesting each one from the system would cost more than hashing the text.
pub(crate) struct Salts {
    random: [u8; 64 * SALT_BYTES],
    used: usize,
}

impl Salts {
    pub(crate) fn new() -> Self {
        Self { random: [0; _], used: 64 * SALT_BYTES }
    }

    /// Returns the next salt.
    ///
    /// # Errors
    /// [`StoreError::Random`].
    pub(crate) fn next(&mut self) -> Result<Salt, StoreError> {
        if self.used == self.random.len() {
            getrandom::fill(&mut self.random).map_err(|error| StoreError::Random(error.to_string()))?;
            self.used = 0;
        }
        let mut salt = [0; SALT_BYTES];
        salt.copy_from_slice(&self.random[self.used..self.used + SALT_BYTES]);
        self.used += SALT_BYTES;
        Ok(salt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_the_bytes_that_are_described() {
        let mut bytes = vec![3; SALT_BYTES];
        bytes.extend("Çöldə".as_bytes());
        assert_eq!(digest(&[3; SALT_BYTES], "Çöldə".as_bytes()), blake3::derive_key(CONTEXT, &bytes));
    }

    #[test]
    fn a_redacted_text_has_the_digest_that_it_had() {
        let (salt, text) = ([7; SALT_BYTES], Value::from("seen by Leyla"));
        let Ok(Sealed::Kept(digest)) = Sealed::read(text, Value::Bytes(&salt)) else { panic!("is kept") };
        assert_eq!(Sealed::read(Value::Null, Value::Bytes(&digest)), Ok(Sealed::Redacted(digest)));
        assert_eq!(Sealed::read(Value::Null, Value::Null), Ok(Sealed::None));
        for (text, seal) in [
            (text, Value::Null),
            (text, Value::Bytes(&digest)),
            (Value::Null, Value::Bytes(&salt)),
            (Value::Whole(1), Value::Bytes(&salt)),
        ] {
            assert!(Sealed::read(text, seal).is_err(), "{text:?} {seal:?}");
        }
    }

    #[test]
    fn no_two_salts_are_the_same() {
        let mut salts = Salts::new();
        let all: std::collections::HashSet<Salt> = (0..1_000).map(|_| salts.next().unwrap()).collect();
        assert_eq!(all.len(), 1_000);
    }
}
