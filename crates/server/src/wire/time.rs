//! Days and instants in requests: RFC 3339, in UTC if an instant has no offset.
//!
//! Clients write an open end as a distant year: QGIS sends `9999-12-31T00:00:00Z` and `0000-01-01T00:00:00Z`.
//! Moments beyond the first or last representable one are clamped to it.

use atlas::Time;
use jiff::{
    Timestamp,
    civil::{self, Date},
    tz::{Offset, TimeZone},
};

use super::shown::shown;

/// Parses a day or an instant.
///
/// # Errors
/// When the text is neither.
pub fn time(text: &str) -> Result<Time, String> {
    let text = without_bare_t(text);
    if text.contains(BEFORE_CLOCK) { instant(text).map(Time::Instant) } else { day(text).map(Time::Day) }
}

/// Parses a day, `YYYY-MM-DD`.
///
/// # Errors
/// When the text is not a day.
pub fn day(text: &str) -> Result<Date, String> {
    let (year, date) = any_day(text).ok_or_else(|| format!("'{}' is not a day, YYYY-MM-DD", shown(text)))?;
    Ok(if is_counted(year) {
        date
    } else if year > 0 {
        Date::MAX
    } else {
        Date::MIN
    })
}

/// Parses an instant.
///
/// # Errors
/// When the text is not an instant.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    any_instant(text)
        .ok_or_else(|| format!("'{}' is neither a day, YYYY-MM-DD, nor an RFC 3339 instant", shown(text)))
}

/// Parses a day or an instant, and returns its day in UTC.
///
/// # Errors
/// As [`time`].
pub fn day_of(text: &str) -> Result<Date, String> {
    let text = without_bare_t(text);
    if text.contains(BEFORE_CLOCK) {
        instant(text).map(|at| at.to_zoned(TimeZone::UTC).date())
    } else {
        day(text)
    }
}

/// Removes the bare `T` after a day that GDAL 3.6 sends, as in `2023-03-14T`.
fn without_bare_t(text: &str) -> &str {
    text.strip_suffix('T').unwrap_or(text)
}

/// The separators of the day and the time of day.
const BEFORE_CLOCK: [char; 3] = ['T', 't', ' '];

fn is_counted(year: i64) -> bool {
    (-9999..=9999).contains(&year)
}

/// Parses a year of four digits or more and a day; a year out of range is mapped to the same position in the
/// cycle of leap years.
fn any_day(text: &str) -> Option<(i64, Date)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (year, rest) = unsigned.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    if year.len() < 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = year.parse::<i64>().unwrap_or(i64::MAX);
    let year = if text.starts_with('-') { -year } else { year };
    let in_cycle = if is_counted(year) { year } else { 2000 + year.rem_euclid(400) };
    Some((year, Date::new(in_cycle as i16, two_digits(month)?, two_digits(day)?).ok()?))
}

fn any_instant(text: &str) -> Option<Timestamp> {
    let (day, clock) = text.split_once(BEFORE_CLOCK)?;
    let (year, date) = any_day(day)?;
    let (clock, zone) = clock.split_at(clock.find(['Z', 'z', '+', '-', ' ']).unwrap_or(clock.len()));
    let at = date.to_datetime(time_of_day(clock)?);
    let offset = offset(zone)?;
    let furthest = if year > 0 { Timestamp::MAX } else { Timestamp::MIN };
    Some(offset.to_timestamp(at).ok().filter(|_| is_counted(year)).unwrap_or(furthest))
}

/// Parses `HH:MM:SS` with an optional fraction, truncated to nanoseconds; a leap second becomes the second
/// before it.
fn time_of_day(text: &str) -> Option<civil::Time> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':').map(two_digits);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanosecond = format!("{fraction:0<9}")[..9].parse().ok()?;
    let second = if second == 60 { 59 } else { second };
    civil::Time::new(hour, minute, second, nanosecond).ok()
}

