//! Turns the properties of a row into field values.

use std::{borrow::Cow, str::FromStr};

use crate::{
    RECORD_LIMITS, Value,
    dates::read_day,
    field::{Field, FieldKind, FieldRole, FieldSpec, FieldValue, folded_name, is_equal},
    json_text::{push_json_text, read_texts},
    judge::Judge,
};

/// The properties of a row, removed one by one.
pub(crate) struct Properties<'a> {
    judge: &'a mut Judge,
    left: Vec<(Cow<'static, str>, Value)>,
    /// The fields common to all collections.
    common: &'static [FieldSpec],
}

/// Why a value does not fit its field: an optional code, and the end of a sentence.
struct Misread(Option<&'static str>, String);

impl<'a> Properties<'a> {
    pub(crate) fn new(
        judge: &'a mut Judge,
        properties: Vec<(Cow<'static, str>, Value)>,
        common: &'static [FieldSpec],
    ) -> Self {
        Self { judge, left: properties, common }
    }

    /// Sets every field that the sender may set, and calls `given` for those present. A missing or unreadable
    /// field adds a problem and keeps its current value.
    pub(crate) fn fill<T>(
        mut self,
        fields: &'static [Field<T>],
        content: &mut T,
        mut given: impl FnMut(&'static Field<T>),
    ) {
        for field in fields {
            match field.role {
                FieldRole::Required | FieldRole::Given => {
                    if self.read(field, content) {
                        given(field);
                    }
                }
                FieldRole::Rest => {
                    if let Some(json) = self.rest(fields) {
                        (field.set)(content, FieldValue::Object(&json));
                    }
                }
                FieldRole::Id | FieldRole::Place | FieldRole::Derived | FieldRole::Sent => {}
            }
        }
    }

    fn take(&mut self, name: &str) -> Value {
        let found = self.left.iter().position(|(n, _)| is_equal(n.as_bytes(), name.as_bytes()));
        found.map_or(Value::Null, |at| self.left.swap_remove(at).1)
    }

    /// Sets a field; returns false if it is absent or unreadable.
    fn read<T>(&mut self, field: &Field<T>, content: &mut T) -> bool {
        let value = self.take(field.name);
        if value.is_empty() {
            if field.role == FieldRole::Required {
                self.judge.called("no_value", field.name, "", "is missing");
            }
            return false;
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
    fn tell_apart<T>(&mut self, fields: &'static [Field<T>]) {
        let has_name = |field: &&Field<T>| field.kind != FieldKind::Position && field.role != FieldRole::Rest;
        let names = fields.iter().filter(has_name).map(|field| field.name);
        for (nth, (name, value)) in self.left.iter().enumerate() {
            let folded = folded_name(name);
            // GDAL prefixes the fields of our GPX.
            let own = folded.strip_prefix("ogr_").unwrap_or(&folded);
            let twin = names.clone().find(|field| *field == own).or_else(|| {
                let mut earlier = self.left[..nth].iter().map(|(earlier, _)| earlier.as_ref());
                earlier.find(|earlier| is_same_name(earlier, name))
            });
            if let Some(twin) = twin {
                let what = if is_same_name(twin, name) { "case" } else { "case or punctuation" };
                let reason = format!("differs from {twin} only in {what}: it is unclear which one to use");
                self.judge.called("same_name", name, value.as_text(), reason);
            } else if let Value::Unreadable { value, reason } = value {
                self.judge.problem(name, value, reason.clone());
            }
        }
    }

    /// Returns the properties that no field took, as the text of a JSON object.
    fn rest<T>(&mut self, fields: &'static [Field<T>]) -> Option<String> {
        let is_derived = |name: &str| {
            self.common.iter().any(|field| field.role == FieldRole::Derived && field.name == name)
        };
        self.left.retain(|(name, value)| !is_derived(name) && *value != Value::Null);
        if self.left.is_empty() {
            return None;
        }
        self.tell_apart(fields);
        // Sort the keys, so that the same content gives the same text.
        self.left.sort_by(|a, b| a.0.cmp(&b.0));
        let mut json = String::from("{");
        for (name, value) in &self.left {
            if json.len() > 1 {
                json.push(',');
            }
            push_json_text(&mut json, name);
            json.push(':');
            match value {
                Value::Text(text) => push_json_text(&mut json, text),
                other => json.push_str(other.as_text()),
            }
        }
        json.push('}');
        if json.len() > RECORD_LIMITS.extra_bytes {
            let reason = format!("unknown properties take more than {} bytes", RECORD_LIMITS.extra_bytes);
            self.judge.problem("extra", &json, reason);
            return None;
        }
        Some(json)
    }
}

/// Reads the value of a field from a row. The names of a list are stored in `texts`.
fn read<'v>(
    spec: &FieldSpec,
    value: &'v Value,
    texts: &'v mut Vec<String>,
) -> Result<FieldValue<'v>, Misread> {
    let wrong = |reason: &str| Misread(None, reason.to_owned());
    if let Value::Unreadable { reason, .. } = value {
        return Err(wrong(reason));
    }
    match spec.kind {
        FieldKind::Text { max_chars } => read_text(value, max_chars).map(FieldValue::Text),
        FieldKind::Word(words) => match value {
            Value::Text(text) => match (words.read)(text) {
                Ok(index) => {
                    words.at(index).map(FieldValue::Word).ok_or_else(|| wrong("is not a known word"))
                }
                Err(reason) => Err(Misread(None, reason)),
            },
            _ => Err(wrong("is not text")),
        },
        FieldKind::Whole => {
            read_number::<u32>(value, "a whole number, 0 or more").map(|n| FieldValue::Whole(n.into()))
        }
        FieldKind::Year => match u64::try_from(read_number::<i16>(value, "a year")?) {
            Ok(year) => Ok(FieldValue::Whole(year)),
            Err(_) => Err(wrong("is not a year")),
        },
        FieldKind::Measure { .. } => match read_number::<f64>(value, "a finite number")? {
            number if number.is_finite() => Ok(FieldValue::Real(number)),
            _ => Err(wrong("is not a finite number")),
        },
        // The reader of the row has already applied any order of day and month.
        FieldKind::Day => read_day(value, None).map(FieldValue::Day).map_err(|reason| Misread(None, reason)),
        FieldKind::Texts => {
            *texts = read_names(value)?;
            Ok(if texts.is_empty() { FieldValue::Null } else { FieldValue::Texts(texts) })
        }
        FieldKind::Id | FieldKind::Position | FieldKind::Instant | FieldKind::Object => {
            Err(wrong("cannot be read from a property"))
        }
    }
}

fn read_text(value: &Value, max_chars: usize) -> Result<&str, Misread> {
    let text = value.as_text().trim();
    if matches!(value, Value::Json(_)) {
        return Err(Misread(None, "is not text".to_owned()));
    }
    if text.chars().count() > max_chars {
        return Err(Misread(Some("too_long"), format!("is longer than {max_chars} characters")));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return Err(Misread(None, "contains a control character".to_owned()));
    }
    Ok(text)
}

fn read_number<N: FromStr>(value: &Value, what: &str) -> Result<N, Misread> {
    let text = match value {
        Value::Number(text) | Value::Text(text) => text.trim(),
        _ => return Err(Misread(None, "is not a number".to_owned())),
    };
    // Spreadsheets and browsers write 3.0 for 3.
    let whole = text.strip_suffix(".0").unwrap_or(text);
    whole.parse().map_err(|_| Misread(None, format!("is not {what}")))
}

/// Reads names: a JSON array of texts, a list separated by semicolons, or GDAL's list, see [`counted`].
fn read_names(value: &Value) -> Result<Vec<String>, Misread> {
    let names = match value {
        Value::Json(json) => read_texts(json),
        Value::Text(text) => {
            Some(counted(text).unwrap_or_else(|| text.split(';').map(str::to_owned).collect()))
        }
        _ => None,
    };
    let names = names.ok_or_else(|| Misread(None, "is not a list of names".to_owned()))?;
    let names: Vec<String> =
        names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    let (most, chars) = (RECORD_LIMITS.photos, RECORD_LIMITS.name_chars);
    if names.len() > most || names.iter().any(|name| name.chars().count() > chars) {
        let reason = format!("contains more than {most} names, or a name longer than {chars} characters");
        return Err(Misread(Some("too_many"), reason));
    }
    if names.iter().any(|name| name.chars().any(char::is_control)) {
        return Err(Misread(None, "contains a control character".to_owned()));
    }
    Ok(names)
}

/// Reads a list as GDAL writes it to formats without lists, `(2:a.jpg,b.jpg)`; `None` if the count is wrong.
fn counted(text: &str) -> Option<Vec<String>> {
    let (count, names) = text.trim().strip_prefix('(')?.strip_suffix(')')?.split_once(':')?;
    let names: Vec<String> = names.split(',').map(str::to_owned).collect();
    (count.parse() == Ok(names.len())).then_some(names)
}

/// Returns whether two names are equal, ignoring case.
fn is_same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || !(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase()
}
