//! Creates and revokes tokens, and begins and ends sessions, through a separate connection beside a running
//! server.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::params;
use uuid::Uuid;

use crate::{
    access::{Bearer, Session, TOKEN_BEGINS, hash, secret},
    error::StoreError,
    sqlite::file::{connection::second_writer, names::resolve},
    unstorable::refuse_bearer,
    value::{id_text, instant_text},
};

/// Creates a token in the store at `path`, which may be in use, and returns it. It cannot be retrieved later.
///
/// # Errors
/// As [`Reader::open`](crate::Reader::open); [`StoreError::Busy`] if the writer keeps the file locked for
/// seconds.
pub fn create_token(
    path: impl AsRef<Path>,
    bearer: &Bearer,
    expires_at: Option<Timestamp>,
    at: Timestamp,
) -> Result<(Uuid, String), StoreError> {
    refuse_bearer(bearer)?;
    let path = resolve(path.as_ref())?;
    let (id, token) = (Uuid::new_v4(), format!("{TOKEN_BEGINS}{}", secret()?));
    let sql = "INSERT INTO tokens (id, name, role, hash, created_at, operator, regions, expires_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let Bearer { name, role, operator, regions } = bearer;
    second_writer(&path)?.execute(
        sql,
        params![
            id_text(id, &mut [0; 36]),
            name,
            role.word(),
            hash(&token),
            instant_text(at),
            operator,
            regions.as_deref().map(regions_text),
            expires_at.map(instant_text),
        ],
    )?;
    Ok((id, token))
}

/// Revokes a token and the sessions that began with it. Returns `true` if the token existed and was not yet
/// revoked.
///
/// # Errors
/// As [`create_token`].
pub fn revoke_token(path: impl AsRef<Path>, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let path = resolve(path.as_ref())?;
    let sql = "UPDATE tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    let revoked = second_writer(&path)?.execute(sql, params![id_text(id, &mut [0; 36]), instant_text(at)])?;
    Ok(revoked > 0)
}

/// Begins a session in the store at `path`, which may be in use, and returns the browser's secret. Expired
/// sessions are removed.
///
/// # Errors
/// As [`create_token`].
pub fn begin_session(path: impl AsRef<Path>, session: &Session, at: Timestamp) -> Result<String, StoreError> {
    refuse_bearer(&session.bearer)?;
    let path = resolve(path.as_ref())?;
    let (secret, conn) = (secret()?, second_writer(&path)?);
    conn.execute("DELETE FROM clearline_sessions WHERE expires_at <= ?1", [instant_text(at)])?;
    let sql =
        "INSERT INTO clearline_sessions (hash, token, name, role, operator, regions, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let Bearer { name, role, operator, regions } = &session.bearer;
    conn.execute(
        sql,
        params![
            hash(&secret),
            session.token.map(|id| id.to_string()),
            name,
            role.word(),
            operator,
            regions.as_deref().map(regions_text),
            instant_text(at),
            instant_text(session.expires_at),
        ],
    )?;
    Ok(secret)
}

/// Ends the session with the browser's secret; an unknown secret is not an error.
///
/// # Errors
/// As [`create_token`].
pub fn end_session(path: impl AsRef<Path>, secret: &str) -> Result<(), StoreError> {
    let path = resolve(path.as_ref())?;
    let sql = "DELETE FROM clearline_sessions WHERE hash = ?1";
    second_writer(&path)?.execute(sql, [hash(secret)])?;
    Ok(())
}

fn regions_text(regions: &[String]) -> String {
    serde_json::Value::from(regions).to_string()
}
