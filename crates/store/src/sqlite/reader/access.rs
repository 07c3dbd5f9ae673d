//! Reads tokens and sessions.

use jiff::Timestamp;

use super::open::Reader;
use crate::{
    access::{Proof, Session, Token},
    error::StoreError,
    sqlite::tables::tokens,
};

impl Reader {
    /// Returns the token with this secret; `None` if it is unknown or not valid at this instant. The lookup
    /// uses the secret's hash, so its time reveals nothing about other tokens.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_token(&self, token: &str, at: Timestamp) -> Result<Option<Token>, StoreError> {
        tokens::find(&self.conn, token, at)
    }

    /// Returns the session with the browser's secret; `None` if it has expired at this instant, or the token
    /// that it began with is no longer valid.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_session(&self, secret: &str, at: Timestamp) -> Result<Option<Session>, StoreError> {
        tokens::find_session(&self.conn, secret, at)
    }

    /// Returns every token ever created, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        tokens::all(&self.conn)
    }

    /// Returns `true` if a token or a session is valid at this instant.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn stands(&self, proof: &Proof, at: Timestamp) -> Result<bool, StoreError> {
        tokens::stands(&self.conn, proof, at)
    }

    /// Returns the number of revoked tokens; it changes with every revocation.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn n_revoked(&self) -> Result<u64, StoreError> {
        tokens::n_revoked(&self.conn)
    }
}
