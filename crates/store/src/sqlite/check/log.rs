//! Checks the log itself.

use demining::Revision;
use rusqlite::{Connection, OptionalExtension, Row, Statement, types::Value};
use uuid::Uuid;

use super::rows::{self, Contents, Link, at};
use crate::{
    chain::{Head, RevisionHash},
    error::StoreError,
    findings::{Findings, seen::Seen},
    sqlite::log::{LogHead, Walker, log_head, value, walk},
};

/// Walks through the log and adds findings.
pub(super) fn check(
    conn: &Connection,
    published: Option<Head>,
    findings: &mut Findings,
) -> Result<Seen, StoreError> {
    let of_change = conn.prepare("SELECT number, id, collection FROM changes WHERE fid = ?1")?;
    let redaction = conn.prepare("SELECT 1 FROM redactions WHERE change = ?1 AND field = ?2")?;
    let mut statements = rows::content_statements(conn)?;
    let mut checking = Checking {
        seen: Seen::default(),
        contents: Contents::begin(&mut statements)?,
        of_change,
        redaction,
        published,
        findings,
        current: None,
        last_change: 0,
    };
    walk(conn, rows::REVISION, (rows::CHANGE, at::FID), &mut checking)?;
    checking.end_revision();
    let kept = checking.findings.or_none(log_head(conn))?;
    checking.compare_heads(kept);
    Ok(checking.seen)
}

struct Checking<'a, 'c> {
    seen: Seen,
    contents: Contents<'a>,
    of_change: Statement<'c>,
    redaction: Statement<'c>,
    published: Option<Head>,
    findings: &'a mut Findings,
    current: Option<Current>,
    /// The fid of the last change.
    last_change: i64,
}

/// The current revision.
struct Current {
    revision: i64,
    first_change: Value,
    stored: Option<RevisionHash>,
    link: Link,
    n_changes: u64,
}

impl Walker for Checking<'_, '_> {
    fn revision(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        self.end_revision();
        let revision = row.get::<_, i64>(0)?;
        let last = self.seen.head.revision.0.cast_signed();
        if revision != last + 1 {
            self.findings.add(
                Some(revision),
                None,
                format!("it follows revision {last}: some revisions are missing"),
            );
        }
        let link = Link::begin(self.seen.head.hash, row)?;
        let stored = RevisionHash::read(value(row, 5)?);
        self.current = Some(Current { revision, first_change: row.get(1)?, stored, link, n_changes: 0 });
        Ok(())
    }

    fn change(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let fid = row.get::<_, i64>(at::FID)?;
        self.seen.n_changes += 1;
        let (revision, number): (Value, Value) = (row.get(at::REVISION)?, row.get(at::NUMBER)?);
        let number = match number {
            Value::Integer(number) => Some(number),
            _ => None,
        };
        let Some(current) = &mut self.current else {
            self.findings.add(None, number, format!("change {fid} belongs to no revision"));
            return Ok(());
        };
        let at = Some(current.revision);
        let hashed = current.link.add(&self.contents.of(row)?)?;
        current.n_changes += 1;
        if let Some(problem) = hashed.problem {
            self.findings.add(at, number, format!("change {fid} {problem}"));
        }
        if revision != Value::Integer(current.revision) {
            self.findings.add(
                at,
                number,
                format!("change {fid} is among its changes but names another revision"),
            );
        }
        if current.n_changes == 1 && current.first_change != Value::Integer(fid) {
            self.findings.add(at, number, format!("its first change is {fid}, not the one it names"));
        }
        if fid != self.last_change + 1 {
            let last = self.last_change;
            self.findings.add(
                at,
                number,
                format!("change {fid} follows change {last}: some changes are missing"),
            );
        }
        self.last_change = fid;
        for field in hashed.redacted {
            self.seen.n_redacted += 1;
            if !self.redaction.exists((fid, field))? {
                let what =
                    format!("the text of field {field} of change {fid} is missing without a redaction");
                self.findings.add(at, number, what);
            }
        }
        if let Err(problem) = self.check_place(row, fid)? {
            self.findings.add(at, number, format!("change {fid} {problem}"));
        }
        Ok(())
    }
}

