//! Converts answers to rows: one for the form, or one for each find in it.

use std::borrow::Cow;

use demining::{FieldProblem, RawLocation, RawRecord, Value};
use uuid::Uuid;

use super::{
    answers::Answers,
    broken,
    form::Form,
    place::{self, Placed},
};
use crate::{
    error::ReadError,
    options::ReadOptions,
    rows::Row,
    table::{Attribute, Meaning},
};

/// The maximum number of finds of one submission.
const MOST_FINDS: usize = 100;

/// The maximum total size of the answers of all finds of one submission, each including the shared answers,
/// bytes.
const MOST_BYTES: usize = 16 << 20;

/// A record created by a submission. All have the id of the submission; the intake assigns separate ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Find {
    /// Its row.
    pub row: Row,
    /// The names of its pictures, in their order.
    pub photos: Vec<String>,
}

/// The answers shared by the finds of one form if one of them is outside the repeat, beside the day; other answers
/// belong to that one.
const SHARED: [&str; 5] = ["fix", "accuracy_m", "operator", "team", "hazard_area"];

/// Answers about the place, not shared with a find that has its own place.
const OF_PLACE: [&str; 7] =
    ["fix", "accuracy_m", "bearing", "bearing_north", "declination", "distance_m", "location_as_given"];

/// Returns the records of a submission, in document order.
///
/// # Errors
/// Returns an error if there are too many.
pub(super) fn finds(form: &Form, id: Uuid, answers: Answers) -> Result<Vec<Find>, ReadError> {
    let (n_finds, bytes) = answers.size(form, 0);
    if n_finds > MOST_FINDS {
        return Err(broken(&format!("it has more than {MOST_FINDS} finds")));
    }
    if n_finds > 1 && bytes > MOST_BYTES {
        return Err(broken(&format!(
            "its finds, each including the shared answers, have more than {MOST_BYTES} bytes"
        )));
    }
    (1..).zip(each(form, answers)).map(|(row, answers)| find(form, row, id, answers)).collect()
}

/// Returns the answers for each find separately.
fn each(form: &Form, mut answers: Answers) -> Vec<Answers> {
    let repeated = std::mem::take(&mut answers.finds);
    let mut shared = answers.clone();
    let mut all = Vec::with_capacity(repeated.len() + 1);
    if answers.is_find(form) || repeated.is_empty() {
        shared.said.retain(|(name, _)| name == form.day || SHARED.contains(&name.as_str()));
        shared.photos.clear();
        shared.rows.clear();
        all.push(answers);
    }
    all.extend(repeated.into_iter().flat_map(|find| each(form, with_shared(find, &shared))));
    all
}

/// Adds the shared answers to a find. Its own answers take precedence.
fn with_shared(mut find: Answers, shared: &Answers) -> Answers {
    let has_place = find.location.is_some() || find.start.is_some();
    if !has_place {
        find.location.clone_from(&shared.location);
        find.start.clone_from(&shared.start);
        find.is_on_map = shared.is_on_map;
    }
    for (name, text) in &shared.said {
        let is_out = has_place && OF_PLACE.contains(&name.as_str());
        if !is_out && find.get(name).is_none() {
            find.said.push((name.clone(), text.clone()));
        }
    }
    find.photos.extend(shared.photos.iter().cloned());
    find.rows.extend(shared.rows.iter().cloned());
    find
}

fn find(form: &Form, row: u64, id: Uuid, mut answers: Answers) -> Result<Find, ReadError> {
    let text_id = id.to_string();
    let photos = std::mem::take(&mut answers.photos);
    let placed = match place::place(form, &mut answers) {
        Ok(placed) => placed,
        Err((field, value, reason)) => {
            let problem = FieldProblem::new(row, Some(&text_id), field, &value, reason);
            return Ok(Find { row: Err(problem), photos });
        }
    };
    let rows = rows_of(form, std::mem::take(&mut answers.rows));
    let (names, texts): (Vec<_>, Vec<_>) = answers.said.into_iter().chain(rows).unzip();
    let options = ReadOptions { collection: form.collection, ..ReadOptions::default() };
    let row = match Meaning::of_attributes(&names, None, &options) {
        Ok(mut meaning) => {
            let answers = names.iter().zip(&texts).map(|(name, text)| form.answer(name, text));
            let values: Vec<_> = answers.map(|text| Attribute::Text(text.into())).collect();
            let cells = values.iter().map(Attribute::cell);
            meaning.row(row, Some(&text_id), cells, placed.shape).map(|raw| with_place(raw, placed))
        }
        Err(ReadError::Header(reason)) => {
            Err(FieldProblem::new(row, Some(&text_id), "", "", format!("the form {reason}")))
        }
        Err(error) => return Err(error),
    };
    Ok(Find { row, photos })
}

/// Returns the rows of the repeated group as its field, in JSON.
fn rows_of(form: &Form, rows: Vec<Vec<(String, String)>>) -> Option<(String, String)> {
    let name = form.group_field().filter(|_| !rows.is_empty())?;
    let object = |row: Vec<(String, String)>| row.into_iter().collect::<serde_json::Value>();
    Some((name.to_owned(), rows.into_iter().map(object).collect::<serde_json::Value>().to_string()))
}

/// Adds the values that follow from the place; values stated in the row take precedence.
fn with_place(mut raw: RawRecord, placed: Placed) -> RawRecord {
    let mut add = |name: &'static str, value: String| {
        if !raw.properties.iter().any(|(own, _)| own == name) {
            raw.properties.push((Cow::Borrowed(name), Value::Text(value)));
        }
    };
    if let Some(accuracy_m) = placed.accuracy_m {
        add("accuracy_m", accuracy_m);
    }
    if let Some(fix) = placed.fix {
        add("fix", fix.word().to_owned());
    }
    if let RawLocation::At { as_given: as_given @ None, .. } = &mut raw.location {
        *as_given = placed.as_given;
    }
    raw
}
