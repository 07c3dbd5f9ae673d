//! The properties of a row, read one by one.

use std::{borrow::Cow, fmt::Display, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};

use super::{LIMITS, judge::Judge};
use crate::{
    Value,
    json_text::{push_json_text, read_texts},
};

/// Names that a detection's row may carry and that the server derives: what a client sends of
/// them is not believed.
const DERIVED: [&str; 6] = ["region", "revision", "review", "updated_at", "updated_by", "number"];

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
        parse(value).map_err(|reason| self.judge.problem(name, value.as_text(), reason)).ok()
    }

    pub(super) fn text(&mut self, name: &str, max_chars: usize) -> Option<String> {
        let value = self.take(name);
        if value.is_empty() {
            return None;
        }
        let text = value.as_text().trim();
        if !matches!(value, Value::Json(_)) && text.chars().count() > max_chars {
            let reason = format!("is longer than {max_chars} characters");
            self.judge.called("too_long", name, text, reason);
            return None;
        }
        let reason = if matches!(value, Value::Json(_)) {
            "is not text".to_owned()
        } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
            "holds a control character".to_owned()
        } else {
            return Some(text.to_owned());
        };
        self.judge.problem(name, text, reason);
        None
    }

    /// Photo names: a JSON array of texts, or a list separated by semicolons.
    pub(super) fn photos(&mut self) -> Vec<String> {
        let value = self.take("photos");
        let names = match &value {
            Value::Json(json) => read_texts(json),
            Value::Null => Some(Vec::new()),
            Value::Text(text) => Some(text.split(';').map(str::to_owned).collect()),
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

    /// What is left over, as the text of a JSON object.
    pub(super) fn extra(&mut self) -> Option<String> {
        self.properties.retain(|(name, value)| !DERIVED.contains(&name.as_ref()) && *value != Value::Null);
        // Keys in order, so that the same content is the same text.
        self.properties.sort_by(|a, b| a.0.cmp(&b.0));
        if self.properties.is_empty() {
            return None;
        }
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

pub(super) fn parse_date(value: &Value) -> Result<Date, String> {
    const REASON: &str = "is not a day as YYYY-MM-DD";
    let Value::Text(text) = value else { return Err(REASON.to_owned()) };
    // GDAL's tables have slashes, year first all the same.
    let given = text.trim();
    let text = &if matches!(given.as_bytes(), [_, _, _, _, b'/', _, _, b'/', ..]) {
        Cow::Owned(given.replacen('/', "-", 2))
    } else {
        Cow::Borrowed(given)
    };
    let (Some(day), Some(rest)) = (text.get(..10), text.get(10..)) else { return Err(REASON.to_owned()) };
    let has_dashes = matches!(day.as_bytes(), [_, _, _, _, b'-', _, _, b'-', _, _]);
    // A timestamp names its day; its time has to be one, with an offset or without, and is not kept.
    let has_no_time_or_a_real_one = match rest.as_bytes() {
        [] => true,
        [b'T' | b't' | b' ', b'0'..=b'2', ..] => {
            text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok()
        }
        _ => false,
    };
    if !has_dashes || !has_no_time_or_a_real_one {
        return Err(REASON.to_owned());
    }
    day.parse().map_err(|_| REASON.to_owned())
}
