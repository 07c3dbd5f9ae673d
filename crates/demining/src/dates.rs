//! Parses dates as people and programs write them.
//!
//! A date is never guessed: 03/04/2023 may be in March or in April, depending on who wrote it. Year-first
//! dates, dotted dates with a four-digit year, and dates with an English month name are unambiguous and need
//! no option. Every other order needs a [`DateOrder`].

use std::borrow::Cow;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::strtime,
};

use crate::{DateOrder, Value};

/// The beginning of every reason.
const NO_DAY: &str = "is not a date in the form YYYY-MM-DD";

/// The advice for an ambiguous date.
const STATE_IT: &str = "set the order of day, month and year with dates=dmy, dates=mdy or dates=ymd";

/// Reads the day in `value`. `order` is the order of numeric dates, if the sender specified one; year-first
/// dates with a four-digit year are read regardless of it.
///
/// A time of day after the date must be valid and is dropped: the result is the day as written, whatever the
/// offset. Of plain numbers only YYYYMMDD is accepted: a spreadsheet serial number depends on the calendar of
/// its workbook, and milliseconds since 1970 are an instant, whose day depends on the time zone.
///
/// # Errors
/// Returns the reason, as the end of a sentence that begins with the field's name.
pub fn read_day(value: &Value, order: Option<DateOrder>) -> Result<Date, String> {
    let text = match value {
        Value::Text(text) | Value::Number(text) => text.trim(),
        _ => return Err(NO_DAY.to_owned()),
    };
    if let Some(iso) = iso_day(text) {
        return Ok(iso);
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.parse::<f64>().is_ok() {
        return digits(text);
    }
    let (date, time) = without_time(text);
    if !is_time(time) {
        return Err(NO_DAY.to_owned());
    }
    if let Some(named) = named_month(date, order) {
        return named;
    }
    let Some((parts, sign)) = numbers(date) else { return Err(NO_DAY.to_owned()) };
    in_digits(parts, sign, order)
}

/// Parses `2023-03-14`, alone or with an ISO 8601 time: the form of nearly all dates.
fn iso_day(text: &str) -> Option<Date> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    if !matches!(day.as_bytes(), [_, _, _, _, b'-', _, _, b'-', _, _]) {
        return None;
    }
    let is_sound = match rest.as_bytes() {
        [] => true,
        [b'T' | b't' | b' ', b'0'..=b'2', ..] => {
            text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok()
        }
        _ => false,
    };
    is_sound.then(|| day.parse().ok())?
}

/// Parses a number without separators: `20230314` is a date, any other number is an error.
fn digits(text: &str) -> Result<Date, String> {
    if text.len() == 8
        && let (Ok(year), Ok(month), Ok(day)) = (text[..4].parse(), text[4..6].parse(), text[6..].parse())
        && let Ok(date) = Date::new(year, month, day)
    {
        return Ok(date);
    }
    Err(match text.split('.').next().map_or(0, str::len) {
        5 => format!("{NO_DAY}: if it is a spreadsheet serial number, format its column as dates"),
        10 | 13 => {
            format!("{NO_DAY}: if it counts seconds or milliseconds since 1970, write the date instead")
        }
        _ => NO_DAY.to_owned(),
    })
}

/// Splits a date from the time that follows it after a space or a T.
fn without_time(text: &str) -> (&str, &str) {
    // A month name may be surrounded by spaces and contain a T. A time begins with a digit and contains a
    // colon.
    let bytes = text.as_bytes();
    let Some(colon) = text.find(':') else { return (text, "") };
    let start = bytes[..colon].iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |at| at + 1);
    match start.checked_sub(1).map(|at| bytes[at]) {
        Some(b' ' | b'T' | b't') => (text[..start - 1].trim_end().trim_end_matches(','), &text[start..]),
        _ => (text, ""),
    }
}

