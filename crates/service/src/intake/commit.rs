//! Checks judged writes against their sender's rights, commits them and reports the outcomes.

use std::sync::Arc;

use atlas::{Found, Scope, View};
use demining::{
    Action, Collection, Content, Expect, Judged, Outcome, Review, Revision, Write, for_collection,
};
use store::{Committed, Stored, Told, Upload, UploadError, Writes};
use uuid::Uuid;

use super::{
    Intake, JudgedMessage, journal,
    options::UploadOptions,
    outcome::{How, IntakeOutcome, Refusal, Written},
    report::{Notice, Report, ReportedProblem, VERSION, Verdict},
};
use crate::{
    access::{self, Caller, hold},
    collections::{FoundOf, Served, located},
    fault::Fault,
};

/// Returns the operator that a field team records for.
pub fn own_operator(caller: &Caller) -> Option<String> {
    let own = caller.bearer().and_then(|bearer| bearer.operator.clone());
    own.filter(|_| caller.is_field_team())
}

/// Builds an upload of the caller, whose new records get the review state that the policy sets.
pub fn upload_of(intake: &Intake, caller: &Caller, writes: Writes) -> Upload {
    let review = intake.policy.starts(caller.role());
    // A field team's corrections are reviewed again.
    let review_of_changed = caller.is_field_team().then_some(review);
    let by = caller.author().unwrap_or_default();
    Upload { review, review_of_changed, proof: caller.proof().clone(), ..Upload::new(by, writes) }
}

/// Converts the verdict on a message about a collection to the form that the store keeps.
pub fn told(verdict: &Verdict, collection: Collection, is_for_manager: bool) -> Told {
    let (is_refused, is_whole) = match verdict {
        Verdict::Judged(report) => (report.refused > 0, report.is_whole()),
        Verdict::Unreadable(_) => (true, false),
    };
    let may_name = !is_for_manager || verdict.is_personal();
    let is_personal = may_name && for_collection!(collection, T => T::IS_PERSONAL);
    let is_refused = is_refused && is_for_manager;
    Told { version: VERSION, report: verdict.text(), is_refused, is_whole, is_personal }
}

/// Commits the rows of a file, unless it is a dry run, and completes the report, which is stored with the
/// upload.
///
/// # Errors
/// If the store fails.
pub async fn commit(
    intake: &Arc<Intake>,
    caller: &Caller,
    judged: JudgedMessage,
    upload_options: &UploadOptions,
    is_for_manager: bool,
) -> Result<Report, Fault> {
    // Dropping `_place` frees the slot among the large uploads.
    let JudgedMessage { writes, settles, mut report, received, place: _place, .. } = judged;
    // A field team's finds must not be lost because it lacks the right to write there.
    let sets_aside = (caller.is_field_team() || is_for_manager) && !upload_options.atomic;
    report.atomic = upload_options.atomic;
    let collection = writes.collection();
    let (writes, rows) = for_collection!(collection, T => {
        let mut writes = held::<T>(intake, caller, T::writes(writes), sets_aside, &mut report).await?;
        if upload_options.atomic && report.refused > 0 {
            writes.clear();
        }
        let rows: Vec<(u64, Uuid)> = writes.iter().map(|w| (w.row, w.id())).collect();
        (T::wrap_writes(writes), rows)
    });
    if upload_options.dry_run {
        let revision = intake.atlas.view(Scope::Full).revision();
        let outcomes =
            intake.writer.attempt(Upload { sets_aside, ..upload_of(intake, caller, writes) }).await?;
        return Ok(Report { dry_run: true, ..report.complete(&rows, &outcomes, revision) });
    }
    let id = received.unwrap_or_else(Uuid::now_v7);
    let begun = Report { upload: Some(id), ..report };
    let kept = (begun.clone(), rows.clone());
    let tell = move |committed: &Committed| {
        let (begun, rows) = kept;
        let report = begun.complete(&rows, &committed.outcomes, committed.revision);
        told(&Verdict::Judged(report), collection, is_for_manager)
    };
    let report = Some(store::ReportMaker { id, tell: Box::new(tell) });
    let upload = Upload {
        atomic: upload_options.atomic,
        sets_aside,
        settles,
        report,
        ..upload_of(intake, caller, writes)
    };
    let committed = intake.writer.commit(upload).await?;
    Ok(begun.complete(&rows, &committed.outcomes, committed.revision))
}

