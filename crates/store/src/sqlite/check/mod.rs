//! The check of a store: it verifies the log and compares the derived tables with it. It changes nothing.
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

/// Listed records without an operator; further ones are only counted.
const MOST_WITHOUT_OPERATOR: usize = 100;

/// Reads the whole store at `path`, also beside a running server, and checks
///
/// - the file, as `SQLite` does;
/// - every revision and change of the log, by its hashes; that none is missing, and that each names its
///   record's previous change;
/// - that every missing text was redacted;
/// - the current records and the numbers of ids, which must agree with the log;
/// - that a previously published head is one of this log.
///
/// Anybody who can write to the file can also write a whole new log. Only a published head reveals that.
///
/// It takes about 3 µs per change, and one bit of memory for each record and each change that another
/// follows.
///
/// # Errors
/// As [`Reader::open`](crate::Reader::open) if the store cannot be read at all. Anything readable but wrong
/// is a [`Finding`].
pub fn check(path: impl AsRef<Path>, published: Option<Head>) -> Result<Checked, StoreError> {
    let path = resolve(path.as_ref())?;
    recognise(&path)?;
    require_usual_name(&path)?;
    if beside(&path, "-journal").metadata().is_ok_and(|m| m.len() > 0) {
        let what =
            "another program was interrupted during a write: start the server once to restore the file";
        return Err(StoreError::Damaged(what.to_owned()));
    }
    // Read a file that nobody has open without creating files beside it. If a writer appears meanwhile, read
    // it again.
    if !has_log(&path) && !beside(&path, "-shm").exists() {
        let before = stamp(&path)?;
        let checked = check_with(&untouched(&path)?, &path, published);
        if stamp(&path)? == before {
            return checked;
        }
    }
    check_with(&looking(&path)?, &path, published)
}

/// Returns values that change when a file is written.
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

/// Checks one part after the other, beginning with those that others depend on.
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
