//! The hash chain through the log: it reveals any changed, added or removed entry.
//!
//! The hash of each revision covers the previous hash, its own row and its changes. So the last one, the
//! [`Head`], covers the whole log: a published head allows anybody to verify everything before it.
//!
//! A revision names the encoding of its hash. New revisions use [`ENCODING`]; older ones keep their hash and
//! stay verifiable.
//!
//! - `first`: encoding 1, frozen: the columns of the tables up to version 8
//! - `second`: encoding 2: numbered fields, independent of any database
//! - `text`: salted digests of free texts, so that a text can be redacted

pub(crate) mod first;
pub(crate) mod second;
pub(crate) mod text;

use std::{fmt, str::FromStr};

use demining::Revision;

use crate::value::Value;

/// The encoding of new revisions.
pub(crate) const ENCODING: i64 = second::ENCODING;

/// Bytes buffered before they are hashed: hashing many at once is several times faster.
const BUFFER: usize = 64 * 1024;

/// Hashes rows of bytes with a context.
#[derive(Debug)]
struct Rows {
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
}

impl Rows {
    fn begin(context: &str) -> Self {
        Self { hasher: blake3::Hasher::new_derive_key(context), buffer: Vec::with_capacity(1024) }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Ends a row with a terminator.
    fn end_row(&mut self, mark: &[u8]) {
        self.push(mark);
        if self.buffer.len() >= BUFFER {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    fn finish(mut self) -> RevisionHash {
        self.hasher.update(&self.buffer);
        RevisionHash(*self.hasher.finalize().as_bytes())
    }
}

/// The hash of a revision: 32 bytes, written as hexadecimal digits. All zeros before the first revision.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RevisionHash(pub [u8; 32]);

impl RevisionHash {
    /// Reads the value of a column; `None` if it is not a hash.
    pub(crate) fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => bytes.try_into().ok().map(Self),
            _ => None,
        }
    }
}

impl fmt::Display for RevisionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for RevisionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The end of the log: its last revision and the hash that covers it and everything before it.
///
/// ```
/// let head: store::Head = format!("8412:{}", "0f".repeat(32)).parse()?;
/// assert_eq!(head.revision, demining::Revision(8412));
/// assert!("8412".parse::<store::Head>().is_err());
/// # Ok::<(), store::NoHead>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// The last revision; 0 if the log is empty.
    pub revision: Revision,
    /// Its hash.
    pub hash: RevisionHash,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.revision.0, self.hash)
    }
}

/// The error for a text that is not a [`Head`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not REVISION:HASH, a number and 64 hexadecimal digits")]
pub struct NoHead(String);

impl FromStr for Head {
    type Err = NoHead;

    fn from_str(text: &str) -> Result<Self, NoHead> {
        let parse = || {
            let (revision, digits) = text.split_once(':')?;
            let mut hash = RevisionHash::default();
            hex::decode_to_slice(digits, &mut hash.0).ok()?;
            let revision = Revision(revision.parse().ok()?);
            Some(Self { revision, hash })
        };
        parse().ok_or_else(|| NoHead(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = Head { revision: Revision(12), hash: RevisionHash([0xa5; 32]) };
        assert_eq!(head.to_string().parse(), Ok(head));
        for wrong in ["", "12", ":", "12:a5", "-1:", &format!("{head}0"), &format!("x{head}")] {
            assert_eq!(wrong.parse::<Head>(), Err(NoHead(wrong.to_owned())));
        }
    }
}
