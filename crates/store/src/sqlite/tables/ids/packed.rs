//! Ids in the file: in their index, and the newest as packed rows.

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use crate::{error::StoreError, sqlite::row::damaged};

/// Bytes of an id and its number in a packed row.
const ENTRY: usize = 20;

/// Looks up an id in the index.
pub(super) const FIND: &str = "SELECT number FROM clearline_ids WHERE id = ?1";

/// Packs an id and its number.
pub(super) fn pack(&(id, number): &(Uuid, u32)) -> [u8; ENTRY] {
    let mut entry = [0; ENTRY];
    entry[..16].copy_from_slice(id.as_bytes());
    entry[16..].copy_from_slice(&number.to_be_bytes());
    entry
}

pub(super) fn unpack(entry: &[u8; ENTRY]) -> (Uuid, u32) {
    let (mut id, mut number) = ([0; 16], [0; 4]);
    id.copy_from_slice(&entry[..16]);
    number.copy_from_slice(&entry[16..]);
    (Uuid::from_bytes(id), u32::from_be_bytes(number))
}

/// Scans the packed rows, newest first, until `look` returns `true`.
pub(super) fn each_packed(
    conn: &Connection,
    mut look: impl FnMut(&[[u8; ENTRY]]) -> bool,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached("SELECT fid, ids FROM clearline_new_ids ORDER BY fid DESC")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entries = row.get_ref(1)?.as_blob().ok().map(<[u8]>::as_chunks::<ENTRY>);
        match entries {
            Some((entries, [])) if look(entries) => return Ok(()),
            Some((_, [])) => {}
            _ => {
                return Err(damaged(
                    "clearline_new_ids",
                    row,
                    "ids are not a whole number of packed entries",
                ));
            }
        }
    }
    Ok(())
}

/// Calls `tell` with every id ever used and its number, in no order.
pub(crate) fn each(conn: &Connection, mut tell: impl FnMut(Uuid, u32)) -> Result<(), StoreError> {
    let mut statement = conn.prepare("SELECT id, number FROM clearline_ids")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        tell(Uuid::from_bytes(row.get(0)?), row.get(1)?);
    }
    each_packed(conn, |entries| {
        for (id, number) in entries.iter().map(unpack) {
            tell(id, number);
        }
        false
    })
}

/// Returns the number that this id has or had, for a reader.
pub(crate) fn find(conn: &Connection, id: Uuid) -> Result<Option<u32>, StoreError> {
    let mut number = conn.prepare_cached(FIND)?.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
    if number.is_none() {
        each_packed(conn, |entries| {
            let at = entries.binary_search_by(|entry| entry[..16].cmp(id.as_bytes()));
            number = at.ok().map(|at| unpack(&entries[at]).1);
            number.is_some()
        })?;
    }
    Ok(number)
}
