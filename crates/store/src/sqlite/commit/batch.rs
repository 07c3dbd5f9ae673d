//! The state of a commit.

use demining::{Collection, Precision, Revision};
use jiff::Timestamp;
use rusqlite::Connection;
use uuid::Uuid;

use super::{
    extent::Extent,
    rows::{Changes, Statements},
};
use crate::{
    error::{Failure, StoreError, UploadError},
    sqlite::{
        gpkg,
        layer::Layer,
        log::{self, LogHead},
        tables::ids::{Ids, Index},
    },
    value::instant_text,
};

/// How many collections there are.
const N: usize = Collection::ALL.len();

/// The state of a commit, and its statements.
pub(super) struct Batch<'c> {
    pub(super) conn: &'c Connection,
    pub(super) ids: &'c mut Ids,
    index: Index<'c>,
    pub(super) changes: Changes<'c>,
    /// The statements of each collection, once it was written.
    statements: [Option<Statements<'c>>; N],
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
    /// The extent of the records of each collection.
    extents: [Extent; N],
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
        let mut extents = [Extent::default(); N];
        for (extent, collection) in extents.iter_mut().zip(Collection::ALL) {
            *extent = Extent::begin(conn, Layer(*collection))?;
        }
        let state = State { log: log::log_head(conn)?, extents, n_ids: ids.n_added() };
        Ok(Self {
            conn,
            ids,
            index: Index::begin(conn)?,
            changes: Changes::begin(conn)?,
            statements: [const { None }; N],
            precision,
            at,
            at_text: instant_text(at),
            began_at: state.log.head.revision,
            state,
        })
    }

    /// Takes the statements of a collection; [`Self::give_back`] keeps them for the next upload.
    pub(super) fn take_statements(&mut self, collection: Collection) -> Result<Statements<'c>, StoreError> {
        let kept = self.statements[collection as usize].take();
        Ok(kept.map_or_else(|| Statements::begin(self.conn, collection), Ok)?)
    }

    pub(super) fn give_back(&mut self, collection: Collection, statements: Statements<'c>) {
        self.statements[collection as usize] = Some(statements);
    }

    /// Returns the extent of a collection's records.
    pub(super) fn extent(&mut self, collection: Collection) -> &mut Extent {
        &mut self.state.extents[collection as usize]
    }

    pub(super) fn undo(&mut self, before: State) -> Result<(), StoreError> {
        self.sql("ROLLBACK TO upload")?;
        self.ids.undo(before.n_ids);
        self.changes.forget();
        self.statements.iter_mut().flatten().for_each(Statements::forget);
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

    /// Updates the table of contents and the head of the log, once for all uploads. All layers get the
    /// instant of this commit: see `file::edits`.
    pub(super) fn describe(&mut self) -> Result<(), StoreError> {
        if self.state.log.head.revision == self.began_at {
            return Ok(());
        }
        for (extent, collection) in self.state.extents.iter().zip(Collection::ALL) {
            let layer = Layer(*collection);
            gpkg::describe(self.conn, layer.view(), &self.at_text, extent.bounds(self.conn, layer)?)?;
        }
        gpkg::describe(self.conn, "change_log", &self.at_text, None)?;
        log::write_head(self.conn, &self.state.log)
    }
}
