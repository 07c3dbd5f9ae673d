//! Received uploads: their bytes, stored before anybody parses them.
//!
//! An upload is first stored here durably and then judged. If that is interrupted, it is judged later; its id
//! is that of its report, and there is never a second report.

use bytes::Bytes;
use demining::Author;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::{
    access::Proof,
    error::StoreError,
    inbox::{Kept, Received},
    sqlite::{
        row::{Columns, damaged},
        tables::tokens,
    },
    unstorable::of_received,
    upload::Told,
    value::{id_text, instant, instant_text},
};

/// Stores an upload, unless its key was used before or its sender's credential is no longer valid.
pub(crate) fn keep(conn: &Connection, received: &Received, at: Timestamp) -> Result<Kept, StoreError> {
    if !tokens::stands(conn, &received.proof, at)? {
        return Ok(Kept::Revoked);
    }
    if let Some(field) = of_received(received) {
        return Ok(Kept::Unstorable(field));
    }
    if let Some(before) = before(conn, received)? {
        return Ok(before);
    }
    let Received { id, by: Author { name, operator }, sender, door, key, request_meta, bytes, .. } = received;
    let bytes = received.hash.is_none().then_some(&bytes[..]);
    let hash = received.hash();
    let sql = "INSERT INTO clearline_inbox
                 (id, received_at, \"by\", by_operator, sender, door, key, envelope, hash, bytes)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let (id, at) = (id_text(*id, &mut [0; 36]).to_owned(), instant_text(at));
    let row = params![id, at, name, operator, sender, door, key, request_meta, hash, bytes];
    conn.prepare_cached(sql)?.execute(row)?;
    Ok(Kept::New)
}

/// Selects the uploads of a sender, whose name and operator are the first two parameters. The index of keys
/// begins with these.
const OF_SENDER: &str = "\"by\" = ?1 AND coalesce(by_operator, '') = coalesce(?2, '')";

/// Returns the earlier upload with the same key in the same channel.
pub(crate) fn before(conn: &Connection, received: &Received) -> Result<Option<Kept>, StoreError> {
    let Some(key) = &received.key else { return Ok(None) };
    let before = with_key(conn, received, key)?;
    Ok(before.map(|(id, hash, is_judged)| Kept::Before { id, is_same: hash == received.hash(), is_judged }))
}

fn with_key(
    conn: &Connection,
    Received { by, door, .. }: &Received,
    key: &str,
) -> Result<Option<(Uuid, [u8; 32], bool)>, StoreError> {
    let sql = format!(
        "SELECT number, id, hash, judged FROM clearline_inbox WHERE {OF_SENDER} AND key = ?3 AND door = ?4"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((&by.name, &by.operator, key, door))?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let col = Columns(row);
    let read = || Ok((col.id(1)?, hash_of(&col, 2)?, col.needed_whole::<u8>(3, "judged")? != 0));
    read().map(Some).map_err(|problem: String| damaged("clearline_inbox", row, &problem))
}

fn hash_of(col: &Columns<'_, '_>, at: usize) -> Result<[u8; 32], String> {
    col.blob(at, "hash")?.try_into().map_err(|_| "hash is not 32 bytes".to_owned())
}

/// Returns the sender of an upload and the stored rights of that sender; `None` if there is no such upload.
pub(crate) fn sender(conn: &Connection, id: Uuid) -> Result<Option<(Author, Option<String>)>, StoreError> {
    let sql = "SELECT fid, \"by\", by_operator, NULL FROM uploads WHERE id = ?1
               UNION ALL SELECT number, \"by\", by_operator, sender FROM clearline_inbox WHERE id = ?1
               ORDER BY 4 NULLS LAST LIMIT 1";
    let read = |row: &rusqlite::Row<'_>| {
        let col = Columns(row);
        let text = |at, name| Ok::<_, String>(col.text(at, name)?.map(str::to_owned));
        let read = || Ok((Author::new(col.needed(1, "by")?, text(2, "by_operator")?), text(3, "sender")?));
        Ok(read().map_err(|problem: String| damaged("clearline_inbox", row, &problem)))
    };
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_row([id_text(id, &mut [0; 36])], read).optional()?.transpose()
}

/// Notes that an upload has its report, whether a manager must look at it, and whether every row was
/// accepted. Deletes its bytes if they may identify people.
pub(crate) fn note_judged(conn: &Connection, id: Uuid, told: &Told) -> rusqlite::Result<()> {
    let sql = "UPDATE clearline_inbox
               SET judged = 1, refused = ?2, whole = ?3, bytes = CASE WHEN ?4 THEN NULL ELSE bytes END
               WHERE id = ?1";
    let id = id_text(id, &mut [0; 36]).to_owned();
    let row = (id, told.is_refused, told.is_whole, told.is_personal);
    conn.prepare_cached(sql)?.execute(row).map(|_| ())
}

/// Returns the uploads that wait to be judged, oldest first.
pub(crate) fn waiting(conn: &Connection) -> Result<Vec<Uuid>, StoreError> {
    let sql = "SELECT number, id FROM clearline_inbox WHERE NOT judged ORDER BY number";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut ids = Vec::new();
    while let Some(row) = rows.next()? {
        ids.push(Columns(row).id(1).map_err(|problem| damaged("clearline_inbox", row, &problem))?);
    }
    Ok(ids)
}

/// Returns a received upload, and when it was received; its bytes are empty if they were deleted.
pub(crate) fn find(conn: &Connection, id: Uuid) -> Result<Option<(Received, Timestamp)>, StoreError> {
    let sql = "SELECT number, received_at, \"by\", sender, door, key, envelope, coalesce(bytes, x''), hash,
                 bytes IS NULL, by_operator
               FROM clearline_inbox WHERE id = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        let col = Columns(row);
        let read = || {
            let bytes = Bytes::copy_from_slice(col.blob(7, "bytes")?);
            let hash = hash_of(&col, 8)?;
            if !bytes.is_empty() && *blake3::hash(&bytes).as_bytes() != hash {
                return Err("the bytes differ from those received: their hash does not match".to_owned());
            }
            let text = |at, name| col.needed(at, name).map(str::to_owned);
            let received = Received {
                id,
                by: Author::new(text(2, "by")?, col.text(10, "by_operator")?.map(str::to_owned)),
                proof: Proof::None,
                sender: text(3, "sender")?,
                door: text(4, "door")?,
                key: col.text(5, "key")?.map(str::to_owned),
                request_meta: text(6, "envelope")?,
                bytes,
                hash: (col.needed_whole::<u8>(9, "bytes")? != 0).then_some(hash),
            };
            Ok((received, instant(col.needed(1, "received_at")?, "received_at")?))
        };
        Ok(read().map_err(|problem: String| damaged("clearline_inbox", row, &problem)))
    };
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_row([id_text(id, &mut [0; 36])], read).optional()?.transpose()
}

