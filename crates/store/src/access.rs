//! Tokens, and the sessions of people who signed in: who may do what.
//!
//! Both are 256 random bits, and only their SHA-256 is kept: with so many bits a slow hash would
//! add nothing.

use std::sync::Arc;

use demining::{Author, Role};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::StoreError;

/// What a token begins with, so that one that leaked can be told for what it is.
pub const TOKEN_BEGINS: &str = "clearline_";

/// Somebody who may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// Who it is: the `by` of what is written.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The organisation that it works for.
    pub operator: Option<String>,
    /// The ids of the regions in which it may; everywhere when none.
    pub regions: Option<Vec<String>>,
}

impl Bearer {
    /// The same as the author of what is written.
    pub fn author(&self) -> Author {
        Author::new(self.name.clone(), self.operator.clone())
    }
}

/// By what it is known who is asking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Proof {
    /// By nothing.
    #[default]
    None,
    /// By a token.
    Token(Uuid),
    /// By what a browser was given when somebody signed in.
    Session(Arc<str>),
}

/// A token, without what it is shown by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Names it without giving it away.
    pub id: Uuid,
    /// Who holds it.
    pub bearer: Bearer,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is good for nothing; never when none.
    pub expires_at: Option<Timestamp>,
    /// Since when it is good for nothing, because somebody said so.
    pub revoked_at: Option<Timestamp>,
}

/// Somebody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The token that was shown; none when a provider of identities told who it is.
    pub token: Option<Uuid>,
    /// Who it is.
    pub bearer: Bearer,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Token {
    /// Whether it is good for something at this instant.
    pub fn is_good(&self, at: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| at < end)
    }
}

/// What a token or a session is shown by.
pub(crate) fn secret() -> Result<String, StoreError> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| StoreError::Random(error.to_string()))?;
    Ok(hex::encode(secret))
}

/// What is looked up: its time tells nothing of a token, as whoever asks does not know the hashes.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
