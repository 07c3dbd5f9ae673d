//! When to checkpoint the write-ahead log.
//!
//! `SQLite` would do so within a commit; here [`Store::tidy`](crate::Store::tidy) does it after the response.
//! A reader of an old revision prevents the log from restarting at its beginning, so the writer waits for
//! readers once the log is long.

use std::{cell::Cell, time::Duration};

use rusqlite::Connection;

use crate::{error::StoreError, sqlite::file::connection::PATIENCE};

/// Bytes of log after which an idle writer checkpoints.
const DUE: u32 = 16 << 20;

/// Bytes after which a busy writer checkpoints before it continues.
const OVERDUE: u32 = 64 << 20;

/// Bytes after which the writer waits for readers to finish, and again after this many more. A reader of the
/// whole file, for a check or an export, does not finish for minutes.
const LONG: u32 = 512 << 20;

/// How long it waits then.
const WAIT_FOR_READERS: Duration = Duration::from_secs(1);

thread_local! {
    /// Pages in the log after the last commit on this thread. SQLite calls a function pointer, which can
    /// store them nowhere else; they are read right after the commit.
    static PAGES: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Makes `SQLite` report the length of the log after each commit instead of checkpointing it.
pub(crate) fn watch(conn: &Connection) {
    conn.wal_hook(Some(|_, pages| {
        PAGES.set(u32::try_from(pages).ok());
        Ok(())
    }));
}

/// The state of the log.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    page_bytes: u32,
    pages: u32,
    /// Its length at the last checkpoint: it restarts from 0 unless a reader prevents that.
    folded_at: u32,
    /// Its length when the writer last waited for readers.
    waited_at: u32,
}

impl Checkpoints {
    pub(crate) fn begin(conn: &Connection) -> Result<Self, StoreError> {
        let page_bytes = conn.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        Ok(Self { page_bytes, pages: 0, folded_at: 0, waited_at: 0 })
    }

    /// Reads the pages of the last commit; call it on the thread of the commit.
    pub(crate) fn note_commit(&mut self) {
        if let Some(pages) = PAGES.take() {
            self.pages = pages;
            self.folded_at = self.folded_at.min(pages);
            self.waited_at = self.waited_at.min(pages);
        }
    }

    /// Checkpoints the log if it is due. For an idle writer.
    pub(crate) fn when_idle(&mut self, conn: &Connection) -> Result<(), StoreError> {
        self.fold(conn, DUE)
    }

    /// Checkpoints the log if it is overdue.
    pub(crate) fn when_busy(&mut self, conn: &Connection) -> Result<(), StoreError> {
        self.fold(conn, OVERDUE)
    }

    fn fold(&mut self, conn: &Connection, after_bytes: u32) -> Result<(), StoreError> {
        if self.pages < self.folded_at.saturating_add(after_bytes / self.page_bytes) {
            return Ok(());
        }
        self.folded_at = self.pages;
        // Both return a row, even if readers prevented completion.
        if self.pages < self.waited_at.saturating_add(LONG / self.page_bytes) {
            conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        } else {
            self.waited_at = self.pages;
            conn.busy_timeout(WAIT_FOR_READERS)?;
            let folded = conn.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()));
            conn.busy_timeout(PATIENCE)?;
            folded?;
        }
        Ok(())
    }
}
