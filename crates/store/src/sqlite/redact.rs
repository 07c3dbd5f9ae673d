//! Removes a text from the log and stores its digest in its place. See `chain::text`.

use demining::Collection;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::{
    chain::{
        ENCODING,
        text::{SALT_BYTES, digest},
    },
    error::StoreError,
    redaction::{Place, Redaction},
    sqlite::{
        layer::Layer,
        tables::{
            changes::{PAST, collection_of},
            ids,
        },
    },
    value::instant_text,
};

/// Removes a text from every change of a record that has it, and returns their number.
pub(crate) fn redact(conn: &Connection, redaction: &Redaction, at: Timestamp) -> Result<usize, StoreError> {
    let Redaction { id, field, by, reason } = redaction;
    let Some(number) = ids::find(conn, *id)? else { return Ok(0) };
    let Some(collection) = collection_of(conn, number)? else { return Ok(0) };
    let Some(place) = field.place(collection) else { return Ok(0) };
    let Place { column, seal, is_content, number: field_number } = place;
    let table = if is_content { Layer(collection).content() } else { "changes".to_owned() };
    let sql = format!(
        "WITH RECURSIVE {PAST} SELECT l.fid, l.revision, r.encoding, t.{column}, t.{seal}
         FROM {table} AS t CROSS JOIN changes AS l ON l.fid = t.fid
           CROSS JOIN revisions AS r ON r.revision = l.revision
         WHERE t.fid IN past AND t.{column} IS NOT NULL"
    );
    let mut statement = conn.prepare(&sql)?;
    let texts = statement.query_map([number], read_text)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let clear = format!("UPDATE {table} SET {column} = NULL, {seal} = ?2 WHERE fid = ?1");
    let note = "INSERT INTO redactions (change, field, \"at\", \"by\", by_operator, reason)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    for Found { change, revision, encoding, text, salt } in &texts {
        if *encoding != ENCODING {
            return Err(StoreError::NotRedactable { revision: *revision });
        }
        let Ok(salt) = <[u8; SALT_BYTES]>::try_from(salt.as_slice()) else {
            return Err(StoreError::Damaged(format!("{table} fid {change}: {seal} is not a salt")));
        };
        conn.execute(&clear, (change, digest(&salt, text)))?;
        conn.execute(note, params![change, field_number, instant_text(at), by.name, by.operator, reason])?;
    }
    // Writes in quarantine, decided or not, are not part of the log. Their columns have the same names, and
    // one of them may be of another collection.
    for collection in Collection::ALL {
        let Some(Place { column, is_content, .. }) = field.place(*collection) else { continue };
        let sql = if is_content {
            let held = Layer(*collection).held();
            format!(
                "UPDATE {held} SET {column} = NULL
                 WHERE number IN (SELECT number FROM clearline_held WHERE id = ?1)"
            )
        } else {
            format!("UPDATE clearline_held SET {column} = NULL WHERE id = ?1")
        };
        conn.execute(&sql, [id.to_string()])?;
    }
    Ok(texts.len())
}

struct Found {
    change: i64,
    revision: u64,
    encoding: i64,
    text: Vec<u8>,
    salt: Vec<u8>,
}

fn read_text(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found {
        change: row.get(0)?,
        revision: row.get::<_, i64>(1)?.cast_unsigned(),
        encoding: row.get(2)?,
        text: row.get_ref(3)?.as_bytes()?.to_vec(),
        salt: row.get_ref(4)?.as_blob_or_null()?.unwrap_or_default().to_vec(),
    })
}
