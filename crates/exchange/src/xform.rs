//! Submissions of XForms, as ODK Collect and KoBoCollect send them: one record each, or one change of a record.
//!
//! The answers are the leaves of the document, whatever groups they stand in. `location` is a geopoint,
//! `photo` the name of a picture that is sent beside it; everything else means what it means in a table.

mod entities;
mod kobo;

use demining::{Problem, Value};
use uuid::Uuid;

use crate::{
    error::ReadError,
    limits::ReadOptions,
    rows::Row,
    table::{Attribute, Meaning, Shape},
    xml::{Element, Elements},
};

pub use entities::{ENTITY_HEADER, entity_to};
pub use kobo::read_kobo;

/// The list of entities whose updates are changes of records.
const DATASET: &str = "detections";

/// The question that is answered with a record.
const CHOSEN: &str = "detection";

/// Answers of one form, at most.
const MOST_ANSWERS: usize = 256;

/// One submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Its `instanceID`, which is made when the form is begun: the id of the record, if it makes one.
    pub id: Uuid,
    /// The names of the pictures that belong to it, in their order.
    pub photos: Vec<String>,
    /// The `instanceID` of the submission that it corrects (`deprecatedID`).
    pub corrects: Option<Uuid>,
    /// What it says.
    pub content: Content,
}

/// What a submission says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A record.
    Record(Box<Row>),
    /// A change of a record.
    Update(Result<Update, Problem>),
}

/// A change of a record: an update of an entity, or of a record that was chosen from a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The record.
    pub id: Uuid,
    /// Its version as the phone had it: a revision, counted on by the phone with each update of its own
    /// that was not sent yet. None when the phone knows nothing of versions.
    pub base: Option<u64>,
    /// The last version that came from the server, when the phone counted on from there.
    pub trunk: Option<u64>,
    /// What the updates of one phone on one trunk have in common.
    pub branch: Option<Uuid>,
    /// The answers that are not blank, by the names of their questions.
    pub answers: Vec<(String, String)>,
}

/// Reads a submission, which is row 1 of its problems.
///
/// # Errors
/// When it is no XML, too long or too deep, or no submission with an `instanceID`.
pub fn read_submission(xml: &[u8]) -> Result<Submission, ReadError> {
    let mut elements = Elements::new(xml, &[], &ReadOptions::default());
    let root = elements.next(1)?.ok_or(ReadError::Empty)?;
    match elements.next(1) {
        Err(ReadError::Empty) | Ok(None) => {}
        Ok(Some(_)) => return Err(broken("there is more than one submission")),
        Err(error) => return Err(error),
    }
    let meta =
        root.child("meta").ok_or_else(|| broken("it has no meta, so it is no submission of a form"))?;
    let id = instance_id(meta.child_text("instanceID").unwrap_or(""))?;
    let mut answers = Answers::default();
    answers.gather(&root, 0)?;
    let updated = meta.child("entity").filter(|entity| {
        matches!(entity.attribute("update"), Some("1" | "true")) || entity.attribute("baseVersion").is_some()
    });
    submission(id, meta.child_text("deprecatedID"), updated.map(updated_entity), answers)
}

fn instance_id(given: &str) -> Result<Uuid, ReadError> {
    let id = given.strip_prefix("uuid:").and_then(|id| Uuid::try_parse(id).ok()).filter(|id| !id.is_nil());
    id.ok_or_else(|| broken(&format!("its instanceID {given:?} is not uuid: and a UUID")))
}

/// What a submission says by its answers: `earlier` is the one that it corrects, `entity` the one that it updates.
fn submission(
    id: Uuid,
    earlier: Option<&str>,
    entity: Option<Result<Entity, Wrong>>,
    answers: Answers,
) -> Result<Submission, ReadError> {
    let wrong =
        |field: &str, value: &str, reason: &str| Problem::new(1, Some(&id.to_string()), field, value, reason);
    let entity = entity.or_else(|| answers.chosen());
    let earlier = earlier.map(str::trim).filter(|given| !given.is_empty());
    let corrects = earlier.and_then(|given| instance_id(given).ok());
    let Answers { names, texts, photos, location } = answers;
    let content = match (earlier, entity) {
        (Some(earlier), _) if corrects.is_none() => {
            let reason = "is not uuid: and a UUID, so what this corrects is not known";
            Content::Record(Box::new(Err(wrong("deprecatedID", earlier, reason))))
        }
        (_, Some(entity)) => Content::Update(match entity {
            Ok(Entity { id, base, trunk, branch }) => {
                let answers = names.into_iter().zip(texts).collect();
                Ok(Update { id, base, trunk, branch, answers })
            }
            Err((field, value, reason)) => Err(wrong(field, &value, reason)),
        }),
        (_, None) => Content::Record(Box::new(record(id, &names, texts, location.as_deref())?)),
    };
    Ok(Submission { id, photos, corrects, content })
}

/// The answers of a form.
#[derive(Default)]
struct Answers {
    names: Vec<String>,
    texts: Vec<String>,
    photos: Vec<String>,
    location: Option<String>,
}