/// Returns whether the text is empty or a time of day: `8:00`, `20:00:00.5`, `8:00:00 PM`, with an optional
/// offset.
fn is_time(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let upper = text.to_ascii_uppercase();
    if let Some(clock) = upper.strip_suffix("AM").or_else(|| upper.strip_suffix("PM")) {
        let clock = format!("{} {}", clock.trim_end(), &upper[upper.len() - 2..]);
        let is = |format| strtime::parse(format, &clock).is_ok_and(|time| time.to_time().is_ok());
        return is("%I:%M %p") || is("%I:%M:%S %p");
    }
    // People also write one-digit hours.
    let padded = if upper.as_bytes().get(1) == Some(&b':') {
        Cow::Owned(format!("0{upper}"))
    } else {
        Cow::Borrowed(&*upper)
    };
    let whole = format!("2000-01-01T{padded}");
    let is_clock = padded.parse::<Time>().is_ok() || whole.parse::<DateTime>().is_ok();
    is_clock || whole.parse::<Timestamp>().is_ok()
}

/// Splits a date into three numbers, as written, and the separator between them.
fn numbers(date: &str) -> Option<([&str; 3], char)> {
    let sign = date.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '.' | '/' | '-'))?;
    let mut parts = date.split(sign);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    let are_sound =
        three.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    (are_sound && parts.next().is_none()).then_some((three, sign))
}

/// Parses a numeric date in the specified order, or in the only order that its form allows.
fn in_digits(parts: [&str; 3], sign: char, order: Option<DateOrder>) -> Result<Date, String> {
    let [first, _, last] = parts;
    let order = match order {
        _ if first.len() == 4 => DateOrder::Ymd,
        Some(order) => order,
        None if sign == '.' && last.len() == 4 => DateOrder::Dmy,
        None => return Err(format!("{NO_DAY}, and is ambiguous: {STATE_IT}")),
    };
    let [a, b, c] = parts;
    let (year, month, day) = match order {
        DateOrder::Dmy => (c, b, a),
        DateOrder::Mdy => (c, a, b),
        DateOrder::Ymd => (a, b, c),
    };
    let wrong = || format!("{NO_DAY} or in the order {order}");
    date(full_year(year).ok_or_else(wrong)?, month, day).ok_or_else(wrong)
}

/// Parses a date with an English month name: `14-Mar-2023`, `14 March 2023`, `March 14, 2023`.
fn named_month(date: &str, order: Option<DateOrder>) -> Option<Result<Date, String>> {
    let words: Vec<&str> = date.split(['-', ' ', '.', ',', '/']).filter(|word| !word.is_empty()).collect();
    let [a, b, c] = words[..] else { return None };
    let (month, [one, other]) = match (month(a), month(b)) {
        (Some(month), None) => (month, [b, c]),
        (None, Some(month)) => (month, [a, c]),
        _ => return None,
    };
    let month = month.to_string();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    if !is_number(one) || !is_number(other) {
        return None;
    }
    let (year, day) = match (one.len(), other.len(), order) {
        (4, _, _) => (one, other),
        (_, 4, _) => (other, one),
        (.., Some(DateOrder::Ymd)) => (one, other),
        (.., Some(_)) => (other, one),
        (.., None) => return Some(Err(format!("{NO_DAY}, and has no four-digit year: {STATE_IT}"))),
    };
    let day = full_year(year).and_then(|year| self::date(year, &month, day));
    Some(day.ok_or_else(|| NO_DAY.to_owned()))
}

/// Returns the number of a month from its English name, in full or cut to three letters.
fn month(word: &str) -> Option<usize> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let is = |name: &&str| {
        *name == word || (name.get(..3) == Some(&*word)) || (*name == "september" && word == "sept")
    };
    MONTHS.iter().position(is).map(|nth| nth + 1)
}

/// Parses a year of four digits, or of two digits as POSIX reads them: 69 to 99 are in the last century.
/// Two-digit years are accepted only if the order is specified; a wrong century is then in the future, which
/// is rejected.
fn full_year(year: &str) -> Option<i16> {
    let number: i16 = year.parse().ok()?;
    match (year.len(), number) {
        (4, _) => Some(number),
        (2, 69..) => Some(1900 + number),
        (2, _) => Some(2000 + number),
        _ => None,
    }
}

