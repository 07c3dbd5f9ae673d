//! Applies one write of an upload.

use std::sync::Arc;

use demining::{
    Action, Author, Change, Expect, Judged, Outcome, QuarantineReason, Record, Review, Revision, Write,
};
use uuid::Uuid;

use super::{
    batch::Batch,
    rows::{self, Statements},
};
use crate::{
    chain::second::Link,
    collections::Stored,
    decide::{self, WriteDecision},
    error::Failure,
    sqlite::tables::{changes, photos, quarantine, review},
};

/// The upload in progress.
pub(super) struct Current<'c, T> {
    pub(super) statements: Statements<'c>,
    pub(super) by: Author,
    pub(super) review: Review,
    pub(super) review_of_changed: Option<Review>,
    pub(super) revision: Revision,
    pub(super) changes: Vec<Change<Judged<T>>>,
    /// Whether it changed what the public may see.
    pub(super) is_shown: bool,
    /// Its hash, from its first change on.
    pub(super) link: Option<Link>,
    pub(super) sets_aside: bool,
    /// The id of its report.
    pub(super) id: Option<Uuid>,
}

impl<'c> Batch<'c> {
    /// Applies one write, if it is allowed.
    pub(super) fn write<T: Stored>(
        &mut self,
        write: Write<Judged<T>>,
        upload: &mut Current<'c, T>,
    ) -> Result<Outcome, Failure> {
        let id = write.id();
        // A number without a record belongs to a deleted record, or to one of another collection.
        let had_number = self.find_number(id)?;
        if had_number.is_some() {
            // This upload may have created the record.
            self.changes.place_new()?;
        }
        let standing = had_number.map(|number| upload.statements.read(number)).transpose()?.flatten();
        if let (None, Some(number)) = (&standing, had_number)
            && let Some(of) = changes::collection_of(self.conn, number)?.filter(|of| *of != T::COLLECTION)
        {
            return self.refuse_id(&write, Outcome::OtherCollection { of }, upload);
        }
        let decision = match decide::decide(&write, standing.as_ref()) {
            WriteDecision::Leave(outcome) => {
                if let (Action::Put(wanted), Expect::Same, Some(number)) =
                    (&write.action, write.expect, had_number)
                    && decide::was_so(&changes::history(self.conn, number)?, write.expect, wanted)
                {
                    return Ok(Outcome::Unchanged);
                }
                let why = match outcome {
                    Outcome::Quarantined(why) => Some(why),
                    refused => refused.quarantine_reason().filter(|_| upload.sets_aside),
                };
                return why.map_or(Ok(outcome), |why| self.set_aside(&write, why, had_number, upload));
            }
            decision => decision,
        };
        let Write { action, reason, .. } = write;
        // The new content and review state.
        let (review, review_of_changed) = (upload.review, upload.review_of_changed);
        let (outcome, wanted) = decide::make(decision, action, standing.as_ref(), review, review_of_changed);
        if outcome == Outcome::Missing {
            return Ok(outcome);
        }
        if let Some(standing) = &standing {
            self.extent(T::COLLECTION).leave(standing.content.location());
        }
        if let Some(wanted) = &wanted {
            self.extent(T::COLLECTION).widen(wanted.0.location());
        }
        let number = had_number.map_or_else(|| self.new_number(id), Ok)?;
        let after = wanted.map(|(content, review)| {
            Arc::new(Record {
                content,
                number,
                review,
                revision: upload.revision,
                updated_at: self.at,
                updated_by: upload.by.name.clone(),
            })
        });
        review::note(self.conn, (T::COLLECTION, number), standing.as_ref(), after.as_deref())?;
        if !upload.is_shown {
            let public = |record: &Record<Judged<T>>| T::disclose(record, self.precision);
            upload.is_shown = standing.as_ref().and_then(public) != after.as_deref().and_then(public);
        }
        let (revision, shown) = (upload.revision, self.state.log.public_revision);
        let change =
            Change { revision, shown, at: self.at, by: upload.by.clone(), reason, id, number, after };
        let previous = if had_number.is_some() { self.last_change(number)? } else { None };
        let fid = self.state.log.last_change + 1;
        let link = match &mut upload.link {
            Some(link) => link,
            none => none.insert(rows::begin_revision(
                self.conn,
                self.state.log.head.hash,
                (revision, fid),
                self.at,
                &upload.by,
            )?),
        };
        self.state.log.last_change = fid;
        let (of, action) = (&mut upload.statements, decide::word_of(outcome));
        self.changes.write(of, &change, (fid, previous), action, link)?;
        if let Some(record) = &change.after {
            photos::note(self.conn, record)?;
        }
        upload.changes.push(change);
        Ok(outcome)
    }

    /// Refuses a write whose id belongs to a record of another collection; its content may wait for a
    /// manager.
    fn refuse_id<T: Stored>(
        &self,
        write: &Write<Judged<T>>,
        outcome: Outcome,
        upload: &Current<'c, T>,
    ) -> Result<Outcome, Failure> {
        let why = match &write.action {
            Action::Quarantine(_, why) => Some(*why),
            Action::Put(_) => outcome.quarantine_reason().filter(|_| upload.sets_aside),
            Action::Review(..) | Action::Delete(_) => None,
        };
        why.map_or(Ok(outcome), |why| self.set_aside(write, why, None, upload))
    }

    /// Quarantines a write, if it is of a kind that can wait.
    fn set_aside<T: Stored>(
        &self,
        write: &Write<Judged<T>>,
        why: QuarantineReason,
        number: Option<u32>,
        upload: &Current<'c, T>,
    ) -> Result<Outcome, Failure> {
        let (Action::Put(wanted) | Action::Quarantine(wanted, _)) = &write.action else {
            return Ok(Outcome::Missing);
        };
        if let Some(number) = number
            && decide::was_so(&changes::history(self.conn, number)?, write.expect, wanted)
        {
            return Ok(Outcome::Unchanged);
        }
        let from = quarantine::From { upload: upload.id, by: &upload.by, at: &self.at_text };
        quarantine::hold(self.conn, from, write, wanted, why)?;
        Ok(Outcome::Quarantined(why))
    }

    fn last_change(&self, number: u32) -> Result<Option<i64>, Failure> {
        let sql = "SELECT change FROM clearline_records WHERE number = ?1";
        Ok(self.conn.prepare_cached(sql)?.query_row([number], |row| row.get(0))?)
    }
}