impl Answers {
    fn gather(&mut self, parent: &Element, depth: usize) -> Result<(), ReadError> {
        for child in &parent.children {
            if depth == 0 && child.name == "meta" {
                continue;
            }
            let text = child.text.trim();
            if child.children.is_empty() {
                self.add(&child.name, text)?;
            } else {
                self.gather(child, depth + 1)?;
            }
        }
        Ok(())
    }

    /// What is answered several times, in a repeat, is one text with semicolons. A blank is no answer.
    fn add(&mut self, name: &str, text: &str) -> Result<(), ReadError> {
        if text.is_empty() {
            return Ok(());
        }
        if name == "location" && self.location.is_none() {
            self.location = Some(text.to_owned());
        } else if matches!(name, "photo" | "photos") {
            self.photos.push(text.to_owned());
        } else if let Some(nth) = self.names.iter().position(|own| own == name) {
            self.texts[nth].push(';');
            self.texts[nth].push_str(text);
        } else {
            self.names.push(name.to_owned());
            self.texts.push(text.to_owned());
        }
        if self.names.len() + self.photos.len() > MOST_ANSWERS {
            return Err(broken(&format!("it has more than {MOST_ANSWERS} answers")));
        }
        Ok(())
    }

    /// The record that was chosen from a list, in a program that knows nothing of entities.
    fn chosen(&self) -> Option<Result<Entity, Wrong>> {
        let nth = self.names.iter().position(|name| name == CHOSEN)?;
        let id = &self.texts[nth];
        let entity = |id| Entity { id, base: None, trunk: None, branch: None };
        Some(Uuid::try_parse(id).map(entity).map_err(|_| (CHOSEN, id.clone(), "is not the UUID of a record")))
    }
}

fn record(id: Uuid, names: &[String], texts: Vec<String>, location: Option<&str>) -> Result<Row, ReadError> {
    let id = id.to_string();
    let (shape, accuracy_m) = match location.map(geopoint) {
        None => (Shape::Missing, None),
        Some(Ok((shape, accuracy_m))) => (shape, accuracy_m),
        Some(Err(reason)) => (Shape::Other(reason), None),
    };
    let mut meaning = match Meaning::of_attributes(names, None, &ReadOptions::default()) {
        Ok(meaning) => meaning,
        Err(ReadError::Header(reason)) => {
            return Ok(Err(Problem::new(1, Some(&id), "", "", format!("the form {reason}"))));
        }
        Err(error) => return Err(error),
    };
    let values: Vec<_> = texts.into_iter().map(|text| Attribute::Text(text.into())).collect();
    let row = meaning.row(1, Some(&id), values.iter().map(Attribute::cell), shape);
    Ok(row.map(|mut raw| {
        let mut add = |name: &'static str, value: Value| {
            if !raw.properties.iter().any(|(own, _)| own == name) {
                raw.properties.push((name.into(), value));
            }
        };
        if let Some(accuracy_m) = accuracy_m {
            add("accuracy_m", Value::Text(accuracy_m));
            add("fix", Value::Text("gnss".to_owned()));
        }
        raw
    }))
}

/// A geopoint: latitude, longitude, altitude and accuracy in metres. An accuracy of 0 is that of a point
/// set by hand on a map.
fn geopoint(text: &str) -> Result<(Shape, Option<String>), &'static str> {
    let parts: Vec<&str> = text.split_ascii_whitespace().collect();
    let number = |nth: usize| parts.get(nth).and_then(|part| part.parse::<f64>().ok());
    match (number(0), number(1), parts.len()) {
        (Some(y), Some(x), 2..=4) => {
            let accuracy_m = number(3).filter(|metres| *metres > 0.0).map(|metres| metres.to_string());
            Ok((Shape::Point { x, y }, accuracy_m))
        }
        _ => Err("is no geopoint: latitude, longitude, altitude and accuracy"),
    }
}

type Wrong = (&'static str, String, &'static str);

/// The record that an update is about, and the versions of it that the phone knew.
struct Entity {
    id: Uuid,
    base: Option<u64>,
    trunk: Option<u64>,
    branch: Option<Uuid>,
}

fn updated_entity(entity: &Element) -> Result<Entity, Wrong> {
    let given = |name: &str| entity.attribute(name).map(str::trim).filter(|text| !text.is_empty());
    let dataset = given("dataset").unwrap_or("");
    if dataset != DATASET {
        return Err(("dataset", dataset.to_owned(), "is no list of this server; detections is"));
    }
    let id = given("id").unwrap_or("");
    let id = Uuid::try_parse(id).map_err(|_| ("id", id.to_owned(), "is not the UUID of a record"))?;
    let version = |name: &'static str| {
        let text = given(name);
        text.map(|text| text.parse().map_err(|_| (name, text.to_owned(), "is no version"))).transpose()
    };
    let branch = given("branchId");
    let branch = branch
        .map(|text| Uuid::try_parse(text).map_err(|_| ("branchId", text.to_owned(), "is not a UUID")))
        .transpose()?;
    Ok(Entity { id, base: version("baseVersion")?, trunk: version("trunkVersion")?, branch })
}

fn broken(reason: &str) -> ReadError {
    ReadError::Broken { row: 1, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests;
