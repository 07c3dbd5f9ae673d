//! The check of a store: whether its log is what was written, and whether what is derived from it is
//! what it makes. Nothing is changed.

mod derived;
mod log;
mod marks;

use std::{fmt, fs, path::Path};

use demining::Revision;
use rusqlite::Connection;
use uuid::Uuid;

use crate::Head;
use crate::StoreError;
use crate::sqlite::file::connection::{self, has_log, looking, untouched};
use crate::sqlite::file::lock::{beside, require_usual_name};
use crate::sqlite::open;
use crate::sqlite::tables::owners;

/// Findings that are told; more are only counted.
const MOST_FINDINGS: usize = 100;

/// Records without an operator that are told; more are only counted.
const MOST_WITHOUT_OPERATOR: usize = 100;

/// What the check of a store told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The end of the log: what to publish when nothing is wrong.
    pub head: Head,
    /// Entries of the log.
    pub n_changes: u64,
    /// Records that stand.
    pub n_records: u64,
    /// What is wrong, the first 100 things.
    pub findings: Vec<Finding>,
    /// How many things are wrong.
    pub n_findings: u64,
    /// The records of which no operator is known, the first 100: they are nobody's but that one's whose token bears
    /// the name and no operator.
    pub without_operator: Vec<Uuid>,
    /// How many there are.
    pub n_without_operator: u64,
}

impl Checked {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.n_findings == 0
    }
}

/// Something that is wrong with a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The revision that it was found at.
    pub revision: Option<Revision>,
    /// The number of the record that it is about.
    pub number: Option<i64>,
    /// What it is.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(revision) = self.revision {
            write!(f, "revision {}: ", revision.0)?;
        }
        if let Some(number) = self.number {
            write!(f, "record {number}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// Reads the whole store at `path`, also beside a running server, and checks
///
/// - the file, as `SQLite` does;
/// - every revision and change of the log, by its hashes; that none is missing, and that each names the one
///   before it of its record;
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
    let path = connection::resolve(path.as_ref())?;
    open::recognise(&path)?;
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
    let (head, n_changes, n_records) = findings.or_default(told)?;
    let unknown = owners::unknown(&tx, MOST_WITHOUT_OPERATOR);
    let (without_operator, n_without_operator) = findings.or_default(unknown)?;
    let Findings { told: findings, n: n_findings } = findings;
    Ok(Checked { head, n_changes, n_records, findings, n_findings, without_operator, n_without_operator })
}

/// Checks one part after the other, those that others rest on first.
fn read_all(
    conn: &Connection,
    published: Option<Head>,
    findings: &mut Findings,
) -> Result<(Head, u64, u64), StoreError> {
    derived::check_file(conn, findings)?;
    derived::check_schema(conn, findings)?;
    let seen = log::check(conn, published, findings)?;
    let n_records = derived::check_records(conn, &seen, findings)?;
    derived::check_ids(conn, &seen, findings)?;
    derived::check_unapproved(conn, findings)?;
    derived::check_past_operators(conn, findings)?;
    derived::check_photos(conn, findings)?;
    Ok((seen.head, seen.n_changes, n_records))
}

/// What was found so far.
#[derive(Debug, Default)]
struct Findings {
    told: Vec<Finding>,
    n: u64,
}

impl Findings {
    fn add(&mut self, revision: Option<i64>, number: Option<i64>, what: impl Into<String>) {
        self.n += 1;
        if self.told.len() < MOST_FINDINGS {
            let revision = revision.map(|revision| Revision(revision.cast_unsigned()));
            self.told.push(Finding { revision, number, what: what.into() });
        }
    }

    /// About the store as a whole.
    fn add_general(&mut self, what: impl Into<String>) {
        self.add(None, None, what);
    }

    /// What was read; what cannot be read, because something in the file is not what it should be, is found too.
    fn or_default<T: Default>(&mut self, read: Result<T, StoreError>) -> Result<T, StoreError> {
        match read {
            Err(StoreError::Damaged(problem)) => self.add_general(problem),
            Err(StoreError::Unexpected(error)) => self.add_general(error.to_string()),
            read => return read,
        }
        Ok(T::default())
    }
}