/// Returns the writes that the caller may make; the others become problems in the report.
async fn held<T: Served>(
    intake: &Arc<Intake>,
    caller: &Caller,
    writes: Vec<Write<Judged<T>>>,
    sets_aside: bool,
    report: &mut Report,
) -> Result<Vec<Write<Judged<T>>>, Fault> {
    if caller.may_write_everything() {
        return Ok(writes);
    }
    let (caller, view) = (caller.clone(), caller.view(&intake.atlas));
    let judged: Vec<_> = intake
        .readers
        .run(move |reader| {
            writes.into_iter().map(|write| allowed(&caller, &view, reader, write, sets_aside)).collect()
        })
        .await?;
    let mut kept = Vec::with_capacity(judged.len());
    for write in judged {
        match write {
            Ok(write) => kept.push(write),
            Err(refusal) => report.refuse(vec![refusal.problem]),
        }
    }
    Ok(kept)
}

/// Returns the write that its sender may make or, if `sets_aside`, as one for the quarantine.
fn allowed<T: Served>(
    caller: &Caller,
    view: &View,
    reader: &store::Reader,
    write: Write<Judged<T>>,
    sets_aside: bool,
) -> Result<Result<Write<Judged<T>>, access::Refusal>, store::StoreError> {
    let wanted = sets_aside.then(|| write.clone());
    Ok(match (hold(caller, view, reader, write)?, wanted) {
        (
            Err(access::Refusal { why, .. }),
            Some(Write { action: Action::Put(wanted), row, expect, reason }),
        ) => Ok(Write { row, action: Action::Quarantine(wanted, why), expect, reason }),
        (held, _) => held,
    })
}

/// A write of one record.
pub struct One<T: Content> {
    /// The write.
    pub write: Write<Judged<T>>,
    /// A review decision that follows the write.
    pub review: Option<Review>,
    /// Notices for the sender.
    pub notices: Vec<Notice>,
    /// The message that it came in, stored in the same transaction unless the write is refused.
    pub received: Option<store::Received>,
    /// Whether a write outside the sender's rights goes to the quarantine.
    pub waits: bool,
}

impl<T: Content> One<T> {
    /// Wraps a write alone.
    pub fn of(write: Write<Judged<T>>) -> Self {
        Self { write, review: None, notices: Vec::new(), received: None, waits: false }
    }
}