fn date(year: i16, month: &str, day: &str) -> Option<Date> {
    if month.len() > 2 || day.len() > 2 {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> String {
        match read_day(&Value::Text(text.to_owned()), order) {
            Ok(day) => day.to_string(),
            Err(reason) => reason,
        }
    }

    #[test]
    fn what_has_one_reading_needs_no_statement() {
        for text in [
            "2023-03-14",
            "2023-03-14 23:30:00",
            "2023-03-14T23:30:00.000+04:00",
            "2023/03/14",
            "2023/03/14 23:30:00+00",
            "2023/03/14 23:30:00",
            "2023.03.14",
            "2023-3-14",
            "20230314",
            "14.03.2023",
            "14.3.2023 8:05",
            "14.03.2023 23:30:00",
            "14-Mar-2023",
            "14 March 2023",
            "Mar 14, 2023 8:00:00 PM",
            "2023-Mar-14",
        ] {
            assert_eq!(read(text, None), "2023-03-14", "{text}");
        }
        assert_eq!(read("4-Sept-2023", Some(DateOrder::Mdy)), "2023-09-04");
        assert_eq!(read_day(&Value::Number("20230314".to_owned()), None).unwrap().to_string(), "2023-03-14");
    }

    #[test]
    fn what_has_several_readings_points_to_the_statement() {
        for text in ["03/04/2023", "3/14/2023 8:00:00 PM", "14/03/23", "14-03-2023", "14.03.23", "14-Mar-23"]
        {
            let reason = read(text, None);
            assert!(reason.contains("dates=dmy, dates=mdy or dates=ymd"), "{text}: {reason}");
        }
    }

    #[test]
    fn a_stated_order_is_followed_and_never_departed_from() {
        use DateOrder::{Dmy, Mdy, Ymd};
        for (text, order, expected) in [
            ("03/04/2023", Dmy, "2023-04-03"),
            ("03/04/2023", Mdy, "2023-03-04"),
            ("3/14/2023 8:00:00 PM", Mdy, "2023-03-14"),
            ("14/03/23", Dmy, "2023-03-14"),
            ("14.03.94", Dmy, "1994-03-14"),
            ("23/03/14", Ymd, "2023-03-14"),
            ("14-Mar-23", Dmy, "2023-03-14"),
            ("23-Mar-14", Ymd, "2023-03-14"),
            ("03.14.2023", Mdy, "2023-03-14"),
            ("2023-03-14", Mdy, "2023-03-14"),
            ("2023/03/14", Dmy, "2023-03-14"),
            ("14.03.2023", Mdy, "is not a date in the form YYYY-MM-DD or in the order mdy"),
            ("3/14/2023", Dmy, "is not a date in the form YYYY-MM-DD or in the order dmy"),
            ("14.03.2023", Ymd, "is not a date in the form YYYY-MM-DD or in the order ymd"),
            ("31/02/2023", Dmy, "is not a date in the form YYYY-MM-DD or in the order dmy"),
            ("1/2/123", Dmy, "is not a date in the form YYYY-MM-DD or in the order dmy"),
        ] {
            assert_eq!(read(text, Some(order)), expected, "{text} {order}");
        }
    }

    #[test]
    fn numbers_and_what_is_no_day_are_told_apart() {
        assert!(read("45000", None).contains("format its column as dates"));
        assert!(read("45000.5", Some(DateOrder::Dmy)).contains("format its column as dates"));
        assert!(read("1678752000000", None).contains("since 1970"));
        assert!(read("1678752000", None).contains("since 1970"));
        for text in [
            "",
            "x",
            "2023",
            "20231399",
            "2023-02-30",
            "14.13.2023",
            "1.2.3.2023",
            "14.03.2023 25:00",
            "14.03.2023 x",
            "14-Foo-2023",
            "2023-073",
            "2023-W11-2",
            "14.03.2023T",
            "é",
            "Mar-Apr-2023",
            "99999999",
            "8:00",
        ] {
            assert!(read(text, None).starts_with("is not a date in the form YYYY-MM-DD"), "{text}");
        }
    }
}
