//! Tokens, and the sessions of people who signed in: who may do what.
//!
//! Both are 256 random bits, and only their SHA-256 is kept: with so many bits a slow hash would
//! add nothing. They are made and ended beside a running server, through a connection of their own.

use std::{path::Path, sync::Arc};

use demining::{Author, Role};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::StoreError;
use crate::sqlite::columns::{Columns, id_text, instant, instant_text};
use crate::sqlite::file::connection;

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

/// Makes a token in the store at `path`, which may be in use, and gives it out. It is never seen again.
///
/// # Errors
/// As [`Reader::open`](crate::Reader::open); [`StoreError::Busy`] when the writer keeps the file
/// locked for seconds.
pub fn create_token(
    path: impl AsRef<Path>,
    bearer: &Bearer,
    expires_at: Option<Timestamp>,
    at: Timestamp,
) -> Result<(Uuid, String), StoreError> {
    let path = connection::resolve(path.as_ref())?;
    let (id, token) = (Uuid::new_v4(), format!("{TOKEN_BEGINS}{}", secret()?));
    let sql = "INSERT INTO tokens (id, name, role, hash, created_at, operator, regions, expires_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let Bearer { name, role, operator, regions } = bearer;
    connection::second_writer(&path)?.execute(
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

/// Makes a token good for nothing, with the sessions that were begun with it, and says whether there
/// was one of this id that was good.
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

/// Begins a session in the store at `path`, which may be in use, and gives out what a browser holds of
/// it. Sessions that have ended are cleared away.
///
/// # Errors
/// As [`create_token`].
pub fn begin_session(path: impl AsRef<Path>, session: &Session, at: Timestamp) -> Result<String, StoreError> {
    let path = connection::resolve(path.as_ref())?;
    let (secret, conn) = (secret()?, connection::second_writer(&path)?);
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

/// Ends a session, by what the browser holds of it; one that is none is no error.
///
/// # Errors
/// As [`create_token`].
pub fn end_session(path: impl AsRef<Path>, secret: &str) -> Result<(), StoreError> {
    let path = connection::resolve(path.as_ref())?;
    let sql = "DELETE FROM clearline_sessions WHERE hash = ?1";
    connection::second_writer(&path)?.execute(sql, [hash(secret)])?;
    Ok(())
}

const TOKEN: &str =
    "SELECT id, name, role, operator, regions, created_at, expires_at, revoked_at FROM tokens";

/// The token, if it is good at this instant.
pub(crate) fn find(conn: &Connection, token: &str, at: Timestamp) -> Result<Option<Token>, StoreError> {
    let sql = format!("{TOKEN} WHERE hash = ?1");
    let found = conn.prepare_cached(&sql)?.query_row([hash(token)], |row| Ok(read(row))).optional()?;
    Ok(found.transpose()?.filter(|token| token.is_good(at)))
}

fn find_by_id(conn: &Connection, id: &str) -> Result<Option<Token>, StoreError> {
    let sql = format!("{TOKEN} WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], |row| Ok(read(row))).optional()?.transpose()
}

/// The session, if it goes on at this instant.
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

/// Whether a proof is one at this instant; none was never one, and stays what it is.
pub(crate) fn stands(conn: &Connection, proof: &Proof, at: Timestamp) -> Result<bool, StoreError> {
    Ok(match proof {
        Proof::None => true,
        Proof::Token(id) => {
            find_by_id(conn, id_text(*id, &mut [0; 36]))?.is_some_and(|token| token.is_good(at))
        }
        Proof::Session(secret) => find_session(conn, secret, at)?.is_some(),
    })
}

/// How many tokens were revoked.
pub(crate) fn n_revoked(conn: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM tokens WHERE revoked_at IS NOT NULL";
    let n: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(n.unsigned_abs())
}

pub(crate) fn all(conn: &Connection) -> Result<Vec<Token>, StoreError> {
    let sql = format!("{TOKEN} ORDER BY created_at, id");
    conn.prepare_cached(&sql)?.query_map([], |row| Ok(read(row)))?.collect::<Result<Result<_, _>, _>>()?
}

impl Token {
    /// Whether it is good for something at this instant.
    pub fn is_good(&self, at: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| at < end)
    }
}

fn secret() -> Result<String, StoreError> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| StoreError::Random(error.to_string()))?;
    Ok(hex::encode(secret))
}

/// What is looked up: its time tells nothing of a token, as whoever asks does not know the hashes.
fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn regions_text(regions: &[String]) -> String {
    serde_json::Value::from(regions).to_string()
}

fn bearer(col: &Columns<'_, '_>, from: usize) -> Result<Bearer, String> {
    let regions = col.text(from + 3, "regions")?.map(serde_json::from_str).transpose();
    Ok(Bearer {
        name: col.needed(from, "name")?.to_owned(),
        role: col.needed(from + 1, "role")?.parse().map_err(|e: demining::UnknownValue| e.to_string())?,
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
