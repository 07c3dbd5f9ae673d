//! Reads the rows of a repeated group from JSON.

use serde_json::{Value as Json, value::RawValue};

use super::value::{Misread, read};
use crate::{
    Value,
    field::{FieldRole, FieldSpec, FieldValue, Group, folded_name, rows_json},
    json_text::members,
    judge::Judge,
};

/// A row that was read: the names and values of its fields, of which every value is a word.
type ReadRow = Vec<(&'static str, FieldValue<'static>)>;

/// Reads a JSON array of objects and returns it with the words as the vocabularies have them. Returns `None`
/// if there is no row, or if there is a problem: the judge gets it with its place, such as `victims[2].sex`.
pub(super) fn read_rows(
    group: &Group,
    name: &str,
    value: &Value,
    refuses: fn(&str) -> Option<&'static str>,
    judge: &mut Judge,
) -> Option<String> {
    let rows: Option<Vec<&RawValue>> = match value {
        Value::Json(text) | Value::Text(text) => serde_json::from_str(text).ok(),
        _ => None,
    };
    let Some(rows) = rows else {
        judge.problem(name, value.as_text(), "is not a JSON array of objects");
        return None;
    };
    if rows.len() > group.max_rows {
        judge.called("too_many", name, "", format!("has more than {} rows", group.max_rows));
        return None;
    }
    // Every row is read, so that the sender sees the problems of all.
    let rows: Vec<Option<ReadRow>> = rows
        .iter()
        .enumerate()
        .map(|(nth, row)| read_row(group, &format!("{name}[{}]", nth + 1), row.get(), refuses, judge))
        .collect();
    let rows = rows.into_iter().collect::<Option<Vec<ReadRow>>>().filter(|rows| !rows.is_empty())?;
    Some(rows_json(rows.into_iter().map(Vec::into_iter)))
}

/// Reads an object; `place` says which.
fn read_row(
    group: &Group,
    place: &str,
    json: &str,
    refuses: fn(&str) -> Option<&'static str>,
    judge: &mut Judge,
) -> Option<ReadRow> {
    let Some(members) = members(json) else {
        judge.problem(place, json, "is not an object");
        return None;
    };
    let mut is_good = true;
    for (nth, (name, json)) in members.iter().enumerate() {
        let known = group.fields.iter().any(|field| field.name == name);
        let place = format!("{place}.{name}");
        if let Some(reason) = refuses(&folded_name(name)) {
            judge.called("personal", &place, "", reason);
        } else if !known {
            judge.called("unknown_field", &place, "", format!("is not a field of a {}", group.row));
        } else if members[..nth].iter().any(|(earlier, _)| earlier == name) {
            judge.problem(&place, &json.to_string(), "occurs twice");
        } else {
            continue;
        }
        is_good = false;
    }
    let mut row = Vec::with_capacity(group.fields.len());
    for field in group.fields {
        let value =
            members.iter().find(|(name, _)| name == field.name).map_or(Value::Null, |(_, json)| raw(json));
        match read_member(field, &value) {
            Ok(Some(value)) => row.push((field.name, value)),
            Ok(None) => {}
            Err(Misread(code, reason)) => {
                let place = format!("{place}.{}", field.name);
                match code {
                    Some(code) => judge.called(code, &place, value.as_text(), reason),
                    None => judge.problem(&place, value.as_text(), reason),
                }
                is_good = false;
            }
        }
    }
    is_good.then_some(row)
}

fn read_member(field: &FieldSpec, value: &Value) -> Result<Option<FieldValue<'static>>, Misread> {
    if value.is_empty() {
        return match field.role {
            FieldRole::Required => Err(Misread(Some("no_value"), "is missing".to_owned())),
            _ => Ok(None),
        };
    }
    Ok(match read(field, value, &mut Vec::new())? {
        FieldValue::Word(word) => Some(FieldValue::Word(word)),
        _ => None,
    })
}

/// A value of JSON as a row has it.
fn raw(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => Value::Number(number.to_string()),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(_) | Json::Object(_) => Value::Json(json.to_string()),
    }
}
