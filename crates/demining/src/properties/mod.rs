//! Turns the properties of a row into field values.

mod rows;
mod value;

use std::{borrow::Cow, mem};

use self::{
    rows::read_rows,
    value::{Misread, read},
};
use crate::{
    COMMON_FIELDS, Content, RECORD_LIMITS, Value,
    field::{Field, FieldKind, FieldRole, FieldValue, folded_name, is_equal},
    json_text::{into_text, push_json_text},
    judge::Judge,
};

/// The properties of a row, removed one by one.
pub(crate) struct Properties<'a> {
    judge: &'a mut Judge,
    /// A value that was removed leaves null.
    left: Vec<(Cow<'static, str>, Value)>,
    /// Where the next value probably is: most files have their columns in the order of the table.
    next: usize,
    /// The [`mark`]s of all names: most fields are missing, and need no search.
    marks: u64,
}

impl<'a> Properties<'a> {
    pub(crate) fn new(judge: &'a mut Judge, properties: Vec<(Cow<'static, str>, Value)>) -> Self {
        let marks = properties.iter().fold(0, |marks, (name, _)| marks | mark(name));
        Self { judge, left: properties, next: 0, marks }
    }

    /// Sets every field that the sender may set, and calls `given` for those present. A missing or unreadable
    /// field adds a problem and keeps its current value.
    pub(crate) fn fill<T: Content>(mut self, content: &mut T, mut given: impl FnMut(&'static Field<T>)) {
        for field in T::FIELDS {
            match field.role {
                FieldRole::Required | FieldRole::Given => {
                    if self.read(field, content) {
                        given(field);
                    }
                }
                FieldRole::Rest => {
                    if let Some(json) = self.rest::<T>() {
                        (field.set)(content, FieldValue::Object(&json));
                    }
                }
                FieldRole::Id | FieldRole::Place | FieldRole::Derived | FieldRole::Sent => {}
            }
        }
    }

    fn take(&mut self, name: &str) -> Value {
        if self.marks & mark(name) == 0 {
            return Value::Null;
        }
        let (before, after) = self.left.split_at(self.next);
        let find = |part: &[(Cow<'static, str>, Value)]| {
            part.iter().position(|(n, _)| is_equal(n.as_bytes(), name.as_bytes()))
        };
        let found = find(after).map(|at| before.len() + at).or_else(|| find(before));
        found.map_or(Value::Null, |at| {
            self.next = at + 1;
            mem::replace(&mut self.left[at].1, Value::Null)
        })
    }

    /// Sets a field; returns false if it is absent or unreadable.
    fn read<T: Content>(&mut self, field: &Field<T>, content: &mut T) -> bool {
        let value = self.take(field.name);
        if value.is_empty() {
            if field.role == FieldRole::Required {
                self.judge.called("no_value", field.name, "", "is missing");
            }
            return false;
        }
        if let FieldKind::Rows(group) = field.kind {
            let json = read_rows(group, field.name, &value, T::refuses, self.judge);
            (field.set)(content, json.as_deref().map_or(FieldValue::Null, FieldValue::Rows));
            return json.is_some();
        }
        let mut texts = Vec::new();
        let Misread(code, reason) = match read(&field.spec, &value, &mut texts) {
            Ok(read) => {
                (field.set)(content, read);
                return true;
            }
            Err(misread) => misread,
        };
        let text = match field.kind {
            FieldKind::Text { .. } => value.as_text().trim(),
            _ => value.as_text(),
        };
        match code {
            Some(code) => self.judge.called(code, field.name, text, reason),
            None => self.judge.problem(field.name, text, reason),
        }
        false
    }

    /// Rejects properties that cannot be stored: those whose name reads as a field's name, those whose names
    /// differ only in case (tables and GIS formats treat them as one), and unreadable ones.
    fn tell_apart<T: Content>(&mut self) {
        let has_name = |field: &&Field<T>| field.kind != FieldKind::Position && field.role != FieldRole::Rest;
        let names = T::FIELDS.iter().filter(has_name).map(|field| field.name);
        for (nth, (name, value)) in self.left.iter().enumerate() {
            let folded = folded_name(name);
            // GDAL prefixes the fields of our GPX.
            let own = folded.strip_prefix("ogr_").unwrap_or(&folded);
            let twin = names.clone().find(|field| *field == own).or_else(|| {
                let mut earlier = self.left[..nth].iter().map(|(earlier, _)| earlier.as_ref());
                earlier.find(|earlier| is_same_name(earlier, name))
            });
            let personal = T::refuses(own).or_else(|| match value {
                Value::Json(json) => refused_inside::<T>(json),
                _ => None,
            });
            if let Some(reason) = personal {
                // The value stays out of the report: it is what must not be kept.
                self.judge.called("personal", name, "", reason);
            } else if let Some(twin) = twin {
                let what = if is_same_name(twin, name) { "case" } else { "case or punctuation" };
                let reason = format!("differs from {twin} only in {what}: it is unclear which one to use");
                self.judge.called("same_name", name, value.as_text(), reason);
            } else if let Value::Unreadable { value, reason } = value {
                self.judge.problem(name, value, reason.clone());
            }
        }
    }

    /// Returns the properties that no field took, as the text of a JSON object.
    fn rest<T: Content>(&mut self) -> Option<String> {
        let is_derived = |name: &str| {
            COMMON_FIELDS.iter().any(|field| field.role == FieldRole::Derived && field.name == name)
        };
        self.left.retain(|(name, value)| !is_derived(name) && *value != Value::Null);
        if self.left.is_empty() {
            return None;
        }
        self.tell_apart::<T>();
        // Sort the keys, so that the same content gives the same text.
        self.left.sort_by(|a, b| a.0.cmp(&b.0));
        let mut json = b"{".to_vec();
        for (name, value) in &self.left {
            if json.len() > 1 {
                json.push(b',');
            }
            push_json_text(&mut json, name);
            json.push(b':');
            match value {
                Value::Text(text) => push_json_text(&mut json, text),
                other => json.extend_from_slice(other.as_text().as_bytes()),
            }
        }
        json.push(b'}');
        let json = into_text(json);
        if json.len() > RECORD_LIMITS.extra_bytes {
            let reason = format!("unknown properties take more than {} bytes", RECORD_LIMITS.extra_bytes);
            self.judge.problem("extra", &json, reason);
            return None;
        }
        Some(json)
    }
}

/// Returns one of 64 bits, the same for equal names.
fn mark(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let [first, last] = [bytes.first(), bytes.last()].map(|byte| u64::from(byte.copied().unwrap_or(0)));
    1 << ((bytes.len() as u64 + 5 * first + 11 * last) % 64)
}

/// Returns whether two names are equal, ignoring case.
fn is_same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || !(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase()
}

/// Returns why an array or object must not be stored: a member at any depth has a name that `T` refuses.
fn refused_inside<T: Content>(json: &str) -> Option<&'static str> {
    fn walk<T: Content>(json: &serde_json::Value) -> Option<&'static str> {
        match json {
            serde_json::Value::Array(all) => all.iter().find_map(walk::<T>),
            serde_json::Value::Object(members) => members
                .iter()
                .find_map(|(name, json)| T::refuses(&folded_name(name)).or_else(|| walk::<T>(json))),
            _ => None,
        }
    }
    walk::<T>(&serde_json::from_str(json).ok()?)
}
