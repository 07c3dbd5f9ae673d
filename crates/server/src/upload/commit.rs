//! What was judged becomes records, and a report.

use std::sync::Arc;

use demining::{Action, Write};
use store::{Committed, Told, Upload};
use uuid::Uuid;

use super::{Judged, Misplaced, Wishes};
use crate::{
    access::{Caller, Grant, Refusal, hold},
    app::App,
    problem::{Answer, Problem},
    wire::upload::Report,
};

/// Commits what was judged, or tries it, and completes the report, which is kept with the upload.
///
/// # Errors
/// 422 when no row stands, or any fails and all or none was asked for; 503 when the store fails.
pub async fn commit(app: &Arc<App>, caller: &Caller, judged: Judged, wishes: &Wishes) -> Answer<Report> {
    // The place among the large uploads is given back when this ends.
    let Judged { writes, settles, mut report, received, place: _place, .. } = judged;
    let sets_aside = sets_aside(caller, wishes);
    let writes = held(app, caller, writes, sets_aside, &mut report).await?;
    if wishes.atomic && report.refused > 0 {
        return Err(nothing_kept(report, wishes));
    }
    let rows: Vec<(u64, Uuid)> = writes.iter().map(|w| (w.row, w.id())).collect();
    let report = if wishes.dry_run {
        let revision = app.atlas.view(atlas::Scope::Full).revision();
        let outcomes = app.writer.attempt(Upload { sets_aside, ..upload_of(app, caller, writes) }).await?;
        let mut report = report.complete(&rows, &outcomes, revision);
        report.dry_run = true;
        report
    } else {
        let id = received.unwrap_or_else(Uuid::now_v7);
        let begun = Report { upload: Some(id), ..report };
        let told = (begun.clone(), rows.clone());
        let is_for_manager = wishes.misplaced == Misplaced::Aside;
        let tell = move |committed: &Committed| {
            let (begun, rows) = told;
            let report = begun.complete(&rows, &committed.outcomes, committed.revision);
            let is_refused = is_for_manager && report.refused > 0;
            Told { report: serde_json::to_string(&report).unwrap_or_default(), is_refused }
        };
        let kept = store::Report { id, tell: Box::new(tell) };
        let upload = Upload {
            atomic: wishes.atomic,
            sets_aside,
            settles,
            report: Some(kept),
            ..upload_of(app, caller, writes)
        };
        let committed = app.writer.commit(upload).await?;
        begun.complete(&rows, &committed.outcomes, committed.revision)
    };
    answered(report, wishes)
}

/// A report as the answer to its upload.
///
/// # Errors
/// 422 when no row stands and its sender has to mend it, or any fails and all or none was asked for.
pub fn answered(report: Report, wishes: &Wishes) -> Answer<Report> {
    let is_refused = report.nothing_stands() && wishes.misplaced == Misplaced::ByGrant;
    if is_refused || (wishes.atomic && report.refused > 0) {
        return Err(nothing_kept(report, wishes));
    }
    Ok(report)
}

/// Whether what somebody cannot put in its place is set aside for a manager: what a field team found
/// must not be lost because it may not write it there.
fn sets_aside(caller: &Caller, wishes: &Wishes) -> bool {
    (caller.grant() == Grant::Own || wishes.misplaced == Misplaced::Aside) && !wishes.atomic
}

/// The wishes that the caller may have; the others are problems in the report.
///
/// # Errors
/// 503 when the store cannot be read.
async fn held(
    app: &Arc<App>,
    caller: &Caller,
    writes: Vec<Write>,
    sets_aside: bool,
    report: &mut Report,
) -> Answer<Vec<Write>> {
    if caller.may_write_everything() {
        return Ok(writes);
    }
    let (caller, view) = (caller.clone(), caller.view(app));
    let judged: Vec<_> = app
        .readers
        .run(move |reader| {
            let held = |write: Write| {
                let wanted = sets_aside.then(|| write.clone());
                let held = hold(&caller, &view, reader, write)?;
                Ok(match (held, wanted) {
                    (
                        Err(Refusal { why, .. }),
                        Some(Write { action: Action::Put(wanted), row, expect, reason }),
                    ) => Ok(Write { row, action: Action::Aside(wanted, why), expect, reason }),
                    (held, _) => held,
                })
            };
            writes.into_iter().map(held).collect()
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

/// An upload of the caller, whose records start in review where the policy says.
pub fn upload_of(app: &App, caller: &Caller, writes: Vec<Write>) -> Upload {
    let review = app.policy.starts(caller.role());
    // What a field team corrects is looked at again.
    let review_of_changed = (caller.grant() == Grant::Own).then_some(review);
    Upload { review, review_of_changed, ..Upload::new(caller.name(), writes) }
}

fn nothing_kept(mut report: Report, wishes: &Wishes) -> Problem {
    report.sort();
    let why = if wishes.atomic { "nothing was kept, as atomic=true asks" } else { "none stands" };
    Problem::rows(format!("{} of {} rows cannot stand; {why}", report.refused, report.rows), report.problems)
}
