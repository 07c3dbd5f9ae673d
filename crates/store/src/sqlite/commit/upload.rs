//! Applies one upload within a savepoint.

use demining::{Change, Judged, Outcome, Revision, Write, for_collection};

use super::{
    batch::{Batch, State},
    write::Current,
};
use crate::{
    chain::Head,
    collections::Stored,
    error::{Failure, UploadError},
    sqlite::{
        log,
        tables::{inbox, quarantine, refused, reports, shown, tokens},
    },
    unstorable::refuse_upload,
    upload::{Committed, ReportMaker, Told, Upload, UploadReport},
};

impl Batch<'_> {
    /// Applies one upload, or leaves no trace of it.
    pub(super) fn upload(&mut self, mut upload: Upload) -> Result<Committed, Failure> {
        let before = self.state;
        self.sql("SAVEPOINT upload")?;
        let writes = std::mem::take(&mut upload.writes);
        let done = for_collection!(writes.collection(), T => {
            self.upload_in_savepoint::<T>(T::writes(writes), upload, before)
        });
        if let Err(failure) = done {
            // After some failures, such as a full disk, SQLite has rolled back the whole transaction: the
            // savepoint is gone, and this failure is the one to return.
            if self.conn.is_autocommit() {
                return Err(failure.of_all());
            }
            self.undo(before)?;
            self.sql("RELEASE upload")?;
            return Err(failure);
        }
        self.sql("RELEASE upload")?;
        done
    }

    fn upload_in_savepoint<T: Stored>(
        &mut self,
        writes: Vec<Write<Judged<T>>>,
        upload: Upload,
        before: State,
    ) -> Result<Committed, Failure> {
        refuse_upload(&upload).map_err(Failure::Upload)?;
        let Upload {
            by,
            proof,
            writes: _,
            atomic,
            review,
            review_of_changed,
            sets_aside,
            decides,
            settles,
            receives,
            mut report,
        } = upload;
        if !tokens::stands(self.conn, &proof, self.at)? {
            return Err(Failure::Upload(UploadError::Revoked));
        }
        if let Some(received) = &receives
            && let Some(error) = inbox::keep(self.conn, received, self.at)?.error()
        {
            return Err(Failure::Upload(error));
        }
        let revision = Revision(before.log.head.revision.0 + 1);
        let changes = Vec::with_capacity(writes.len());
        let id = report.as_ref().map(|report| report.id);
        let mut current = Current {
            statements: self.take_statements(T::COLLECTION)?,
            by,
            review,
            review_of_changed,
            revision,
            changes,
            is_shown: false,
            link: None,
            sets_aside,
            id,
        };
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            outcomes.push(self.write(write, &mut current)?);
        }
        self.changes.place_new()?;
        let Current { by, mut changes, is_shown, link, statements, .. } = current;
        self.give_back(T::COLLECTION, statements);
        if !outcomes.iter().any(|outcome| outcome.is_refusal()) {
            for decision in &decides {
                if !quarantine::decide(self.conn, decision, &by.name, self.at)? {
                    // Somebody else decided first: undo the whole upload.
                    return Err(Failure::Upload(UploadError::Decided));
                }
            }
            for settlement in &settles {
                refused::settle(self.conn, settlement, &by.name, self.at)?;
            }
        }
        if atomic && outcomes.iter().any(|outcome| outcome.is_refusal()) {
            self.undo(before)?;
            changes.clear();
            report = report.filter(|_| receives.is_none());
            for outcome in &mut outcomes {
                // Another upload takes the revision that this one would have had.
                if *outcome == (Outcome::Conflict { current: revision }) {
                    *outcome = Outcome::Conflict { current: before.log.head.revision };
                }
            }
        }
        if let Some(link) = link.filter(|_| !changes.is_empty()) {
            self.state.log.head = Head { revision, hash: link.finish() };
            log::set_hash(self.conn, self.state.log.head)?;
            self.show_revision(&mut changes, is_shown)?;
        }
        let committed =
            Committed { revision: self.state.log.head.revision, outcomes, changes: T::wrap(changes) };
        if let Some(ReportMaker { id, tell }) = report {
            let (revision, told) = (committed.revision, tell(&committed));
            inbox::note_judged(self.conn, id, &told)?;
            let Told { version, report, .. } = told;
            let kept = UploadReport { id, received_at: self.at, by, revision, version, report };
            reports::save(self.conn, &kept)?;
        }
        Ok(committed)
    }

    /// Notes the public revision after a revision: it advances if the public view changed.
    fn show_revision<C>(&mut self, changes: &mut [Change<C>], is_shown: bool) -> Result<(), Failure> {
        if !is_shown {
            return Ok(());
        }
        let log = &mut self.state.log;
        log.public_revision.0 += 1;
        shown::note(self.conn, log.head.revision, log.public_revision)?;
        for change in changes {
            change.shown = log.public_revision;
        }
        Ok(())
    }
}
