//! Adds hashes to a log without any: the migration to version 3, with the tables and the encoding of that
//! version.

use demining::Revision;
use rusqlite::{Connection, Row};

use super::log_head;
use crate::{
    chain::{
        Head,
        first::{CHANGE_COLUMNS, Link},
    },
    error::StoreError,
    sqlite::{
        log::{self, Walker},
        row::list,
    },
};

/// The hashed columns of a revision at that version. `by_operator` came later: in such a log it is NULL and
/// adds nothing to a hash.
const REVISIONS: &str = "SELECT revision, first_change, \"at\", \"by\" FROM revisions ORDER BY revision";

/// Chains a log of version 3, ignoring any hashes it has, in one pass.
pub(crate) fn chain_log(conn: &Connection) -> Result<(), StoreError> {
    let mut chaining = Chaining { conn, head: Head::default(), link: None };
    let changes = format!("SELECT {} FROM change_log ORDER BY fid", list(CHANGE_COLUMNS));
    log::walk(conn, REVISIONS, (&changes, 0), &mut chaining)?;
    chaining.end_revision()?;
    log_head::keep_as_before(conn, chaining.head)
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
        self.head.revision = Revision(row.get::<_, i64>(0)?.cast_unsigned());
        let mut link = Link::after(self.head.hash);
        add_row(&mut link, row)?;
        self.link = Some(link);
        Ok(())
    }

    fn change(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        if let Some(link) = &mut self.link {
            add_row(link, row)?;
        }
        Ok(())
    }
}

fn add_row(link: &mut Link, row: &Row<'_>) -> rusqlite::Result<()> {
    for column in 0..row.as_ref().column_count() {
        link.add(row.get_ref(column)?.into());
    }
    link.end_row();
    Ok(())
}
