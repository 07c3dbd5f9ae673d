//! Reads the value of a field from what a row has.

use std::str::FromStr;

use jiff::civil::Time;

use crate::{
    RECORD_LIMITS, Value,
    dates::read_day,
    field::{FieldKind, FieldSpec, FieldValue},
    json_text::read_texts,
};

/// Why a value does not fit its field: an optional code, and the end of a sentence.
pub(super) struct Misread(pub Option<&'static str>, pub String);

/// Reads the value of a field from a row. The names of a list are stored in `texts`.
pub(super) fn read<'v>(
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
            Value::Text(_) | Value::Bool(_) => match (words.read)(value.as_text()) {
                Ok(index) => {
                    words.at(index).map(FieldValue::Word).ok_or_else(|| wrong("is not a known word"))
                }
                Err(reason) => Err(Misread(None, reason)),
            },
            _ => Err(wrong("is not text")),
        },
        FieldKind::Whole { .. } => {
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
        FieldKind::Time => match read_time(value.as_text()) {
            Some(time) => Ok(FieldValue::Time(time)),
            None => Err(wrong("is not a time of day in the form HH:MM")),
        },
        FieldKind::Id | FieldKind::Position | FieldKind::Instant | FieldKind::Object | FieldKind::Rows(_) => {
            Err(wrong("cannot be read from a property"))
        }
    }
}

fn read_text(value: &Value, max_chars: usize) -> Result<&str, Misread> {
    let text = value.as_text().trim();
    if matches!(value, Value::Json(_)) {
        return Err(Misread(None, "is not text".to_owned()));
    }
    // A text has at most as many characters as bytes.
    if text.len() > max_chars && text.chars().count() > max_chars {
        return Err(Misread(Some("too_long"), format!("is longer than {max_chars} characters")));
    }
    if may_have_control(text) && text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        return Err(Misread(None, "contains a control character".to_owned()));
    }
    Ok(text)
}

/// Returns false only for a text without control characters: these are bytes below a space, 0x7f, and in
/// UTF-8 two bytes of which the first is 0xc2. It has no early end, so that it tests many bytes at once.
#[expect(clippy::needless_bitwise_bool, reason = "lazy operators would be branches")]
fn may_have_control(text: &str) -> bool {
    text.bytes().fold(false, |found, byte| found | (byte < b' ') | (byte == 0x7f) | (byte == 0xc2))
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

/// Reads a time of the day: `HH:MM`, perhaps with seconds, which are dropped.
fn read_time(text: &str) -> Option<Time> {
    let (hour, rest) = text.trim().split_once(':')?;
    let (minute, second) = rest.split_once(':').unwrap_or((rest, "00"));
    let part = |text: &str| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i8>().ok()).flatten()
    };
    let time = Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    Time::new(time.hour(), time.minute(), 0, 0).ok()
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
