//! The values of columns, in any database, and the notation of days, instants, ids and lists.
//!
//! The hash chain covers values in these notations, so they never change.
//!
//! No written text may contain U+0000: `SQLite` truncates such a text in some places, and `PostgreSQL`
//! refuses it. Stores of version 8 and before may contain one. It remains stored, because the chain covers
//! it; readers see U+FFFD in its place, so it is never written again.

use std::borrow::Cow;

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use uuid::Uuid;

/// The value of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Whole(i64),
    Real(f64),
    /// UTF-8, unless the database is damaged.
    Text(&'a [u8]),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    /// # Errors
    /// Here and below: the problem with the column, which is called `name`.
    pub(crate) fn text(self, name: &str) -> Result<Option<&'a str>, String> {
        match self {
            Self::Null => Ok(None),
            Self::Text(bytes) => {
                std::str::from_utf8(bytes).map(Some).map_err(|_| format!("{name} is not UTF-8"))
            }
            other => Err(format!("{name} is {}, not text", other.kind())),
        }
    }

    pub(crate) fn needed(self, name: &str) -> Result<&'a str, String> {
        self.text(name)?.ok_or_else(|| format!("{name} is empty"))
    }

    /// Returns a text that its reader compares or parses byte by byte.
    pub(crate) fn needed_bytes(self, name: &str) -> Result<&'a [u8], String> {
        match self {
            Self::Text(bytes) => Ok(bytes),
            other => other.needed(name).map(str::as_bytes),
        }
    }

    pub(crate) fn blob(self, name: &str) -> Result<&'a [u8], String> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            other => Err(format!("{name} is {}, not a blob", other.kind())),
        }
    }

    pub(crate) fn whole<T: TryFrom<i64>>(self, name: &str) -> Result<Option<T>, String> {
        match self {
            Self::Null => Ok(None),
            Self::Whole(number) => {
                T::try_from(number).map(Some).map_err(|_| format!("{name} {number} is out of range"))
            }
            other => Err(format!("{name} is {}, not a whole number", other.kind())),
        }
    }

    pub(crate) fn real(self, name: &str) -> Result<Option<f64>, String> {
        match self {
            Self::Null => Ok(None),
            Self::Real(number) => Ok(Some(number)),
            Self::Whole(number) => Ok(Some(number as f64)),
            other => Err(format!("{name} is {}, not a number", other.kind())),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Whole(_) => "Integer",
            Self::Real(_) => "Real",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Blob",
        }
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.as_bytes())
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text.as_bytes())
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The value of a column, with the name of the column for errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column<'a> {
    pub value: Value<'a>,
    pub name: &'a str,
}

impl<'a> Column<'a> {
    /// Returns a required text.
    ///
    /// # Errors
    /// Here and below: the problem with the column.
    pub(crate) fn needed(self) -> Result<&'a str, String> {
        self.value.needed(self.name)
    }

    pub(crate) fn needed_bytes(self) -> Result<&'a [u8], String> {
        self.value.needed_bytes(self.name)
    }

    pub(crate) fn needed_whole<T: TryFrom<i64>>(self) -> Result<T, String> {
        self.value.whole(self.name)?.ok_or_else(|| format!("{} is empty", self.name))
    }

    pub(crate) fn real(self) -> Result<Option<f64>, String> {
        self.value.real(self.name)
    }

    pub(crate) fn blob(self) -> Result<&'a [u8], String> {
        self.value.blob(self.name)
    }

    pub(crate) fn needed_day(self) -> Result<Date, String> {
        day(self.needed_bytes()?, self.name)
    }

    pub(crate) fn needed_time(self) -> Result<Time, String> {
        let text = self.needed()?;
        Time::strptime("%H:%M", text).map_err(|_| format!("{} {text:?} is not a time", self.name))
    }

    pub(crate) fn needed_instant(self) -> Result<Timestamp, String> {
        instant(self.needed()?, self.name)
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(self) -> Result<Option<T>, String> {
        self.value.text(self.name)?.map(|text| read_json(text, self.name)).transpose()
    }
}

