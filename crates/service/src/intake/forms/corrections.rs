//! A submission that corrects an earlier one: the records that the earlier one made, and its answers.
//!
//! Collect gives the corrected form a new `instanceID` and names the previous one as `deprecatedID`
//! (<https://getodk.github.io/xforms-spec/#metadata>). The record keeps the id of the first.

use demining::{Action, Author, Change, Expect, FieldProblem, Judged, Revision, Write};
use exchange::{Content, Find, Row, Submission, Update};
use store::{Reader, StoreError, Stored};
use uuid::Uuid;

use super::{
    finds::{at, id_of},
    record::{after, record, without_photos},
};
use crate::{
    access::Caller,
    fault::Fault,
    intake::{Intake, channel::Channel},
};

/// Maximum number of corrections that are followed back.
const MOST_STEPS: usize = 100;

/// The submissions that a correction replaces.
#[derive(Debug)]
pub(super) struct Earlier<T> {
    /// The first record that the first submission of the chain made.
    pub record: Uuid,
    /// The content of each record in the corrected submission if it is a correction itself; otherwise their
    /// first versions.
    said: Vec<Option<T>>,
    /// The record that the corrected submission changed, if it created none.
    changed: Option<Uuid>,
    /// Whether the first submission of the chain was received.
    is_received: bool,
    /// The uploads of all submissions in the chain.
    pub uploads: Vec<Uuid>,
}

/// The write for a corrected record, or its problems, and the changes since the corrected submission.
type Corrected<'h, T> = (Result<Write<Judged<T>>, Vec<FieldProblem>>, &'h [Change<Judged<T>>]);

impl<T: Stored> Earlier<T> {
    /// Finds what a submission corrects among its sender's earlier ones; `corrects` is the one that it names,
    /// and the result `None` if it names none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn of(
        (intake, caller): (&Intake, &Caller),
        corrects: Option<Uuid>,
    ) -> Result<Option<Self>, Fault> {
        let Some(corrected) = corrects else { return Ok(None) };
        let by = caller.author().unwrap_or_default();
        let found = intake.readers.run(move |reader| follow(reader, &by, corrected)).await?;
        let (mut earlier, newest) = found;
        if let Some(Submission { content: Content::Records(finds), .. }) = newest {
            let of_find = |(nth, find)| said(find, id_of(earlier.record, nth), caller);
            earlier.said = finds.into_iter().enumerate().map(of_find).collect();
        }
        Ok(Some(earlier))
    }

    /// Checks that a change applies to the same record as the corrected submission. The phone no longer lists
    /// that record, so another may be chosen by mistake.
    ///
    /// # Errors
    /// The problem if it applies to another record.
    pub fn allows(&self, update: &Update) -> Result<(), Vec<FieldProblem>> {
        let Some(changed) = self.changed.filter(|changed| *changed != update.id) else { return Ok(()) };
        let id = update.id.to_string();
        let reason = format!("must be {changed}, the record of the corrected form");
        Err(vec![FieldProblem::new(1, Some(&id), "detection", &id, reason)])
    }

    /// Returns the write for a corrected record, bound to the revision whose content equals the corrected
    /// submission, and the changes since then. `nth` counts the records of the submission. Photos are never
    /// removed.
    pub fn corrected<'h>(
        &self,
        nth: usize,
        row: Row,
        history: &'h [Change<Judged<T>>],
        photos: &[&str],
        caller: &Caller,
    ) -> Corrected<'h, T> {
        let first = || history.last().and_then(after).map(|record| without_photos(&record.content));
        let said = self.said.get(nth).cloned().flatten().or_else(first);
        let stood = history
            .iter()
            .position(|change| after(change).is_some_and(|r| Some(without_photos(&r.content)) == said));
        let expect = match stood {
            Some(at) => Expect::At(history[at].revision),
            // The corrected submission was refused, so the correction may create the record.
            None if history.is_empty() && self.is_received => Expect::Same,
            None => Expect::At(Revision::default()),
        };
        let current = history.first().and_then(after);
        let mut all: Vec<&str> =
            current.map_or(Vec::new(), |r| r.content.photos().iter().map(String::as_str).collect());
        for photo in photos {
            if !all.contains(photo) {
                all.push(photo);
            }
        }
        let write = record(row, &all, caller);
        (write.map(|write| Write { expect, ..write }), &history[..stood.unwrap_or(history.len())])
    }
}

/// Follows a submission back to the first of its chain. Also returns the corrected submission if it is not
/// the first.
fn follow<T: Stored>(
    reader: &Reader,
    by: &Author,
    corrected: Uuid,
) -> Result<(Earlier<T>, Option<Submission>), StoreError> {
    let mut earlier = Earlier {
        record: corrected,
        said: Vec::new(),
        changed: None,
        is_received: false,
        uploads: Vec::new(),
    };
    let mut newest = None;
    for _ in 0..MOST_STEPS {
        let posts = posts_of(reader, by, earlier.record)?;
        earlier.uploads.extend(&posts);
        // A submission that made a record is the first.
        earlier.is_received = !reader.history::<T>(earlier.record)?.is_empty();
        if earlier.is_received {
            break;
        }
        let Some(submission) = posts.last().map(|id| read(reader, *id)).transpose()?.flatten() else {
            break;
        };
        earlier.is_received = true;
        if let (Content::Update(Ok(update)), None) = (&submission.content, earlier.changed) {
            earlier.changed = Some(update.id);
        }
        let Some(before) = submission.corrects else { break };
        newest.get_or_insert(submission);
        (earlier.record, earlier.is_received) = (before, false);
    }
    Ok((earlier, newest))
}

/// Returns the uploads of a submission by this sender, oldest first.
pub(super) fn posts_of(reader: &Reader, by: &Author, submission: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let received = reader.received_as(by, &submission.to_string())?.into_iter();
    let of_forms = received.filter(|(_, word)| Channel::WORDS_OF_FORMS.contains(&word.as_str()));
    Ok(of_forms.map(|(id, _)| id).collect())
}

/// Returns a submission as received, while its bytes are stored.
fn read(reader: &Reader, upload: Uuid) -> Result<Option<Submission>, StoreError> {
    let Some((received, _)) = reader.received(upload)? else { return Ok(None) };
    let channel = Channel::read(&received.door, &received.request_meta).ok();
    Ok(channel.and_then(|channel| channel.submission(&received.bytes).ok()?.ok()).flatten())
}

/// Returns the content that a submission gave a record.
fn said<T: Stored>(find: Find, id: Uuid, caller: &Caller) -> Option<T> {
    match record::<T>(at(find.row, id), &[], caller).ok()?.action {
        Action::Put(content) => Some(without_photos(&content)),
        _ => None,
    }
}
