//! The forms: which collection a submission is about, and the questions that this collection gives a meaning.

use demining::{Collection, field::FieldKind};

use crate::{
    collections::{FieldTable, field_table},
    xml::Element,
};

/// The ids of the forms about collections other than detections. A form with any other id is about detections, unless it
/// answers [`COLLECTION`].
const IDS: [(&str, Collection); 1] = [("clearline_accident", Collection::Accidents)];

/// The answer that names the collection. The form calculates it, because `KoBoToolbox` gives forms ids of its own.
const COLLECTION: &str = "collection";

/// What a form asks for.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// The collection of the records.
    pub collection: Collection,
    /// The question that every record answers.
    pub class: &'static str,
    /// The question about the day.
    pub day: &'static str,
    table: &'static FieldTable,
}

impl Form {
    /// Returns the form that a submission answers.
    pub fn of(root: &Element) -> Self {
        let by_id = root.attribute("id").and_then(|id| IDS.iter().find(|(own, _)| *own == id));
        let collection = by_id.map(|(_, collection)| *collection).or_else(|| named_in(root));
        Self::about(collection.unwrap_or(Collection::Detections))
    }

    fn about(collection: Collection) -> Self {
        let table = field_table(collection);
        let name = |field: Option<&'static demining::field::FieldSpec>| field.map_or("", |field| field.name);
        Self { collection, class: name(table.class()), day: name(table.day()), table }
    }

    /// Returns the name of the field that is a repeated group.
    pub fn group_field(&self) -> Option<&'static str> {
        self.table.group().map(|(field, _)| field)
    }

    /// Returns whether an element with this name is a row of the repeated group.
    pub fn is_row(&self, name: &str) -> bool {
        self.table.group().is_some_and(|(field, group)| name == field || name == group.row)
    }

    /// Returns whether an answer only steers the form: it names the collection, or says whether a group has rows, or how
    /// many.
    pub fn is_steering(&self, name: &str, text: &str) -> bool {
        (name == COLLECTION && text.parse() == Ok(self.collection))
            || self.group_field().is_some_and(|field| {
                name.strip_prefix(field).is_some_and(|rest| ["_known", "_count"].contains(&rest))
            })
    }

    /// Returns the answer as the field takes it. Phones answer a question for a time with seconds and their offset from
    /// UTC; the record has the time on the clock.
    pub fn answer<'a>(&self, name: &str, text: &'a str) -> &'a str {
        let is_time = self.table.is(name, |kind| kind == FieldKind::Time);
        let is_rest = |rest: &str| {
            rest.starts_with(['.', '+', '-', 'Z'])
                && rest.chars().all(|c| c.is_ascii_digit() || ".:+-Z".contains(c))
        };
        match text.find(|c: char| !c.is_ascii_digit() && c != ':') {
            Some(end) if is_time && is_rest(&text[end..]) => &text[..end],
            _ => text,
        }
    }
}

/// Returns the collection that an answer names.
fn named_in(parent: &Element) -> Option<Collection> {
    parent.children.iter().find_map(|child| match child.children.is_empty() {
        true if child.name == COLLECTION => child.text.trim().parse().ok(),
        true => None,
        false => named_in(child),
    })
}