/// Parses `Z` or `+HH:MM`; UTC if empty. QGIS 3.22 does not encode the plus sign, so it arrives as a space.
fn offset(text: &str) -> Option<Offset> {
    let sign = match text.chars().next() {
        None => return Some(Offset::UTC),
        Some('Z' | 'z') => return (text.len() == 1).then_some(Offset::UTC),
        Some('-') => -1,
        Some(_) => 1,
    };
    let (hours, minutes) = text[1..].split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let is_offset = hours < 24 && minutes < 60;
    let seconds = sign * (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    Offset::from_seconds(seconds).ok().filter(|_| is_offset)
}

fn two_digits(text: &str) -> Option<i8> {
    let are_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| are_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_or_an_instant_is_read_in_every_form_that_clients_send() {
        let read = |text: &str| match time(text) {
            Ok(Time::Day(day)) => day.to_string(),
            Ok(Time::Instant(at)) => at.to_string(),
            other => panic!("{text}: {other:?}"),
        };
        for (text, expected) in [
            ("2023-03-14", "2023-03-14"),
            ("2024-02-29", "2024-02-29"),
            ("2023-03-14T", "2023-03-14"),
            ("2023-03-14T22:00:00Z", "2023-03-14T22:00:00Z"),
            ("2023-03-14t22:00:00.000z", "2023-03-14T22:00:00Z"),
            ("2023-03-14T22:00:00.1234567891Z", "2023-03-14T22:00:00.123456789Z"),
            ("2023-03-15T01:30:00+04:00", "2023-03-14T21:30:00Z"),
            ("2023-03-15T01:30:00 04:00", "2023-03-14T21:30:00Z"),
            ("2023-03-14T20:00:00-03:30", "2023-03-14T23:30:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            // As QGIS sends a time entered without a zone.
            ("2023-03-14T22:00:00", "2023-03-14T22:00:00Z"),
            ("2023-03-14 22:00:00", "2023-03-14T22:00:00Z"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_moment_that_cannot_be_counted_stands_for_the_first_or_the_last() {
        for text in [
            "9999-12-31T00:00:00Z",
            "9999-12-31T23:59:59.999Z",
            "10000-01-01T00:00:00Z",
            "+123456-02-29T00:00:00Z",
        ] {
            assert_eq!(instant(text), Ok(Timestamp::MAX), "{text}");
        }
        assert_eq!(instant("-9999-01-01T00:00:00+20:00"), Ok(Timestamp::MIN));
        assert_eq!(instant("-99999999999999999999-01-01T00:00:00Z"), Ok(Timestamp::MIN));
        assert_eq!(instant("0000-01-01T00:00:00Z").unwrap().to_string(), "0000-01-01T00:00:00Z");
        assert_eq!((day("9999-12-31"), day("12000-02-29")), (Ok(Date::MAX), Ok(Date::MAX)));
        assert_eq!((day("-10000-01-01"), day("0000-02-29").map(Date::year)), (Ok(Date::MIN), Ok(0)));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "yesterday",
            "2023",
            "2023-3-14",
            "2023-13-01",
            "2023-02-29",
            "23-03-14",
            "T",
            "2023-03-14TT",
            "2023-03-14Z",
            "2023-03-14T22:00Z",
            "2023-03-14T24:00:00Z",
            "2023-03-14T22:61:00Z",
            "2023-03-14T22:00:61Z",
            "2023-03-14T22:00:00.Z",
            "2023-03-14T22:00:00ZZ",
            "2023-03-14T22:00:00+4",
            "2023-03-14T22:00:00 ",
            "2023-03-14T22:00:00+25:00",
            "2023-03-14T22:00:00Z[UTC]",
            "2023-03-14T2２:00:00Z",
            "10001-02-29T00:00:00Z",
            "--2023-03-14",
            "..",
        ] {
            assert!(time(text).is_err(), "{text:?}");
        }
    }
}