/// Returns `true` if a text can be stored.
pub(crate) fn is_storable(text: &str) -> bool {
    !text.as_bytes().contains(&0)
}

/// Returns a stored text as readers see it: earlier versions may have stored U+0000.
pub(crate) fn readable(text: &str) -> Cow<'_, str> {
    if is_storable(text) { Cow::Borrowed(text) } else { Cow::Owned(text.replace('\0', "\u{fffd}")) }
}

/// Looks up a word of a vocabulary.
pub(crate) fn one_of<T: Copy>(
    text: &[u8],
    name: &str,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Result<T, String> {
    let found = all.iter().find(|value| word(**value).as_bytes() == text);
    found.copied().ok_or_else(|| format!("{name} {:?} is unknown", String::from_utf8_lossy(text)))
}

/// Writes an id in the usual form: lower case with hyphens.
pub(crate) fn id_text(id: Uuid, buffer: &mut [u8; uuid::fmt::Hyphenated::LENGTH]) -> &str {
    id.hyphenated().encode_lower(buffer)
}

/// Writes a day as `YYYY-MM-DD`.
pub(crate) fn day_text(day: Date) -> [u8; 10] {
    let digits = |number: i16, place: i16| b'0' + (number / place % 10) as u8;
    let (year, month, day) = (day.year().max(0), i16::from(day.month()), i16::from(day.day()));
    [
        digits(year, 1000),
        digits(year, 100),
        digits(year, 10),
        digits(year, 1),
        b'-',
        digits(month, 10),
        digits(month, 1),
        b'-',
        digits(day, 10),
        digits(day, 1),
    ]
}

/// Reads a day, `YYYY-MM-DD`.
pub(crate) fn day(text: &[u8], name: &str) -> Result<Date, String> {
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
        })
    };
    let parsed = match text {
        &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] => {
            match (number(&[y0, y1, y2, y3]), number(&[m0, m1]), number(&[d0, d1])) {
                (Some(year), Some(month), Some(day)) => Date::new(year, month as i8, day as i8).ok(),
                _ => None,
            }
        }
        _ => None,
    };
    parsed.ok_or_else(|| format!("{name} {:?} is not a day", String::from_utf8_lossy(text)))
}

/// Writes an instant as in a `GeoPackage`: UTC, milliseconds.
pub(crate) fn instant_text(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Reads an instant.
pub(crate) fn instant(text: &str, name: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("{name} {text:?} is not an instant"))
}

/// Writes a list of texts as JSON.
pub(crate) fn json_list(list: &[String]) -> String {
    serde_json::Value::from(list).to_string()
}

/// Reads JSON.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(text: &str, name: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("{name} is not the expected JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_written_and_read_as_the_calendar_has_them() {
        for d in [date(1900, 1, 1), date(2023, 9, 18), date(2024, 2, 29), date(9999, 12, 31)] {
            assert_eq!(std::str::from_utf8(&day_text(d)), Ok(&*d.to_string()));
            assert_eq!(day(d.to_string().as_bytes(), "x"), Ok(d));
        }
        for wrong in ["2023-02-30", "2023-2-3", "14.03.2023", "2023-13-01", "+023-01-01", ""] {
            assert!(day(wrong.as_bytes(), "x").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_text_with_a_null_character_cannot_be_stored_and_is_read_without_it() {
        assert_eq!(readable("cut\0here"), "cut\u{fffd}here");
        assert!(matches!(readable("whole"), Cow::Borrowed("whole")));
        assert!(!is_storable("\0") && is_storable("Çöldə"));
    }

    #[test]
    fn instants_keep_their_milliseconds() {
        let at = Timestamp::from_millisecond(1_700_000_000_120).unwrap();
        assert_eq!(instant_text(at), "2023-11-14T22:13:20.120Z");
        assert_eq!(instant(&instant_text(at), "x"), Ok(at));
    }
}
