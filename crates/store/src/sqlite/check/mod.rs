//! The check of a store: whether its log is what was written, and whether what is derived from it is
//! what it makes. Nothing is changed.
//!
//! - `derived`: checks the file, the tables and what is derived from the log
//! - `log`: checks the log
//! - `rows`: the rows of the log as their encodings hash them

mod derived;
mod log;
mod rows;

use std::{fs, path::Path};

use rusqlite::Connection;

use crate::{
    chain::Head,
    error::StoreError,
    findings::{Checked, Findings},
    sqlite::{
        file::{
            connection::{self, looking, recognise, untouched},
            lock::require_usual_name,
            names::{beside, has_log, resolve},
        },
        tables::owners,
    },
};

/// Records without an operator that are told; more are only counted.
const MOST_WITHOUT_OPERATOR: usize = 100;

/// Reads the whole store at `path`, also beside a running server, and checks
///
/// - the file, as `SQLite` does;
/// - every revision and change of the log, by its hashes; that none is missing, and that each names the one
///   before it of its record;
/// - that every text that is gone was redacted;
/// - the records as they stand and the numbers of ids, which must be what the log makes of them;
/// - that a head that was published before is one of this log.
///
/// Who can write to the file can also write a whole log of their own. Only a published head shows that.
///
/// It takes some 3 µs a change, and memory of a bit for each record and each change that was followed by another.
///
/// # Errors
/// When the store cannot be read at all: as [`Reader::open`](crate::Reader::open). What can be read and is wrong is a
/// [`Finding`].
pub fn check(path: impl AsRef<Path>, published: Option<Head>) -> Result<Checked, StoreError> {
    let path = resolve(path.as_ref())?;
    recognise(&path)?;
    require_usual_name(&path)?;
    if beside(&path, "-journal").metadata().is_ok_and(|m| m.len() > 0) {
        let what =
            "another program was cut off in the middle of a write: start the server once to restore the file";
        return Err(StoreError::Damaged(what.to_owned()));
    }
    // A file that nobody has open is read without making files beside it. Should somebody begin to
    // write to it meanwhile, it is read once more.
    if !has_log(&path) && !beside(&path, "-shm").exists() {
        let before = stamp(&path)?;
        let checked = check_with(&untouched(&path)?, &path, published);
        if stamp(&path)? == before {
            return checked;
        }
    }
    check_with(&looking(&path)?, &path, published)
}

/// What changes when a file is written to.
fn stamp(path: &Path) -> Result<(u64, std::time::SystemTime), StoreError> {
    let io = |error| StoreError::io(path, error);
    let file = fs::metadata(path).map_err(io)?;
    Ok((file.len(), file.modified().map_err(io)?))
}

fn check_with(conn: &Connection, path: &Path, published: Option<Head>) -> Result<Checked, StoreError> {
    connection::require_present_version(conn, path)?;
    let mut findings = Findings::default();
    let tx = conn.unchecked_transaction()?;
    let told = read_all(&tx, published, &mut findings);
    let (head, n_changes, n_redacted, n_records) = findings.or_default(told)?;
    let unknown = owners::unknown(&tx, MOST_WITHOUT_OPERATOR);
    let (without_operator, n_without_operator) = findings.or_default(unknown)?;
    let Findings { told: findings, n: n_findings } = findings;
    Ok(Checked {
        head,
        n_changes,
        n_redacted,
        n_records,
        findings,
        n_findings,
        without_operator,
        n_without_operator,
    })
}

/// Checks one part after the other, those that others rest on first.
fn read_all(
    conn: &Connection,
    published: Option<Head>,
    findings: &mut Findings,
) -> Result<(Head, u64, u64, u64), StoreError> {
    derived::check_file(conn, findings)?;
    derived::check_schema(conn, findings)?;
    let seen = log::check(conn, published, findings)?;
    derived::check_beside_log(conn, &seen, findings)?;
    let n_records = derived::check_records(conn, &seen, findings)?;
    derived::check_ids(conn, &seen, findings)?;
    derived::check_unapproved(conn, findings)?;
    derived::check_past_operators(conn, findings)?;
    derived::check_photos(conn, findings)?;
    Ok((seen.head, seen.n_changes, seen.n_redacted, n_records))
}
