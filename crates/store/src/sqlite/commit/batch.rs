//! The statements and the state of a commit.

use demining::{Precision, Record, Revision};
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection};
use uuid::Uuid;

use super::{extent::Extent, rows::Changes};
use crate::{
    error::{Failure, StoreError, UploadError},
    sqlite::{
        gpkg,
        log::{self, LogHead},
        tables::{
            ids::{Ids, Index},
            records::{RECORD, read_record},
        },
    },
    value::instant_text,
};

/// The statements and the state of a commit.
pub(super) struct Batch<'c> {
    pub(super) conn: &'c Connection,
    pub(super) ids: &'c mut Ids,
    index: Index<'c>,
    read: CachedStatement<'c>,
    pub(super) changes: Changes<'c>,
    /// The precision of the public view.
    pub(super) precision: Precision,
    pub(super) at: Timestamp,
    pub(super) at_text: String,
    began_at: Revision,
    pub(super) state: State,
}

/// The state that is restored when an upload is undone.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// The end of the log.
    pub(super) log: LogHead,
    /// The extent of all records.
    pub(super) extent: Extent,
    /// The number of ids that this commit added.
    n_ids: usize,
}

impl<'c> Batch<'c> {
    pub(super) fn begin(
        conn: &'c Connection,
        at: Timestamp,
        precision: Precision,
        ids: &'c mut Ids,
    ) -> Result<Self, StoreError> {
        let state = State { log: log::log_head(conn)?, extent: Extent::begin(conn)?, n_ids: ids.n_added() };
        Ok(Self {
            conn,
            ids,
            index: Index::begin(conn)?,
            read: conn.prepare_cached(&format!("{} AND s.number = ?1", *RECORD))?,
            changes: Changes::begin(conn)?,
            precision,
            at,
            at_text: instant_text(at),
            began_at: state.log.head.revision,
            state,
        })
    }

    pub(super) fn undo(&mut self, before: State) -> Result<(), StoreError> {
        self.sql("ROLLBACK TO upload")?;
        self.ids.undo(before.n_ids);
        self.changes.forget();
        self.state = before;
        Ok(())
    }

    pub(super) fn sql(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.conn.prepare_cached(sql)?.execute([]).map(|_| ())?)
    }

    /// Returns the number that an id has or had.
    pub(super) fn find_number(&mut self, id: Uuid) -> Result<Option<u32>, Failure> {
        self.ids.find(&mut self.index, id)
    }

    pub(super) fn new_number(&mut self, id: Uuid) -> Result<u32, Failure> {
        let next = self.state.log.last_number + 1;
        let number = u32::try_from(next).map_err(|_| Failure::Upload(UploadError::NoMoreNumbers))?;
        self.ids.add(id, number);
        self.state.log.last_number = next;
        self.state.n_ids = self.ids.n_added();
        Ok(number)
    }

    pub(super) fn read(&mut self, number: u32) -> Result<Option<Record>, Failure> {
        let mut rows = self.read.query([number])?;
        match rows.next()? {
            Some(row) => Ok(Some(read_record(row)?)),
            None => Ok(None),
        }
    }

    /// Updates the table of contents and the head of the log, once for all uploads.
    pub(super) fn describe(&mut self) -> Result<(), StoreError> {
        if self.state.log.head.revision == self.began_at {
            return Ok(());
        }
        let extent = self.state.extent.bounds(self.conn)?;
        gpkg::describe(self.conn, "detections", &self.at_text, extent)?;
        gpkg::describe(self.conn, "change_log", &self.at_text, None)?;
        log::write_head(self.conn, &self.state.log)
    }
}
