//! Who may do what.

use jiff::Timestamp;

use super::open::Reader;
use crate::{
    access::{Proof, Session, Token},
    error::StoreError,
    sqlite::tables::tokens,
};

impl Reader {
    /// Whose token this is; none when it is unknown or good for nothing at this instant. The token is
    /// hashed and its hash looked up, so the time it takes tells nothing about other tokens.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find_token(&self, token: &str, at: Timestamp) -> Result<Option<Token>, StoreError> {
        tokens::find(&self.conn, token, at)
    }

    /// Whose session this is, by what a browser holds of it; none when it has ended at this instant,
    /// or the token that it was begun with is good for nothing any more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find_session(&self, secret: &str, at: Timestamp) -> Result<Option<Session>, StoreError> {
        tokens::find_session(&self.conn, secret, at)
    }

    /// Every token ever made, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        tokens::all(&self.conn)
    }

    /// Whether a token or a session is good for something at this instant.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stands(&self, proof: &Proof, at: Timestamp) -> Result<bool, StoreError> {
        tokens::stands(&self.conn, proof, at)
    }

    /// How many tokens were revoked: while that stays, none was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn n_revoked(&self) -> Result<u64, StoreError> {
        tokens::n_revoked(&self.conn)
    }
}
