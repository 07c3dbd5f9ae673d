//! Tokens and sessions: who may do what.
//!
//! Both are 256 random bits, of which only the SHA-256 is stored: with so many bits a slow hash would add
//! nothing.

use std::sync::Arc;

use demining::{Author, Role};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::StoreError;

/// The prefix of a token, so that a leaked one can be recognised.
pub const TOKEN_BEGINS: &str = "clearline_";

/// The holder of a token or session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The holder's name: the `by` of its writes.
    pub name: String,
    /// The role, which decides what the holder may do.
    pub role: Role,
    /// The operator that it works for.
    pub operator: Option<String>,
    /// The ids of the regions in which it may act; `None` means everywhere.
    pub regions: Option<Vec<String>>,
}

impl Bearer {
    /// Returns the holder as the author of its writes.
    pub fn author(&self) -> Author {
        Author::new(self.name.clone(), self.operator.clone())
    }
}

/// The credential that identifies a caller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Proof {
    /// No credential.
    #[default]
    None,
    /// A token.
    Token(Uuid),
    /// The secret that a browser received at sign-in.
    Session(Arc<str>),
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Identifies the token without revealing it.
    pub id: Uuid,
    /// The holder.
    pub bearer: Bearer,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires; `None` if it never does.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// The session of somebody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The token used to sign in; `None` if an identity provider identified the person.
    pub token: Option<Uuid>,
    /// The holder.
    pub bearer: Bearer,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl Token {
    /// Returns `true` if the token is valid at this instant.
    pub fn is_good(&self, at: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| at < end)
    }
}

/// Creates the secret of a token or a session.
pub(crate) fn secret() -> Result<String, StoreError> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| StoreError::Random(error.to_string()))?;
    Ok(hex::encode(secret))
}

/// Returns the hash to look up. The time of a lookup reveals nothing about a token, because the caller cannot
/// choose hashes.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
