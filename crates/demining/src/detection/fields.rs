//! The properties of a row, read one by one.

use std::{borrow::Cow, fmt::Display, str::FromStr};

use jiff::civil::Date;

use super::{LIMITS, judge::Judge};
use crate::{
    RawDetection, Value,
    dates::read_day,
    folded_name,
    json_text::{push_json_text, read_texts},
    raw::DERIVED,
};

/// The properties of a row, taken out one by one.
pub(super) struct Fields<'a> {
    pub(super) judge: &'a mut Judge,
    pub(super) properties: Vec<(Cow<'static, str>, Value)>,
}

impl Fields<'_> {
    fn take(&mut self, name: &str) -> Value {
        let found = self.properties.iter().position(|(n, _)| n == name);
        found.map_or(Value::Null, |at| self.properties.swap_remove(at).1)
    }

    pub(super) fn required<T>(&mut self, name: &str, parse: fn(&Value) -> Result<T, String>) -> Option<T> {
        let value = self.take(name);
        if value.is_empty() {
            self.judge.called("no_value", name, "", "is missing");
            return None;
        }
        self.parse(name, &value, parse)
    }

    pub(super) fn optional<T>(&mut self, name: &str, parse: fn(&Value) -> Result<T, String>) -> Option<T> {
        let value = self.take(name);
        if value.is_empty() { None } else { self.parse(name, &value, parse) }
    }

    fn parse<T>(&mut self, name: &str, value: &Value, parse: fn(&Value) -> Result<T, String>) -> Option<T> {
        let parsed = match value {
            Value::Unreadable { reason, .. } => Err(reason.clone()),
            value => parse(value),
        };
        parsed.map_err(|reason| self.judge.problem(name, value.as_text(), reason)).ok()
    }

    pub(super) fn text(&mut self, name: &str, max_chars: usize) -> Option<String> {
        let value = self.take(name);
        if value.is_empty() {
            return None;
        }
        let text = value.as_text().trim();
        if !matches!(value, Value::Json(_) | Value::Unreadable { .. }) && text.chars().count() > max_chars {
            let reason = format!("is longer than {max_chars} characters");
            self.judge.called("too_long", name, text, reason);
            return None;
        }
        let reason = if let Value::Unreadable { reason, .. } = &value {
            reason.clone()
        } else if matches!(value, Value::Json(_)) {
            "is not text".to_owned()
        } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
            "holds a control character".to_owned()
        } else {
            return Some(text.to_owned());
        };
        self.judge.problem(name, text, reason);
        None
    }

    /// Photo names: a JSON array of texts, a list separated by semicolons, or GDAL's list, see [`counted`].
    pub(super) fn photos(&mut self) -> Vec<String> {
        let value = self.take("photos");
        let names = match &value {
            Value::Json(json) => read_texts(json),
            Value::Null => Some(Vec::new()),
            Value::Text(text) => {
                Some(counted(text).unwrap_or_else(|| text.split(';').map(str::to_owned).collect()))
            }
            Value::Unreadable { reason, .. } => {
                self.judge.problem("photos", value.as_text(), reason.clone());
                return Vec::new();
            }
            Value::Bool(_) | Value::Number(_) => None,
        };
        let Some(names) = names else {
            self.judge.problem("photos", value.as_text(), "is not a list of names");
            return Vec::new();
        };
        let names: Vec<String> =
            names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        if names.iter().any(|name| name.chars().any(char::is_control)) {
            self.judge.problem("photos", value.as_text(), "holds a control character");
        }
        if names.len() > LIMITS.photos || names.iter().any(|n| n.chars().count() > LIMITS.name_chars) {
            let reason = format!(
                "holds more than {} names or one over {} characters",
                LIMITS.photos, LIMITS.name_chars
            );
            self.judge.called("too_many", "photos", value.as_text(), reason);
        }
        names
    }

    /// Refuses properties that cannot be kept: those whose names read as a field's, or differ from each other's only
    /// in case, because tables and GIS formats take them for one; and those that could not be read.
    fn tell_apart(&mut self) {
        for (nth, (name, value)) in self.properties.iter().enumerate() {
            let folded = folded_name(name);
            // GDAL puts its own prefix before the fields of our GPX.
            let own = folded.strip_prefix("ogr_").unwrap_or(&folded);
            let twin = RawDetection::said().find(|field| *field == own).or_else(|| {
                let mut earlier = self.properties[..nth].iter().map(|(earlier, _)| earlier.as_ref());
                earlier.find(|earlier| is_same_name(earlier, name))
            });
            if let Some(twin) = twin {
                let what = if is_same_name(twin, name) { "case" } else { "case or punctuation" };
                let reason =
                    format!("differs from {twin} only in {what}: which of the two counts is not clear");
                self.judge.called("same_name", name, value.as_text(), reason);
            } else if let Value::Unreadable { value, reason } = value {
                self.judge.problem(name, value, reason.clone());
            }
        }
    }

    /// What is left over, as the text of a JSON object.
    pub(super) fn extra(&mut self) -> Option<String> {
        self.properties.retain(|(name, value)| !DERIVED.contains(&name.as_ref()) && *value != Value::Null);
        if self.properties.is_empty() {
            return None;
        }
        self.tell_apart();
        // Keys in order, so that the same content is the same text.
        self.properties.sort_by(|a, b| a.0.cmp(&b.0));
        let mut json = String::from("{");
        for (name, value) in &self.properties {
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
        if json.len() > LIMITS.extra_bytes {
            let reason = format!("properties outside the model take more than {} bytes", LIMITS.extra_bytes);
            self.judge.problem("extra", &json, reason);
            return None;
        }
        Some(json)
    }
}

/// A list as GDAL writes it to a format without lists, `(2:a.jpg,b.jpg)`; none when the number is another.
fn counted(text: &str) -> Option<Vec<String>> {
    let (count, names) = text.trim().strip_prefix('(')?.strip_suffix(')')?.split_once(':')?;
    let names: Vec<String> = names.split(',').map(str::to_owned).collect();
    (count.parse() == Ok(names.len())).then_some(names)
}

/// Whether two names differ in case at most.
fn is_same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || !(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase()
}

pub(super) fn parse_word<T: FromStr<Err: Display>>(value: &Value) -> Result<T, String> {
    match value {
        Value::Text(text) => text.parse().map_err(|e: T::Err| e.to_string()),
        _ => Err("is not text".to_owned()),
    }
}

pub(super) fn parse_number<T: FromStr + Finite>(value: &Value) -> Result<T, String> {
    let text = match value {
        Value::Number(text) | Value::Text(text) => text.trim(),
        _ => return Err("is not a number".to_owned()),
    };
    // A spreadsheet or a browser writes 3.0 where it means 3.
    let whole = text.strip_suffix(".0").unwrap_or(text);
    match whole.parse::<T>() {
        Ok(number) if number.finite() => Ok(number),
        _ => Err(format!("is not {}", T::WHAT)),
    }
}

/// Numbers that a field may hold.
pub(super) trait Finite {
    const WHAT: &'static str;
    fn finite(&self) -> bool {
        true
    }
}

impl Finite for f64 {
    const WHAT: &'static str = "a finite number";
    fn finite(&self) -> bool {
        self.is_finite()
    }
}

impl Finite for u32 {
    const WHAT: &'static str = "a whole number of 0 or more";
}

impl Finite for i16 {
    const WHAT: &'static str = "a year";
}

/// A day by itself: any statement of the order was applied where the row was read.
pub(super) fn parse_date(value: &Value) -> Result<Date, String> {
    read_day(value, None)
}
