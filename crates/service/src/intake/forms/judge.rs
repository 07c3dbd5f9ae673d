//! Turns a submission into writes: new records, or a change of one.

use std::collections::BTreeMap;

use demining::{
    Action, Author, Change, Details, Detection, Expect, FieldProblem, RECORD_LIMITS, RawLocation, RawRecord,
    Revision, Status, Value, Write,
};
use exchange::{Content, Find, Submission, Update};
use store::{Reader, Settlement};
use uuid::Uuid;

use super::{
    corrections::{Earlier, posts_of},
    finds::{at, id_of, in_order},
    record::{after, record, without_photos},
};
use crate::{
    access::Caller,
    fault::Fault,
    intake::{
        Intake, JudgedMessage,
        channel::Attached,
        judge::{judge_row, today},
        options::{REASON, UploadOptions},
        report::Report,
    },
};

/// The answers of an update that change the record; the others only help to choose it.
const UPDATED: [&str; 5] = ["status", "neutralised_on", "disposal", "note", REASON];

/// The settlement text of a refused submission that a corrected one replaced.
const CORRECTED: &str = "corrected by who sent it";

/// Returns the record that a submission changes, or the first that it creates.
pub fn record_of(submission: &Submission, earlier: Option<&Earlier>) -> Uuid {
    match (&submission.content, earlier) {
        (Content::Update(Ok(update)), _) => update.id,
        (_, Some(earlier)) => earlier.record,
        _ => submission.id,
    }
}

/// Judges a submission against the history of its records; `earlier` is what it corrects.
///
/// # Errors
/// When the store cannot be read.
pub async fn judge(
    (intake, caller): (&Intake, &Caller),
    submission: Submission,
    earlier: Option<&Earlier>,
    attached: &Attached,
) -> Result<JudgedMessage, Fault> {
    let first = record_of(&submission, earlier);
    let n_finds = if let Content::Records(finds) = &submission.content { finds.len() } else { 1 };
    let by = caller.author().unwrap_or_default();
    let (sender, instance, is_correction) = (by.clone(), submission.id, earlier.is_some());
    let read = move |reader: &mut Reader| {
        let mut histories = Vec::with_capacity(n_finds);
        for nth in 0.. {
            let history = reader.history(id_of(first, nth))?;
            // A correction may leave out some of the finds.
            if nth >= n_finds && (!is_correction || history.is_empty()) {
                break;
            }
            histories.push(history);
        }
        Ok((histories, posts_of(reader, &sender, instance)?))
    };
    let (histories, posts) = intake.readers.run(read).await?;
    let (mut writes, mut report) = (Vec::new(), Report::default());
    let mut take = |wished: Result<Write, Vec<FieldProblem>>| {
        report.rows += 1;
        match wished {
            Ok(write) => writes.push(write),
            Err(problems) => report.refuse(problems),
        }
    };
    match submission.content {
        Content::Records(finds) => {
            let named: Vec<_> = finds.iter().map(|find| find.photos.as_slice()).collect();
            let mut photos = in_order(&named, attached).into_iter();
            for (nth, (Find { row, .. }, history)) in finds.into_iter().zip(&histories).enumerate() {
                let (row, photos) = (at(row, id_of(first, nth)), photos.next().unwrap_or_default());
                let (wished, since) = match earlier {
                    Some(earlier) => earlier.corrected(nth, row, history, &photos, caller),
                    None => (record(row, &photos, caller), &history[..]),
                };
                take(wished.and_then(|write| added_to(write, since, &by)));
            }
            for (nth, history) in histories.iter().enumerate().skip(n_finds) {
                if history.first().is_some_and(|change| change.after.is_some()) {
                    take(Err(left_out(nth, id_of(first, nth))));
                }
            }
        }
        Content::Update(update) => {
            let photos = in_order(&[&submission.photos], attached).pop().unwrap_or_default();
            let history = &histories[0];
            let wished = update.map_err(|problem| vec![problem]).and_then(|update| {
                earlier.map_or(Ok(()), |earlier| earlier.allows(&update))?;
                changed(&update, history, &photos, &by)
            });
            // An update never undoes another: a manager reviews corrections of updates.
            let aside = |write| Write { expect: Expect::At(Revision::default()), ..write };
            let wished = if earlier.is_some() { wished.map(aside) } else { wished };
            take(wished.and_then(|write| added_to(write, history, &by)));
        }
    }
    let mut judged = JudgedMessage::new(writes, report);
    if judged.report.refused == 0 {
        // The earlier versions no longer need a manager.
        let before = posts.iter().chain(earlier.into_iter().flat_map(|earlier| &earlier.uploads));
        let settled = |upload: &Uuid| Settlement { upload: *upload, how: CORRECTED.to_owned() };
        judged.settles = before.map(settled).collect();
    }
    Ok(judged)
}

/// The problem of a record that an earlier version of the submission made and this one leaves out.
fn left_out(nth: usize, id: Uuid) -> Vec<FieldProblem> {
    let (row, id) = (nth as u64 + 1, id.to_string());
    let reason =
        "is missing from the correction, but its record remains: remove it if nothing was found there";
    vec![FieldProblem::new(row, Some(&id), "id", &id, reason)]
}

