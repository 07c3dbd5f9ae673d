//! Checks what surrounds the log: the file, the tables, and what is derived from the log.

use std::sync::OnceLock;

use demining::Collection;
use rusqlite::{Connection, OptionalExtension};

use crate::{
    error::StoreError,
    findings::{Findings, seen::Seen},
    sqlite::{layer::Layer, row::list, schema, tables::ids},
};

/// Checks the file with `SQLite`.
pub(super) fn check_file(conn: &Connection, findings: &mut Findings) -> Result<(), StoreError> {
    let mut check = conn.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        let told = row.get::<_, String>(0)?;
        if told != "ok" {
            findings.add_general(told);
        }
    }
    Ok(())
}

/// The tables of the log and those derived from it, except those of the collections.
const TABLES: [&str; 12] = [
    "changes",
    "revisions",
    "redactions",
    "log_head",
    "change_log",
    "clearline_meta",
    "clearline_records",
    "clearline_unapproved",
    "clearline_past_operators",
    "clearline_photos",
    "clearline_ids",
    "clearline_new_ids",
];

/// The definition of a table or view: its kind and its SQL.
type Definition = Option<(String, String)>;

/// Returns the names of the checked tables with this program's definitions.
fn definitions() -> Result<&'static [(String, Definition)], StoreError> {
    static MADE: OnceLock<Vec<(String, Definition)>> = OnceLock::new();
    if let Some(made) = MADE.get() {
        return Ok(made);
    }
    let mut conn = Connection::open_in_memory()?;
    schema::migrate(&mut conn, 0)?;
    let of_collections = Collection::ALL.iter().map(|collection| Layer(*collection));
    let of_collections = of_collections.flat_map(|layer| [layer.content(), layer.view().to_owned()]);
    let names = of_collections.chain(TABLES.map(str::to_owned));
    let made = names.map(|name| Ok((name.clone(), definition(&conn, &name)?)));
    let made = made.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(MADE.get_or_init(|| made))
}

/// Checks that the tables are defined as this program defines them.
pub(super) fn check_schema(conn: &Connection, findings: &mut Findings) -> Result<(), StoreError> {
    for (name, made) in definitions()? {
        if definition(conn, name)? != *made {
            findings.add_general(format!("{name} is not defined as in this program"));
        }
    }
    Ok(())
}

fn definition(conn: &Connection, name: &str) -> Result<Definition, StoreError> {
    let sql = "SELECT type, sql FROM sqlite_master WHERE name = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Checks that the rows beside the changes belong to one of them, and that the rest of `log_head` agrees with
/// the log.
pub(super) fn check_beside_log(
    conn: &Connection,
    seen: &Seen,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
    for collection in Collection::ALL {
        let layer = Layer(*collection);
        let table = layer.content();
        // A row without values adds nothing to a hash.
        let superfluous = format!(
            "SELECT count(*) FROM {table} AS c WHERE coalesce({}) IS NULL OR NOT EXISTS
               (SELECT 1 FROM changes AS l WHERE l.fid = c.fid AND l.collection = '{collection}')",
            list(layer.sealed())
        );
        let n = count(&superfluous)?;
        if n > 0 {
            findings.add_general(format!("{n} rows of {table} are empty or belong to no change"));
        }
    }
    let n = count("SELECT count(*) FROM redactions")?;
    if n != seen.n_redacted.cast_signed() {
        let n_redacted = seen.n_redacted;
        findings.add_general(format!("redactions has {n} rows, but {n_redacted} texts were redacted"));
    }
    for (column, of_log) in [
        ("last_number", "SELECT coalesce(max(number), 0) FROM changes"),
        ("public_revision", "SELECT coalesce(max(shown), 0) FROM clearline_shown"),
    ] {
        let kept: Option<i64> =
            conn.query_row(&format!("SELECT {column} FROM log_head"), [], |row| row.get(0)).optional()?;
        let of_log = count(of_log)?;
        if kept != Some(of_log) {
            findings.add_general(format!("log_head has {column} {kept:?}, but the log has {of_log}"));
        }
    }
    Ok(())
}

/// Checks that each record that ever existed refers to its last change, and exists unless that is a deletion.
/// Returns the number of existing records.
pub(super) fn check_records(
    conn: &Connection,
    seen: &Seen,
    findings: &mut Findings,
) -> Result<u64, StoreError> {
    let mut of_change =
        conn.prepare("SELECT number, action <> 'deleted', revision FROM changes WHERE fid = ?1")?;
    let mut records = conn.prepare("SELECT number, change, stands FROM clearline_records")?;
    let mut records = records.query([])?;
    let (mut n, mut n_standing) = (0, 0);
    while let Some(record) = records.next()? {
        let (number, change, stands): (i64, i64, i64) = (record.get(0)?, record.get(1)?, record.get(2)?);
        n += 1;
        n_standing += u64::from(stands != 0);
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get(2)?));
        let what = match of_change.query_row([change], read).optional()? {
            None => format!("it refers to change {change}, which does not exist"),
            Some((of, _, revision)) if of != number => {
                findings.add(revision, Some(number), format!("it refers to change {change}, of record {of}"));
                continue;
            }
            Some(_) if seen.followed.has(change) => {
                format!("it refers to change {change}, which is not its last one")
            }
            Some((_, action_stands, _)) if action_stands != stands => {
                format!("it exists although change {change} deleted it, or the reverse")
            }
            Some(_) => continue,
        };
        findings.add(None, Some(number), what);
    }
    if n != seen.numbers.len() {
        let of_log = seen.numbers.len();
        findings.add_general(format!("clearline_records has {n} records, but the log has {of_log}"));
    }
    Ok(n_standing)
}

