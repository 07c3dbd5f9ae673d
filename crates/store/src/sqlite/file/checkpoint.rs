//! When the write-ahead log is folded into the file.
//!
//! `SQLite` would do it inside a commit; here it is left to [`Store::tidy`](crate::Store::tidy),
//! after the answer is out. A reader that holds an old revision keeps the log from starting again
//! at its beginning, so a log that has grown long is waited for.

use std::{cell::Cell, time::Duration};

use rusqlite::Connection;

use crate::{error::StoreError, sqlite::file::connection::PATIENCE};

/// Bytes of log after which an idle writer folds it.
const DUE: u32 = 16 << 20;

/// Bytes after which a busy writer does, before it goes on.
const OVERDUE: u32 = 64 << 20;

/// Bytes after which it waits for readers to let go, and again after so many more: one that reads the
/// whole file, for a check or an export, does not let go for minutes.
const LONG: u32 = 512 << 20;

/// For how long it waits then.
const WAIT_FOR_READERS: Duration = Duration::from_secs(1);

thread_local! {
    /// Pages in the log after the last commit on this thread. SQLite tells a function pointer,
    /// which has nowhere else to put it; it is taken up right after the commit.
    static PAGES: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Has `SQLite` tell the length of the log after each commit, in place of its own way to fold it.
pub(crate) fn watch(conn: &Connection) {
    conn.wal_hook(Some(|_, pages| {
        PAGES.set(u32::try_from(pages).ok());
        Ok(())
    }));
}

/// What is known of the log.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    page_bytes: u32,
    pages: u32,
    /// Its length when it was last folded: it starts from 0 again unless a reader is in the way.
    folded_at: u32,
    /// Its length when readers were last waited for.
    waited_at: u32,
}

impl Checkpoints {
    pub(crate) fn begin(conn: &Connection) -> Result<Self, StoreError> {
        let page_bytes = conn.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        Ok(Self { page_bytes, pages: 0, folded_at: 0, waited_at: 0 })
    }

    /// Takes up what the last commit told; to be called on its thread.
    pub(crate) fn note_commit(&mut self) {
        if let Some(pages) = PAGES.take() {
            self.pages = pages;
            self.folded_at = self.folded_at.min(pages);
            self.waited_at = self.waited_at.min(pages);
        }
    }

    /// Folds the log when it is due. For a writer with nothing else to do.
    pub(crate) fn when_idle(&mut self, conn: &Connection) -> Result<(), StoreError> {
        self.fold(conn, DUE)
    }

    /// Folds the log when it is overdue.
    pub(crate) fn when_busy(&mut self, conn: &Connection) -> Result<(), StoreError> {
        self.fold(conn, OVERDUE)
    }

    fn fold(&mut self, conn: &Connection, after_bytes: u32) -> Result<(), StoreError> {
        if self.pages < self.folded_at.saturating_add(after_bytes / self.page_bytes) {
            return Ok(());
        }
        self.folded_at = self.pages;
        // Both answer with a row, also when readers kept them from finishing.
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
