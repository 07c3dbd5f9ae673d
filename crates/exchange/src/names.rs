//! Reads names by language, and dates, in files of reference data.

use demining::Names;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::error::DataError;

/// Returns the names in the order of the file; at least one is required.
pub(crate) fn names(
    id: &str,
    by_language: Map<String, Value>,
    aliases: Vec<String>,
) -> Result<Names, DataError> {
    let by_language: Vec<(String, String)> = by_language
        .into_iter()
        .map(|(language, name)| match name {
            Value::String(name) if !name.trim().is_empty() => Ok((language, name)),
            other => Err(DataError::entry(id, format!("the name in {language} is {other}"))),
        })
        .collect::<Result<_, _>>()?;
    if by_language.is_empty() {
        return Err(DataError::entry(id, "has no name"));
    }
    Ok(Names { by_language, aliases })
}

/// Parses a date in the form `YYYY-MM-DD`, if there is one.
pub(crate) fn day(id: &str, field: &str, text: Option<&str>) -> Result<Option<Date>, DataError> {
    let day = text.map(str::parse).transpose();
    day.map_err(|_| {
        DataError::entry(id, format!("{field} {:?} is not a date in the form YYYY-MM-DD", text.unwrap_or("")))
    })
}