/// Returns the record as changed by an update, at the revision that the update knew.
fn changed(
    update: &Update,
    history: &[Change],
    photos: &[&str],
    by: &Author,
) -> Result<Write, Vec<FieldProblem>> {
    let id = update.id.to_string();
    let wrong = |reason: &str| vec![FieldProblem::new(1, Some(&id), "id", &id, reason)];
    let known = known_revision(update, history, by);
    let at_revision = history.iter().filter(|change| change.revision <= known).find_map(after);
    let base = at_revision
        .or_else(|| history.iter().find_map(after))
        .ok_or_else(|| wrong("no record has this id"))?;
    let standing = &base.content;
    let mut said: BTreeMap<&str, String> = update
        .answers
        .iter()
        .filter(|(name, _)| UPDATED.contains(&name.as_str()))
        .map(|(name, text)| (name.as_str(), text.clone()))
        .collect();
    if said.contains_key("neutralised_on") {
        said.entry("status").or_insert_with(|| Status::Neutralised.word().to_owned());
    }
    // Keep the earlier note.
    if let (Some(earlier), Some(note)) = (&standing.note, said.get_mut("note")) {
        *note = format!("{earlier}\n{note}");
    }
    let says_note = said.contains_key("note");
    // The rules between fields also apply to unchanged fields.
    said.entry("status").or_insert_with(|| standing.status.word().to_owned());
    if let Some(day) = standing.neutralised_on {
        said.entry("neutralised_on").or_insert_with(|| day.to_string());
    }
    if let Some(disposal) = standing.disposal {
        said.entry("disposal").or_insert_with(|| disposal.word().to_owned());
    }
    said.insert("kind", standing.kind.word().to_owned());
    said.insert("detected_on", standing.detected_on.to_string());
    let all: Vec<&str> = standing.photos.iter().map(String::as_str).chain(photos.iter().copied()).collect();
    let photos = serde_json::to_string(&all).map_err(|_| wrong("has photos that cannot be listed"))?;
    let texts = said.into_iter().map(|(name, text)| (RawRecord::name(name), Value::Text(text)));
    let raw = RawRecord {
        row: 1,
        id: Value::Text(id.clone()),
        location: RawLocation::At {
            lon: standing.location.lon(),
            lat: standing.location.lat(),
            as_given: None,
            transform_accuracy_m: 0.0,
        },
        properties: texts.chain([("photos".into(), Value::Json(photos))]).collect(),
    };
    let write = judge_row::<Details>(raw, today(), &UploadOptions::default())?;
    let Action::Put(judged) = write.action else { return Err(wrong("is not a record")) };
    let Details { status, neutralised_on, disposal, note, photos, .. } = judged.into_details();
    let standing = standing.clone().into_details();
    let note = if says_note { note } else { standing.note };
    let details = Details { status, neutralised_on, disposal, note, photos, ..standing };
    let action = Action::Put(Box::new(Detection::new(details, today())?));
    Ok(Write { row: 1, action, expect: Expect::At(known), reason: write.reason })
}

/// Returns the revision that an update builds on. A phone without a network numbers its updates from the
/// version it downloaded (the trunk). They build on one another while nobody else changes the record.
fn known_revision(update: &Update, history: &[Change], by: &Author) -> Revision {
    let Some(base) = update.base else {
        // A record chosen from the list was shown as `detected`.
        let waited = |change: &&Change| after(change).is_some_and(|r| r.content.status == Status::Detected);
        return history.iter().find(waited).map(|change| change.revision).unwrap_or_default();
    };
    let trunk = Revision(update.trunk.unwrap_or(base));
    let mut since = history.iter().take_while(|change| change.revision > trunk);
    let newest = history.first().map(|change| change.revision);
    match newest {
        Some(newest) if base > trunk.0 && since.all(|change| change.by == *by) => newest,
        _ => trunk,
    }
}

/// A repeated submission with other photos adds them to the record, whatever its current version is.
fn added_to(write: Write, history: &[Change], by: &Author) -> Result<Write, Vec<FieldProblem>> {
    let Action::Put(wanted) = &write.action else { return Ok(write) };
    let is_same = |change: &&Change| {
        change.by == *by
            && change
                .after
                .as_ref()
                .is_some_and(|after| without_photos(&after.content) == without_photos(wanted))
    };
    let current = history.first().and_then(|change| after(change));
    let (Some(current), Some(_)) = (current, history.iter().find(is_same)) else { return Ok(write) };
    let mut details = current.content.clone().into_details();
    for photo in &wanted.photos {
        if !details.photos.contains(photo) {
            details.photos.push(photo.clone());
        }
    }
    if details.photos.len() > RECORD_LIMITS.photos {
        let (id, reason) =
            (details.id.to_string(), format!("must be at most {} per record", RECORD_LIMITS.photos));
        let n_photos = details.photos.len().to_string();
        return Err(vec![FieldProblem::new(write.row, Some(&id), "photos", &n_photos, reason)]);
    }
    let detection = Detection::new(details, today())?;
    let expect = Expect::At(current.revision);
    Ok(Write { action: Action::Put(Box::new(detection)), expect, ..write })
}