impl Checking<'_, '_> {
    /// Checks that a change begins the history of its record, or follows a change that no other follows.
    fn check_place(&mut self, row: &Row<'_>, fid: i64) -> Result<Result<(), String>, StoreError> {
        let Ok(number) = row.get::<_, u32>(at::NUMBER) else {
            return Ok(Err("has no record number".into()));
        };
        let Some(id) = row.get_ref(at::ID)?.as_str().ok().and_then(|id| Uuid::try_parse(id).ok()) else {
            return Ok(Err("has no id".into()));
        };
        let Ok(previous) = row.get::<_, Option<i64>>(at::PREVIOUS) else {
            return Ok(Err("does not name its predecessor".into()));
        };
        let Some(previous) = previous else {
            if !self.seen.numbers.add(number.into()) {
                return Ok(Err("creates a record that already exists".into()));
            }
            self.seen.ids.add(id, number);
            return Ok(Ok(()));
        };
        let collection = row.get_ref(at::COLLECTION)?;
        let same = |row: &Row<'_>| {
            let text = row.get_ref(1)?.as_str().ok().and_then(|id| Uuid::try_parse(id).ok());
            let is_number = row.get::<_, u32>(0).is_ok_and(|before| before == number);
            Ok(is_number && text == Some(id) && row.get_ref(2)? == collection)
        };
        let is_same = self.of_change.query_row([previous], same).optional()?;
        Ok(if previous >= fid || is_same != Some(true) {
            Err(format!("follows change {previous}, which is not an earlier one of this record"))
        } else if self.seen.followed.add(previous) {
            Ok(())
        } else {
            Err(format!("follows change {previous}, which another change follows"))
        })
    }

    fn end_revision(&mut self) {
        let Some(Current { revision, stored, link, n_changes, .. }) = self.current.take() else { return };
        let at = Some(revision);
        let hash = link.finish().unwrap_or_else(|problem| {
            self.findings.add(at, None, problem);
            stored.unwrap_or_default()
        });
        match stored {
            None => self.findings.add(at, None, "it has no hash"),
            Some(stored) if stored != hash => {
                let what = "its entries or its hash were altered";
                self.findings.add(at, None, what);
            }
            Some(_) => {}
        }
        if n_changes == 0 {
            self.findings.add(at, None, "it has no changes");
        }
        let head = Head { revision: Revision(revision.cast_unsigned()), hash: stored.unwrap_or(hash) };
        if self.published.is_some_and(|p| p.revision == head.revision && p.hash != head.hash) {
            self.findings.add(at, None, "its hash is not the published one: the log was rewritten");
        }
        self.seen.head = head;
    }

    /// Checks that the log ends where the store and the published head say.
    fn compare_heads(&mut self, kept: Option<LogHead>) {
        let head = self.seen.head;
        if let Some(kept) = kept {
            if kept.head != head {
                self.findings.add_general(format!("the log ends at {head}, but log_head says {}", kept.head));
            }
            if kept.last_change != self.last_change {
                let (kept, last) = (kept.last_change, self.last_change);
                self.findings.add_general(format!("the last change is {last}, but log_head says {kept}"));
            }
        }
        let Some(published) = self.published else { return };
        if published.revision > head.revision {
            let (last, published) = (head.revision.0, published.revision.0);
            self.findings.add_general(format!(
                "the log ends at revision {last}, but revision {published} was published: its end was removed"
            ));
        }
        if published.revision == Revision(0) && published.hash != RevisionHash::default() {
            self.findings.add_general("the published head is invalid: the hash of revision 0 is all zeros");
        }
    }
}