/// Commits the write of one record and returns its outcome.
///
/// # Errors
/// If the store fails. The inner error means that the same message was received before.
pub async fn commit_one<T: Served>(
    intake: &Arc<Intake>,
    caller: &Caller,
    One { write, review, notices, received, waits }: One<T>,
) -> Result<Result<IntakeOutcome, UploadError>, Fault> {
    let (sender, view) = (caller.clone(), caller.view(&intake.atlas));
    let held = move |reader: &mut store::Reader| allowed(&sender, &view, reader, write, waits);
    let write = match intake.readers.run(held).await? {
        Ok(write) => write,
        Err(refusal) => {
            return Ok(Ok(IntakeOutcome::Refused(Refusal::NotAllowed, vec![refusal.problem.into()])));
        }
    };
    let (row, id) = (write.row, write.id());
    let sent = match &write.action {
        Action::Put(content) => Some(content.clone()),
        Action::Delete(_) | Action::Review(..) | Action::Quarantine(..) => None,
    };
    let expected_revision = matches!(write.expect, Expect::At(_) | Expect::UpTo(_));
    let reason = write.reason.clone();
    let mut writes = vec![write];
    // The same record, which the first write is bound to.
    writes.extend(review.map(|review| Write {
        row,
        action: Action::Review(id, review),
        expect: Expect::Any,
        reason,
    }));
    let upload_id = received.as_ref().map(|received| received.id);
    let begun = Report { upload: upload_id, single: Some(id), rows: 1, notices, ..Report::default() };
    let report = upload_id.map(|id_of_upload| {
        let begun = begun.clone();
        let tell = move |committed: &Committed| {
            let report = begun.complete(&[(row, id)], &committed.outcomes, committed.revision);
            told(&Verdict::Judged(report), T::COLLECTION, false)
        };
        store::ReportMaker { id: id_of_upload, tell: Box::new(tell) }
    });
    let writes = T::wrap_writes(writes);
    let upload = Upload { atomic: true, receives: received, report, ..upload_of(intake, caller, writes) };
    let committed = match intake.writer.commit_once(upload).await? {
        Ok(committed) => committed,
        Err(before) => return Ok(Err(before)),
    };
    let Committed { revision, outcomes, changes } = committed;
    let refused = outcomes.iter().copied().find(|outcome| outcome.is_refusal());
    let done = refused.or_else(|| outcomes.iter().copied().find(|outcome| *outcome != Outcome::Unchanged));
    let done = done.unwrap_or(Outcome::Unchanged);
    journal::wrote(caller, upload_id, id, (done, review), revision);
    let trouble = ReportedProblem::of(row, id, done);
    let how = match (done, trouble) {
        (Outcome::Created, _) => How::Created,
        (Outcome::Updated, _) => How::Updated,
        (Outcome::Deleted, _) => How::Deleted,
        (Outcome::Unchanged, _) => How::Unchanged,
        (Outcome::Conflict { .. }, Some(trouble)) if !expected_revision => {
            return Ok(Ok(IntakeOutcome::Conflict(trouble)));
        }
        (Outcome::Conflict { .. }, _) => return Ok(Ok(IntakeOutcome::Stale)),
        (Outcome::Quarantined(_), _) => {
            return Ok(Ok(IntakeOutcome::Quarantined(begun.complete(&[(row, id)], &outcomes, revision))));
        }
        (Outcome::Missing, _) => return Ok(Ok(IntakeOutcome::Missing(T::COLLECTION, id))),
        (Outcome::NeedsReason, trouble) => {
            return Ok(Ok(IntakeOutcome::Refused(Refusal::NeedsReason, trouble.into_iter().collect())));
        }
        (Outcome::IllegalChange { .. }, trouble) => {
            return Ok(Ok(IntakeOutcome::Refused(Refusal::IllegalChange, trouble.into_iter().collect())));
        }
        (Outcome::OtherCollection { .. }, trouble) => {
            return Ok(Ok(IntakeOutcome::Refused(Refusal::OtherCollection, trouble.into_iter().collect())));
        }
    };
    // The response shows this write, whatever others have written since.
    let found = match changes.of::<T>().last() {
        Some(change) => change.after.clone().map(|record| located(intake.atlas.reference(), record)),
        None => standing::<T>(intake, id).filter(|found| Some(&found.record.content) == sent.as_deref()),
    };
    let (collection, record) = (T::COLLECTION, found.map(T::wrap_found));
    let written = Written { collection, id, how, record, revision, notices: begun.notices };
    Ok(Ok(if how == How::Unchanged {
        IntakeOutcome::Unchanged(written)
    } else {
        IntakeOutcome::Accepted(written)
    }))
}

/// Returns the current record.
pub fn standing<T: Served>(intake: &Intake, id: Uuid) -> Option<Found<Judged<T>>> {
    T::find(&intake.atlas.view(Scope::Full), id)
}

/// Returns the current record of a collection.
fn standing_of(intake: &Intake, collection: Collection, id: Uuid) -> Option<FoundOf> {
    for_collection!(collection, T => standing::<T>(intake, id).map(T::wrap_found))
}

/// Reconstructs the outcome of a single record from its report, for a repeated message.
pub fn told_before(intake: &Intake, (collection, id): (Collection, Uuid), report: Report) -> IntakeOutcome {
    let how = match (report.held, report.created, report.updated) {
        (1.., ..) => return IntakeOutcome::Quarantined(report),
        (_, 1.., _) => How::Created,
        (_, _, 1..) => How::Updated,
        _ => How::Unchanged,
    };
    let record = standing_of(intake, collection, id);
    let revision = Revision(report.revision);
    let written = Written { collection, id, how, record, revision, notices: report.notices };
    if how == How::Unchanged { IntakeOutcome::Unchanged(written) } else { IntakeOutcome::Accepted(written) }
}
