//! Tokens and sessions, looked up by their secrets.

use demining::UnknownValue;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    access::{Bearer, Proof, Session, Token, hash},
    error::StoreError,
    sqlite::row::Columns,
    value::{id_text, instant},
};

const TOKEN: &str =
    "SELECT id, name, role, operator, regions, created_at, expires_at, revoked_at FROM tokens";

/// Returns the token if it is valid at this instant.
pub(crate) fn find(conn: &Connection, token: &str, at: Timestamp) -> Result<Option<Token>, StoreError> {
    let sql = format!("{TOKEN} WHERE hash = ?1");
    let found = conn.prepare_cached(&sql)?.query_row([hash(token)], |row| Ok(read(row))).optional()?;
    Ok(found.transpose()?.filter(|token| token.is_good(at)))
}

fn find_by_id(conn: &Connection, id: &str) -> Result<Option<Token>, StoreError> {
    let sql = format!("{TOKEN} WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], |row| Ok(read(row))).optional()?.transpose()
}

/// Returns the session if it is valid at this instant.
pub(crate) fn find_session(
    conn: &Connection,
    secret: &str,
    at: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let sql =
        "SELECT token, name, role, operator, regions, expires_at FROM clearline_sessions WHERE hash = ?1";
    let found = conn.prepare_cached(sql)?.query_row([hash(secret)], |row| {
        let col = Columns(row);
        let session = || {
            let token = col.text(0, "token")?.map(str::to_owned);
            let expires_at = instant(col.needed(5, "expires_at")?, "expires_at")?;
            Ok((token, bearer(&col, 1)?, expires_at))
        };
        Ok(session().map_err(|problem: String| StoreError::Damaged(format!("sessions: {problem}"))))
    });
    let Some((token, bearer, expires_at)) = found.optional()?.transpose()? else { return Ok(None) };
    if expires_at <= at {
        return Ok(None);
    }
    let Some(token) = token else { return Ok(Some(Session { token: None, bearer, expires_at })) };
    let token = find_by_id(conn, &token)?.filter(|token| token.is_good(at));
    Ok(token.map(|token| Session { token: Some(token.id), bearer: token.bearer, expires_at }))
}

/// Returns `true` if a credential is valid at this instant; [`Proof::None`] always is.
pub(crate) fn stands(conn: &Connection, proof: &Proof, at: Timestamp) -> Result<bool, StoreError> {
    Ok(match proof {
        Proof::None => true,
        Proof::Token(id) => {
            find_by_id(conn, id_text(*id, &mut [0; 36]))?.is_some_and(|token| token.is_good(at))
        }
        Proof::Session(secret) => find_session(conn, secret, at)?.is_some(),
    })
}

/// Returns the number of revoked tokens.
pub(crate) fn n_revoked(conn: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM tokens WHERE revoked_at IS NOT NULL";
    let n: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<Token>, StoreError> {
    let sql = format!("{TOKEN} ORDER BY created_at, id");
    conn.prepare_cached(&sql)?.query_map([], |row| Ok(read(row)))?.collect::<Result<Result<_, _>, _>>()?
}

fn bearer(col: &Columns<'_, '_>, from: usize) -> Result<Bearer, String> {
    let regions = col.text(from + 3, "regions")?.map(serde_json::from_str).transpose();
    Ok(Bearer {
        name: col.needed(from, "name")?.to_owned(),
        role: col.needed(from + 1, "role")?.parse().map_err(|e: UnknownValue| e.to_string())?,
        operator: col.text(from + 2, "operator")?.map(str::to_owned),
        regions: regions.map_err(|error| format!("regions: {error}"))?,
    })
}

fn read(row: &Row<'_>) -> Result<Token, StoreError> {
    let col = Columns(row);
    let optional = |at, name| col.text(at, name)?.map(|text| instant(text, name)).transpose();
    let token = || {
        Ok(Token {
            id: col.id(0)?,
            bearer: bearer(&col, 1)?,
            created_at: instant(col.needed(5, "created_at")?, "created_at")?,
            expires_at: optional(6, "expires_at")?,
            revoked_at: optional(7, "revoked_at")?,
        })
    };
    token().map_err(|problem: String| StoreError::Damaged(format!("tokens: {problem}")))
}