/// Returns the uploads of a sender whose key begins with a name and a slash, with their channels, oldest
/// first.
pub(crate) fn named(conn: &Connection, by: &Author, name: &str) -> Result<Vec<(Uuid, String)>, StoreError> {
    // '0' is the character after '/'.
    let sql = format!(
        "SELECT number, id, door FROM clearline_inbox
         WHERE {OF_SENDER} AND key > ?3 || '/' AND key < ?3 || '0' ORDER BY number"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((&by.name, &by.operator, name))?;
    let mut named = Vec::new();
    while let Some(row) = rows.next()? {
        let col = Columns(row);
        let read = col.id(1).and_then(|id| Ok((id, col.needed(2, "door")?.to_owned())));
        named.push(read.map_err(|problem| damaged("clearline_inbox", row, &problem))?);
    }
    Ok(named)
}

/// Deletes the bytes of uploads received before an instant whose rows were all accepted: the log has all of
/// their content. Returns their number.
pub(crate) fn forget(conn: &Connection, before: Timestamp) -> Result<usize, StoreError> {
    let sql = "UPDATE clearline_inbox SET bytes = NULL
               WHERE bytes IS NOT NULL AND judged AND whole AND received_at < ?1";
    Ok(conn.prepare_cached(sql)?.execute([instant_text(before)])?)
}
