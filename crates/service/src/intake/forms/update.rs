//! Turns a change of a detection, such as its neutralisation, into a write.

use std::collections::BTreeMap;

use demining::{
    Action, Author, Change, Details, Detection, Expect, FieldProblem, RawLocation, RawRecord, Revision,
    Status, Value, Write,
};
use exchange::Update;
use store::Reader;

use super::{
    corrections::{Earlier, posts_of},
    finds::in_order,
    judge::{Sent, added_to, judged},
    record::after,
};
use crate::{
    fault::Fault,
    intake::{
        Intake, JudgedMessage,
        judge::{judge_row, today},
        options::{REASON, UploadOptions},
        state::Turn,
    },
};

/// The answers of an update that change the record; the others only help to choose it.
const UPDATED: [&str; 5] = ["status", "neutralised_on", "disposal", "note", REASON];

/// Judges a change of a detection. `photos` are the names of its photos.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn judge_update<'a>(
    intake: &'a Intake,
    sent: Sent<'_>,
    update: Result<Update, FieldProblem>,
    photos: &[String],
) -> Result<(JudgedMessage, Turn<'a>), Fault> {
    let Sent { caller, id, corrects, attached } = sent;
    let earlier = Earlier::<Details>::of((intake, caller), corrects).await?;
    let record = match (&update, &earlier) {
        (Ok(update), _) => update.id,
        (Err(_), Some(earlier)) => earlier.record,
        (Err(_), None) => id,
    };
    let turn = intake.turn(record).await;
    let by = caller.author().unwrap_or_default();
    let sender = by.clone();
    let read =
        move |reader: &mut Reader| Ok((reader.history::<Details>(record)?, posts_of(reader, &sender, id)?));
    let (history, posts) = intake.readers.run(read).await?;
    let photos = in_order(&[photos], attached).pop().unwrap_or_default();
    let wished = update.map_err(|problem| vec![problem]).and_then(|update| {
        earlier.as_ref().map_or(Ok(()), |earlier| earlier.allows(&update))?;
        changed(&update, &history, &photos, &by)
    });
    // An update never undoes another: a manager reviews corrections of updates.
    let aside = |write| Write { expect: Expect::At(Revision::default()), ..write };
    let wished = if earlier.is_some() { wished.map(aside) } else { wished };
    let wished = wished.and_then(|write| added_to(write, &history, &by));
    Ok((judged([wished], posts, earlier), turn))
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
