//! Turns the records of a submission into writes.

use demining::{Action, Author, Change, Expect, FieldProblem, Judged, RECORD_LIMITS, Write};
use exchange::Find;
use store::{Reader, Settlement, Writes};
use uuid::Uuid;

use super::{
    corrections::{Earlier, posts_of},
    finds::{at, id_of, in_order},
    record::{after, record, with_photos, without_photos},
};
use crate::{
    access::Caller,
    collections::Served,
    fault::Fault,
    intake::{Intake, JudgedMessage, channel::Attached, judge::today, report::Report, state::Turn},
};

/// The settlement text of a refused submission that a corrected one replaced.
const CORRECTED: &str = "corrected by who sent it";

/// What every submission has, whatever its content.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    /// Who sent it.
    pub caller: &'a Caller,
    /// Its own id.
    pub id: Uuid,
    /// The id of the one that it corrects.
    pub corrects: Option<Uuid>,
    /// Its photos.
    pub attached: &'a Attached,
}

/// Judges new records, or corrections of them.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn judge_records<'a, T: Served>(
    intake: &'a Intake,
    sent: Sent<'_>,
    finds: Vec<Find>,
) -> Result<(JudgedMessage, Turn<'a>), Fault> {
    let Sent { caller, id, corrects, attached } = sent;
    let earlier = Earlier::<T>::of((intake, caller), corrects).await?;
    let first = earlier.as_ref().map_or(id, |earlier| earlier.record);
    let turn = intake.turn(first).await;
    let (n_finds, is_correction) = (finds.len(), earlier.is_some());
    let by = caller.author().unwrap_or_default();
    let sender = by.clone();
    let read = move |reader: &mut Reader| {
        let mut histories = Vec::with_capacity(n_finds);
        for nth in 0.. {
            let history = reader.history::<T>(id_of(first, nth))?;
            // A correction may leave out some of the finds.
            if nth >= n_finds && (!is_correction || history.is_empty()) {
                break;
            }
            histories.push(history);
        }
        Ok((histories, posts_of(reader, &sender, id)?))
    };
    let (histories, posts) = intake.readers.run(read).await?;
    let named: Vec<_> = finds.iter().map(|find| find.photos.as_slice()).collect();
    let mut photos = in_order(&named, attached).into_iter();
    let mut wished = Vec::with_capacity(histories.len());
    for (nth, (Find { row, .. }, history)) in finds.into_iter().zip(&histories).enumerate() {
        let (row, photos) = (at(row, id_of(first, nth)), photos.next().unwrap_or_default());
        let (write, since) = match &earlier {
            Some(earlier) => earlier.corrected(nth, row, history, &photos, caller),
            None => (record(row, &photos, caller), &history[..]),
        };
        wished.push(write.and_then(|write| added_to(write, since, &by)));
    }
    for (nth, history) in histories.iter().enumerate().skip(n_finds) {
        if history.first().is_some_and(|change| change.after.is_some()) {
            wished.push(Err(left_out(nth, id_of(first, nth))));
        }
    }
    Ok((judged(wished, posts, earlier), turn))
}

/// Collects the writes that were wished, and the problems of the others. `posts` are the uploads of this submission.
pub(super) fn judged<T: Served>(
    wished: impl IntoIterator<Item = Result<Write<Judged<T>>, Vec<FieldProblem>>>,
    posts: Vec<Uuid>,
    earlier: Option<Earlier<T>>,
) -> JudgedMessage {
    let (mut writes, mut report) = (Vec::new(), Report::default());
    for wished in wished {
        report.rows += 1;
        match wished {
            Ok(write) => writes.push(write),
            Err(problems) => report.refuse(problems),
        }
    }
    let writes: Writes = T::wrap_writes(writes);
    let mut judged = JudgedMessage::new(writes, report);
    if judged.report.refused == 0 {
        // The earlier versions no longer need a manager.
        let before = posts.into_iter().chain(earlier.into_iter().flat_map(|earlier| earlier.uploads));
        let settled = |upload| Settlement { upload, how: CORRECTED.to_owned() };
        judged.settles = before.map(settled).collect();
    }
    judged
}

/// The problem of a record that an earlier version of the submission made and this one leaves out.
fn left_out(nth: usize, id: Uuid) -> Vec<FieldProblem> {
    let (row, id) = (nth as u64 + 1, id.to_string());
    let reason =
        "is missing from the correction, but its record remains: remove it if nothing was found there";
    vec![FieldProblem::new(row, Some(&id), "id", &id, reason)]
}

/// A repeated submission with other photos adds them to the record, whatever its current version is.
pub(super) fn added_to<T: Served>(
    write: Write<Judged<T>>,
    history: &[Change<Judged<T>>],
    by: &Author,
) -> Result<Write<Judged<T>>, Vec<FieldProblem>> {
    let Action::Put(wanted) = &write.action else { return Ok(write) };
    let is_same = |change: &&Change<Judged<T>>| {
        change.by == *by
            && change
                .after
                .as_ref()
                .is_some_and(|after| without_photos(&after.content) == without_photos(wanted))
    };
    let current = history.first().and_then(|change| after(change));
    let (Some(current), Some(_)) = (current, history.iter().find(is_same)) else { return Ok(write) };
    let mut photos = current.content.photos().to_vec();
    for photo in wanted.photos() {
        if !photos.contains(photo) {
            photos.push(photo.clone());
        }
    }
    if photos.len() > RECORD_LIMITS.photos {
        let (id, reason) =
            (write.id().to_string(), format!("must be at most {} per record", RECORD_LIMITS.photos));
        let n_photos = photos.len().to_string();
        return Err(vec![FieldProblem::new(write.row, Some(&id), "photos", &n_photos, reason)]);
    }
    let content = Judged::new(with_photos(current.content.clone().into_details(), &photos), today())?;
    let expect = Expect::At(current.revision);
    Ok(Write { action: Action::Put(Box::new(content)), expect, ..write })
}
