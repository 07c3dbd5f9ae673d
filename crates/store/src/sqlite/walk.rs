//! A walk through the whole log in its order, and the chaining of a log that had no hashes.

use demining::Revision;
use rusqlite::{Connection, Row, fallible_streaming_iterator::FallibleStreamingIterator};

use crate::StoreError;
use crate::sqlite::chain::{self, CHANGE_COLUMNS, Head, Link};

/// Who is shown the log.
pub(crate) trait Walker {
    /// A revision begins; its columns are those that were asked for.
    fn revision(&mut self, row: &Row<'_>) -> Result<(), StoreError>;

    /// A change of the revision that began last, if one did; its columns are [`CHANGE_COLUMNS`].
    fn change(&mut self, row: &Row<'_>) -> Result<(), StoreError>;
}

/// Walks through the log: a revision has the changes from its first one to the first one of the next. `columns` are
/// those of a revision. Call it within a transaction. It takes memory for one row.
pub(crate) fn walk(conn: &Connection, columns: &str, walker: &mut impl Walker) -> Result<(), StoreError> {
    let mut revisions = conn.prepare(&format!("SELECT {columns} FROM revisions ORDER BY revision"))?;
    let mut revisions = revisions.query([])?;
    // The same one row ahead.
    let mut starts = conn.prepare("SELECT first_change FROM revisions ORDER BY revision")?;
    let mut starts = starts.query([])?;
    starts.advance()?;
    let mut changes = conn.prepare(&format!("SELECT {} FROM change_log ORDER BY fid", *CHANGE_COLUMNS))?;
    let mut changes = changes.query([])?;
    changes.advance()?;
    while let Some(revision) = revisions.next()? {
        walker.revision(revision)?;
        let end = match starts.next()? {
            Some(next) => next.get_ref(0)?.as_i64().unwrap_or(i64::MIN),
            None => i64::MAX,
        };
        while let Some(change) = changes.get() {
            if change.get::<_, i64>(0)? >= end {
                break;
            }
            walker.change(change)?;
            changes.advance()?;
        }
    }
    while let Some(change) = changes.get() {
        walker.change(change)?;
        changes.advance()?;
    }
    Ok(())
}

/// The columns that a revision had when logs were first chained. Those that came later are NULL in such a log, and
/// add nothing to its hashes.
const FIRST_COLUMNS: &str = "hash, revision, first_change, \"at\", \"by\"";

/// Chains a log of version 3 as it stands, whatever hashes it had: one pass over it.
pub(crate) fn chain(conn: &Connection) -> Result<(), StoreError> {
    let mut chaining = Chaining { conn, head: Head::default(), link: None };
    walk(conn, FIRST_COLUMNS, &mut chaining)?;
    chaining.end_revision()?;
    chain::keep_head(conn, chaining.head)
}

struct Chaining<'c> {
    conn: &'c Connection,
    head: Head,
    link: Option<Link>,
}

impl Chaining<'_> {
    fn end_revision(&mut self) -> Result<(), StoreError> {
        if let Some(link) = self.link.take() {
            self.head.hash = link.finish();
            chain::set_hash(self.conn, self.head)?;
        }
        Ok(())
    }
}

impl Walker for Chaining<'_> {
    fn revision(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        self.end_revision()?;
        self.head.revision = Revision(row.get::<_, i64>(1)?.cast_unsigned());
        let mut link = Link::after(self.head.hash);
        link.add_row(row, 1)?;
        self.link = Some(link);
        Ok(())
    }

    fn change(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        if let Some(link) = &mut self.link {
            link.add_row(row, 0)?;
        }
        Ok(())
    }
}
