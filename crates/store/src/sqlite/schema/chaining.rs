//! The chaining of a log that had no hashes.

use demining::Revision;
use rusqlite::{Connection, Row};

use crate::{
    chain::{Head, Link},
    error::StoreError,
    sqlite::log::{self, Walker},
};

/// The columns that a revision had when logs were first chained. Those that came later are NULL in such a log, and
/// add nothing to its hashes.
const FIRST_COLUMNS: [&str; 5] = ["hash", "revision", "first_change", "at", "by"];

/// Chains a log of version 3 as it stands, whatever hashes it had: one pass over it.
pub(crate) fn chain_log(conn: &Connection) -> Result<(), StoreError> {
    let mut chaining = Chaining { conn, head: Head::default(), link: None };
    log::walk(conn, &FIRST_COLUMNS, &mut chaining)?;
    chaining.end_revision()?;
    log::keep_head(conn, chaining.head)
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
            log::set_hash(self.conn, self.head)?;
        }
        Ok(())
    }
}

impl Walker for Chaining<'_> {
    fn revision(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        self.end_revision()?;
        self.head.revision = Revision(row.get::<_, i64>(1)?.cast_unsigned());
        let mut link = Link::after(self.head.hash);
        log::add_row(&mut link, row, 1)?;
        self.link = Some(link);
        Ok(())
    }

    fn change(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        if let Some(link) = &mut self.link {
            log::add_row(link, row, 0)?;
        }
        Ok(())
    }
}
