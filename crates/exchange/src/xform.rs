//! Reads XForms submissions from ODK Collect and KoBoCollect: a record, several records if the form repeats
//! its questions, or a change of a record.
//!
//! - [`form`]: the collection that a form is about, and what its questions mean there.
//! - [`answers`]: the leaves of the document, whatever groups contain them, and repeats.
//! - [`place`]: geopoints, and places by bearing and distance; [`finds`]: converts answers to rows.
//! - [`entities`]: records as a list to choose from, and [`kobo`]: submissions in JSON.

mod answers;
mod entities;
mod finds;
mod form;
mod kobo;
mod place;

use demining::{Collection, FieldProblem};
use uuid::Uuid;

use crate::{
    error::ReadError,
    options::ReadOptions,
    xml::{Element, Elements},
};
use answers::Answers;
use form::Form;

pub use entities::{ENTITY_HEADER, entity_to};
pub use finds::Find;
pub use kobo::read_kobo;

/// The entity list whose updates are changes of records.
const DATASET: &str = "detections";

/// The question whose answer is a record.
const CHOSEN: &str = "detection";

/// One submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Its `instanceID`, created when the form is opened: the id of the first record that it creates.
    pub id: Uuid,
    /// The collection of its records.
    pub collection: Collection,
    /// The names of all its pictures, in their order.
    pub photos: Vec<String>,
    /// The `instanceID` of the submission that it corrects (`deprecatedID`).
    pub corrects: Option<Uuid>,
    /// Its content.
    pub content: Content,
}

/// The content of a submission.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Records, at least one: one for each find.
    Records(Vec<Find>),
    /// A change of a detection.
    Update(Result<Update, FieldProblem>),
}

/// A change of a record: an update of an entity, or of a record chosen from a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The id of the record.
    pub id: Uuid,
    /// The version of the record on the phone: a revision, increased by the phone for each of its own unsent
    /// updates. `None` if the phone does not support versions.
    pub base: Option<u64>,
    /// The last version received from the server, if the phone has counted on from there.
    pub trunk: Option<u64>,
    /// Common to the updates of one phone on one trunk.
    pub branch: Option<Uuid>,
    /// The non-blank answers, by the names of their questions.
    pub answers: Vec<(String, String)>,
}

/// Reads a submission; its problems refer to row 1.
///
/// # Errors
/// Returns an error if it is not XML, too long, too deep, or not a submission with an `instanceID`.
pub fn read_submission(xml: &[u8]) -> Result<Submission, ReadError> {
    let mut elements = Elements::new(xml, &[], &ReadOptions::default());
    let root = elements.next(1)?.ok_or(ReadError::Empty)?;
    match elements.next(1) {
        Err(ReadError::Empty) | Ok(None) => {}
        Ok(Some(_)) => return Err(broken("there is more than one submission")),
        Err(error) => return Err(error),
    }
    let meta = root.child("meta").ok_or_else(|| broken("it has no meta, so it is not a form submission"))?;
    let id = instance_id(meta.child_text("instanceID").unwrap_or(""))?;
    let form = Form::of(&root);
    let answers = Answers::of(&form, &root)?;
    let updated = meta.child("entity").filter(|entity| {
        matches!(entity.attribute("update"), Some("1" | "true")) || entity.attribute("baseVersion").is_some()
    });
    submission(&form, id, meta.child_text("deprecatedID"), updated.map(updated_entity), answers)
}

fn instance_id(given: &str) -> Result<Uuid, ReadError> {
    let id = given.strip_prefix("uuid:").and_then(|id| Uuid::try_parse(id).ok()).filter(|id| !id.is_nil());
    id.ok_or_else(|| broken(&format!("its instanceID {given:?} is not a UUID with the prefix uuid:")))
}

/// Returns the submission for its answers: `earlier` is the one that it corrects, `entity` the one that it
/// updates.
fn submission(
    form: &Form,
    id: Uuid,
    earlier: Option<&str>,
    entity: Option<Result<Entity, Wrong>>,
    answers: Answers,
) -> Result<Submission, ReadError> {
    let wrong = |field: &str, value: &str, reason: &str| {
        FieldProblem::new(1, Some(&id.to_string()), field, value, reason)
    };
    let entity = entity.or_else(|| chosen(form, &answers));
    let earlier = earlier.map(str::trim).filter(|given| !given.is_empty());
    let corrects = earlier.and_then(|given| instance_id(given).ok());
    let photos = answers.all_photos();
    let content = match (earlier, entity) {
        (Some(earlier), _) if corrects.is_none() => {
            let reason = "is not a UUID with the prefix uuid:, so the corrected submission is unknown";
            let row = Err(wrong("deprecatedID", earlier, reason));
            Content::Records(vec![Find { row, photos: photos.clone() }])
        }
        (_, Some(entity)) => Content::Update(match entity {
            Ok(Entity { id, base, trunk, branch }) => {
                Ok(Update { id, base, trunk, branch, answers: answers.said })
            }
            Err((field, value, reason)) => Err(wrong(field, &value, reason)),
        }),
        (_, None) => Content::Records(finds::finds(form, id, answers)?),
    };
    let collection = match content {
        Content::Records(_) => form.collection,
        Content::Update(_) => Collection::Detections,
    };
    Ok(Submission { id, collection, photos, corrects, content })
}

/// Returns the detection chosen from a list, in a program without support for entities.
fn chosen(form: &Form, answers: &Answers) -> Option<Result<Entity, Wrong>> {
    let id = answers.get(CHOSEN).filter(|_| form.collection == Collection::Detections)?;
    let entity = |id| Entity { id, base: None, trunk: None, branch: None };
    Some(Uuid::try_parse(id).map(entity).map_err(|_| (CHOSEN, id.to_owned(), "is not the UUID of a record")))
}

type Wrong = (&'static str, String, &'static str);

/// The record to update, and the versions of it that the phone had.
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
        return Err(("dataset", dataset.to_owned(), "is not a list of this server; expected detections"));
    }
    let id = given("id").unwrap_or("");
    let id = Uuid::try_parse(id).map_err(|_| ("id", id.to_owned(), "is not the UUID of a record"))?;
    let version = |name: &'static str| {
        let text = given(name);
        text.map(|text| text.parse().map_err(|_| (name, text.to_owned(), "is not a version"))).transpose()
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
#[cfg(test)]
mod tests_of_accidents;
