//! Writes numbers, days and text as bytes, without an intermediate `String`.

use std::io::Write;

use geometry::LonLat;
use jiff::{
    Timestamp,
    civil::{Date, Time},
};

use crate::json::plain_length;

/// Appends a whole number.
pub(super) fn push_whole(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

/// Appends a number in the shortest form that reads back as the same number, without exponent.
pub(super) fn push_real(out: &mut Vec<u8>, number: f64) {
    // Most measures are whole hundredths. With at most 15 digits, different decimals are different numbers,
    // so the decimal that gives this number is its shortest form. The cast saturates.
    let hundredths = (number * 100.0).round() as u64;
    if hundredths < 1_000_000_000_000_000 && (hundredths as f64 / 100.0).to_bits() == number.to_bits() {
        push_whole(out, hundredths / 100);
        let (tenths, last) = ((hundredths / 10 % 10) as u8, (hundredths % 10) as u8);
        match (tenths, last) {
            (0, 0) => {}
            (tenths, 0) => out.extend_from_slice(&[b'.', b'0' + tenths]),
            (tenths, last) => out.extend_from_slice(&[b'.', b'0' + tenths, b'0' + last]),
        }
        return;
    }
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{number}");
}

/// Appends longitude and latitude in degrees, with up to seven decimals, separated by `between`.
pub(super) fn push_position(out: &mut Vec<u8>, at: LonLat, between: u8) {
    let (lon_e7, lat_e7) = at.e7();
    push_degrees(out, lon_e7);
    out.push(between);
    push_degrees(out, lat_e7);
}

fn push_degrees(out: &mut Vec<u8>, e7: i32) {
    if e7 < 0 {
        out.push(b'-');
    }
    let units = e7.unsigned_abs();
    push_whole(out, u64::from(units / 10_000_000));
    let mut fraction = units % 10_000_000;
    if fraction == 0 {
        return;
    }
    let mut decimals = *b".0000000";
    for place in (1..8).rev() {
        decimals[place] = b'0' + (fraction % 10) as u8;
        fraction /= 10;
    }
    let length = decimals.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    out.extend_from_slice(&decimals[..length]);
}

/// Appends a day as `YYYY-MM-DD`.
pub(super) fn push_day(out: &mut Vec<u8>, day: Date) {
    let digit = |number: i16| b'0' + (number % 10).unsigned_abs() as u8;
    let (year, month, date) = (day.year(), i16::from(day.month()), i16::from(day.day()));
    out.extend_from_slice(&[
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(date / 10),
        digit(date),
    ]);
}

/// Appends a time of the day as `HH:MM`.
pub(super) fn push_time(out: &mut Vec<u8>, time: Time) {
    let _ = write!(out, "{:02}:{:02}", time.hour(), time.minute());
}

/// Appends an instant as `YYYY-MM-DDTHH:MM:SSZ`, with decimals of the second if there are any.
pub(super) fn push_instant(out: &mut Vec<u8>, at: Timestamp) {
    let _ = write!(out, "{at}");
}

/// Appends a text as a JSON string.
pub(super) fn push_json_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let plain = plain_length(rest);
        out.extend_from_slice(&rest[..plain]);
        let Some(special) = rest.get(plain) else { break };
        match special {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            control => {
                let _ = write!(out, "\\u{control:04x}");
            }
        }
        rest = &rest[plain + 1..];
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn coordinates_take_their_shortest_form() {
        let position = |lon, lat| text(|out| push_position(out, LonLat::new(lon, lat).unwrap(), b','));
        assert_eq!(position(46.0412, 40.0), "46.0412,40");
        assert_eq!(position(-0.000_000_1, -89.999_999_9), "-0.0000001,-89.9999999");
        assert_eq!(position(180.0, 0.0), "180,0");
    }

    proptest! {
        #[test]
        fn every_position_reads_back_as_itself(lon in -1_800_000_000..=1_800_000_000_i32, lat in -900_000_000..=900_000_000_i32) {
            let at = LonLat::from_e7(lon, lat).unwrap();
            let written = text(|out| push_position(out, at, b' '));
            let (lon, lat) = written.split_once(' ').unwrap();
            prop_assert_eq!(LonLat::new(lon.parse().unwrap(), lat.parse().unwrap()), Ok(at));
        }

        #[test]
        fn every_text_is_a_json_string_that_others_read(given in any::<String>()) {
            let written = text(|out| push_json_text(out, &given));
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), given);
        }

        #[test]
        fn every_number_and_day_is_written_as_others_write_it(whole: u64, real in 0.0..1e6_f64, days in 0..100_000_i32) {
            prop_assert_eq!(text(|out| push_whole(out, whole)), whole.to_string());
            prop_assert_eq!(text(|out| push_real(out, real)), real.to_string());
            let hundredths = (real * 100.0).round() / 100.0;
            prop_assert_eq!(text(|out| push_real(out, hundredths)), hundredths.to_string());
            let back: f64 = text(|out| push_real(out, real)).parse().unwrap();
            prop_assert_eq!(back.to_bits(), real.to_bits());
            let day = jiff::civil::date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            prop_assert_eq!(text(|out| push_day(out, day)), day.to_string());
        }
    }
}
