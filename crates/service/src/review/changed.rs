//! The differences between two versions of a record.

use demining::{
    Content, Judged,
    field::{Field, FieldKind, FieldRole, FieldValue},
};
use serde_json::{Map, Value};

/// Returns the names of the fields that differ, the location first: then the fields of the old version in the
/// order of a feature, then the new ones.
pub fn changed<T: Content>(before: &Judged<T>, after: &Judged<T>) -> Vec<String> {
    let (before, after): (&T, &T) = (&**before, &**after);
    let mut names = Vec::new();
    if before.location() != after.location() {
        names.push("location".to_owned());
    }
    let (old, new): (Vec<_>, Vec<_>) = in_order::<T>()
        .filter(|field| differs(field, before, after))
        .partition(|field| (field.get)(before) != FieldValue::Null);
    let (old_extra, new_extra) = (extra(before), extra(after));
    names.extend(old.iter().map(|field| field.name.to_owned()));
    names.extend(old_extra.iter().filter(|(name, value)| new_extra.get(*name) != Some(value)).map(named));
    names.extend(new.iter().map(|field| field.name.to_owned()));
    names.extend(new_extra.iter().filter(|(name, _)| !old_extra.contains_key(*name)).map(named));
    names
}

/// Returns the fields that have a value before but not after.
pub fn emptied<T: Content>(before: &Judged<T>, after: &Judged<T>) -> Vec<String> {
    let (before, after): (&T, &T) = (&**before, &**after);
    let is_empty = |field: &Field<T>, content: &T| match (field.get)(content) {
        FieldValue::Null => true,
        FieldValue::Text(text) => text.is_empty(),
        _ => false,
    };
    let of_fields = in_order::<T>().filter(|field| !is_empty(field, before) && is_empty(field, after));
    let holds = |value: Option<&Value>| match value {
        None | Some(Value::Null) => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    };
    let (old, new) = (extra(before), extra(after));
    let of_extra = old.iter().filter(|(name, value)| holds(Some(value)) && !holds(new.get(*name)));
    of_fields.map(|field| field.name.to_owned()).chain(of_extra.map(named)).collect()
}

fn named((name, _): (&String, &Value)) -> String {
    name.clone()
}

/// The recorded fields in the order of a feature: public ones come first.
fn in_order<T: Content>() -> impl Iterator<Item = &'static Field<T>> {
    let recorded = |field: &&Field<T>| {
        matches!(field.role, FieldRole::Required | FieldRole::Given) || field.name == "location_as_given"
    };
    let of = move |is_public: bool| {
        T::FIELDS.iter().filter(recorded).filter(move |field| field.is_public == is_public)
    };
    of(true).chain(of(false))
}

fn differs<T: Content>(field: &Field<T>, before: &T, after: &T) -> bool {
    let differs = |field: &Field<T>| (field.get)(before) != (field.get)(after);
    if field.role == FieldRole::Place {
        // The coordinates as entered and their reference system change as one.
        let is_as_given =
            |field: &&Field<T>| field.role == FieldRole::Place && !matches!(field.kind, FieldKind::Position);
        return T::FIELDS.iter().filter(is_as_given).any(differs);
    }
    differs(field)
}

/// The properties that are not fields of the collection.
fn extra<T: Content>(content: &T) -> Map<String, Value> {
    let rest = T::FIELDS.iter().find(|field| field.role == FieldRole::Rest).map(|field| (field.get)(content));
    match rest {
        Some(FieldValue::Object(json)) => serde_json::from_str(json).unwrap_or_default(),
        _ => Map::new(),
    }
}