/// Checks that the ids have the numbers that the log assigns.
pub(super) fn check_ids(conn: &Connection, seen: &Seen, findings: &mut Findings) -> Result<(), StoreError> {
    let mut ids = seen.ids.empty();
    ids::each(conn, |id, number| ids.add(id, number))?;
    if !ids.equals(&seen.ids) {
        findings
            .add_general("the ids in clearline_ids and clearline_new_ids do not have the numbers of the log");
    }
    Ok(())
}

/// Checks that the operators of old revisions are those of the inbox, as migration 8 reads it.
pub(super) fn check_past_operators(conn: &Connection, findings: &mut Findings) -> Result<(), StoreError> {
    let said = "SELECT r.revision, max(i.by_operator)
                FROM uploads AS u
                  CROSS JOIN clearline_inbox AS i ON i.id = u.id
                  CROSS JOIN revisions AS r
                    ON r.revision = u.revision AND r.\"at\" = u.received_at AND r.\"by\" = u.\"by\"
                WHERE r.revision < (SELECT CAST(value AS INTEGER) FROM clearline_meta WHERE name = 'operators_since')
                GROUP BY r.revision
                HAVING count(DISTINCT coalesce(i.by_operator, '')) = 1";
    let kept = "SELECT revision, operator FROM clearline_past_operators";
    for (one, other, what) in [
        (kept, said, "have another operator than the inbox"),
        (said, kept, "lack the operator that the inbox has"),
    ] {
        let n: i64 =
            conn.query_row(&format!("SELECT count(*) FROM ({one} EXCEPT {other})"), [], |row| row.get(0))?;
        if n > 0 {
            findings.add_general(format!("{n} revisions in clearline_past_operators {what}"));
        }
    }
    Ok(())
}

/// Checks that the records that name a photo are those of the log.
pub(super) fn check_photos(conn: &Connection, findings: &mut Findings) -> Result<(), StoreError> {
    let said =
        "SELECT p.value, l.number FROM detections_content AS c CROSS JOIN changes AS l ON l.fid = c.fid,
           json_each(c.photos) AS p WHERE c.photos IS NOT NULL";
    let listed = "SELECT photo, number FROM clearline_photos";
    for (one, other, what) in [(said, listed, "are missing in"), (listed, said, "are too many in")] {
        let n: i64 =
            conn.query_row(&format!("SELECT count(*) FROM ({one} EXCEPT {other})"), [], |row| row.get(0))?;
        if n > 0 {
            findings.add_general(format!("{n} photos of records {what} clearline_photos"));
        }
    }
    Ok(())
}

/// Checks that the list of unapproved records agrees with the records.
pub(super) fn check_unapproved(conn: &Connection, findings: &mut Findings) -> Result<(), StoreError> {
    let of_each = Collection::ALL.iter().map(|collection| {
        format!("SELECT '{collection}', review, fid FROM {collection} WHERE review <> 'approved'")
    });
    let said = &*of_each.collect::<Vec<_>>().join(" UNION ALL ");
    let listed = "SELECT collection, review, number FROM clearline_unapproved";
    for (one, other, what) in [(said, listed, "are missing in"), (listed, said, "are too many in")] {
        let sql = format!("SELECT count(*) FROM (SELECT * FROM ({one}) EXCEPT SELECT * FROM ({other}))");
        let n: i64 = conn.query_row(&sql, [], |row| row.get(0))?;
        if n > 0 {
            findings.add_general(format!("{n} records {what} clearline_unapproved"));
        }
    }
    Ok(())
}
