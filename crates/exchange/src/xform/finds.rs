//! Answers become rows: one for the form, or one for each find in it.

use std::borrow::Cow;

use demining::{FieldProblem, RawDetection, RawLocation, Value};
use uuid::Uuid;

use super::{
    answers::Answers,
    broken,
    place::{self, Placed},
};
use crate::{
    error::ReadError,
    options::ReadOptions,
    rows::Row,
    table::{Attribute, Meaning},
};

/// Finds of one submission, at most.
const MOST_FINDS: usize = 100;

/// Bytes of the answers of all finds of one submission, each with what the form says of all of them, at most.
const MOST_BYTES: usize = 16 << 20;

/// A record that a submission makes. All carry the id of the submission; the intake gives each its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Find {
    /// What is said of it.
    pub row: Row,
    /// The names of the pictures that belong to it, in their order.
    pub photos: Vec<String>,
}

/// What the finds of one form share when one of them stands outside the repeat; other answers are about that one.
const SHARED: [&str; 6] = ["fix", "accuracy_m", "detected_on", "operator", "team", "hazard_area"];

/// Answers about the place, which a find with a place of its own does not share.
const OF_PLACE: [&str; 7] =
    ["fix", "accuracy_m", "bearing", "bearing_north", "declination", "distance_m", "location_as_given"];

/// The records of a submission, in the order in which they stand in it.
///
/// # Errors
/// When there are too many.
pub(super) fn finds(id: Uuid, answers: Answers) -> Result<Vec<Find>, ReadError> {
    let (n_finds, bytes) = answers.size(0);
    if n_finds > MOST_FINDS {
        return Err(broken(&format!("it has more than {MOST_FINDS} finds")));
    }
    if n_finds > 1 && bytes > MOST_BYTES {
        return Err(broken(&format!(
            "its finds, each with what is said of all, have more than {MOST_BYTES} bytes"
        )));
    }
    (1..).zip(each(answers)).map(|(row, answers)| find(row, id, answers)).collect()
}

/// The answers for each find by themselves.
fn each(mut answers: Answers) -> Vec<Answers> {
    let repeated = std::mem::take(&mut answers.finds);
    let mut shared = answers.clone();
    let mut all = Vec::with_capacity(repeated.len() + 1);
    if answers.has_kind() || repeated.is_empty() {
        shared.said.retain(|(name, _)| SHARED.contains(&name.as_str()));
        shared.photos.clear();
        all.push(answers);
    }
    all.extend(repeated.into_iter().flat_map(|find| each(with_shared(find, &shared))));
    all
}

/// A find with what its form says of all of them. What it says itself comes first.
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
    find
}

fn find(row: u64, id: Uuid, mut answers: Answers) -> Result<Find, ReadError> {
    let text_id = id.to_string();
    let photos = std::mem::take(&mut answers.photos);
    let placed = match place::place(&mut answers) {
        Ok(placed) => placed,
        Err((field, value, reason)) => {
            let problem = FieldProblem::new(row, Some(&text_id), field, &value, reason);
            return Ok(Find { row: Err(problem), photos });
        }
    };
    let (names, texts): (Vec<_>, Vec<_>) = answers.said.into_iter().unzip();
    let row = match Meaning::of_attributes(&names, None, &ReadOptions::default()) {
        Ok(mut meaning) => {
            let values: Vec<_> = texts.into_iter().map(|text| Attribute::Text(text.into())).collect();
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

/// The row with what follows from its place; what it states itself stands.
fn with_place(mut raw: RawDetection, placed: Placed) -> RawDetection {
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
