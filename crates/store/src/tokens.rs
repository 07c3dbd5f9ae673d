//! Tokens: who may write.
//!
//! A token has 256 random bits, and only its SHA-256 is kept: with so many bits a slow hash would
//! add nothing. Tokens are made and revoked beside a running server, through a connection of their own.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    StoreError,
    columns::{Columns, id_text, instant, instant_text},
    connection,
};

/// What a token begins with, so that one that leaked can be told for what it is.
const PREFIX: &str = "clearline_";

/// Who holds a token, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Names it without giving it away.
    pub id: Uuid,
    /// Who holds it: the `by` of what is written with it.
    pub name: String,
    /// What it is for, in the server's words.
    pub role: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is good for nothing.
    pub revoked_at: Option<Timestamp>,
}

/// Makes a token in the store at `path`, which may be in use, and gives it out. It is never seen again.
///
/// # Errors
/// As [`Reader::open`](crate::Reader::open); [`StoreError::Busy`] when the writer keeps the file
/// locked for seconds.
pub fn create_token(
    path: impl AsRef<Path>,
    name: &str,
    role: &str,
    at: Timestamp,
) -> Result<String, StoreError> {
    let path = connection::resolve(path.as_ref())?;
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| StoreError::Random(error.to_string()))?;
    let token = format!("{PREFIX}{}", hex::encode(secret));
    let sql = "INSERT INTO tokens (id, name, role, hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection::second_writer(&path)?.execute(
        sql,
        params![id_text(Uuid::new_v4(), &mut [0; 36]), name, role, hash(&token), instant_text(at)],
    )?;
    Ok(token)
}

/// Makes a token good for nothing, and says whether there was one of this id that was good.
///
/// # Errors
/// As [`create_token`].
pub fn revoke_token(path: impl AsRef<Path>, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let path = connection::resolve(path.as_ref())?;
    let sql = "UPDATE tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    let revoked = connection::second_writer(&path)?
        .execute(sql, params![id_text(id, &mut [0; 36]), instant_text(at)])?;
    Ok(revoked > 0)
}

const TOKEN: &str = "SELECT id, name, role, created_at, revoked_at FROM tokens";

pub(crate) fn find(conn: &Connection, token: &str) -> Result<Option<Token>, StoreError> {
    let sql = format!("{TOKEN} WHERE hash = ?1 AND revoked_at IS NULL");
    conn.prepare_cached(&sql)?.query_row([hash(token)], |row| Ok(read(row))).optional()?.transpose()
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<Token>, StoreError> {
    let sql = format!("{TOKEN} ORDER BY created_at, id");
    conn.prepare_cached(&sql)?.query_map([], |row| Ok(read(row)))?.collect::<Result<Result<_, _>, _>>()?
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn read(row: &Row<'_>) -> Result<Token, StoreError> {
    let col = Columns(row);
    let token = || {
        Ok(Token {
            id: col.id(0)?,
            name: col.needed(1, "name")?.to_owned(),
            role: col.needed(2, "role")?.to_owned(),
            created_at: instant(col.needed(3, "created_at")?, "created_at")?,
            revoked_at: col.text(4, "revoked_at")?.map(|t| instant(t, "revoked_at")).transpose()?,
        })
    };
    token().map_err(|problem: String| StoreError::Damaged(format!("tokens: {problem}")))
}
