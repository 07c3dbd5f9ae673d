//! Binary formats: valid files, damaged ones, and the limits.

use std::ops::ControlFlow;

use demining::{Collection, Detection, RawLocation, RawRecord, Record, Review, Revision, Value};
use exchange::{Fields, Format, ReadOptions, Writer};
use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{accident_round_trip, read, shapefiles};

/// Those of the formats that are written, too.
const WRITTEN: [Format; 5] = [Format::FlatGeobuf, Format::GeoPackage, Format::Xlsx, Format::Kml, Format::Gpx];

/// Returns the binary formats, each with a valid file of three records.
fn sound() -> Vec<(Format, Vec<u8>)> {
    let mut all = vec![(Format::Shapefile, shapefiles::sound())];
    all.extend(WRITTEN.map(|format| (format, written(format, 3))));
    all
}

/// Returns valid files of every collection.
fn of_all_collections() -> Vec<(Collection, Format, Vec<u8>)> {
    let accidents = [accident_round_trip::sample(2)];
    let files = WRITTEN.map(|format| (format, accident_round_trip::export(format, Fields::All, &accidents)));
    let of_accidents = files.into_iter().map(|(format, body)| (Collection::Accidents, format, body));
    sound()
        .into_iter()
        .map(|(format, body)| (Collection::Detections, format, body))
        .chain(of_accidents)
        .collect()
}

/// Returns a file of `n` records.
pub fn written(format: Format, n: u128) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = Writer::new(format).unwrap();
    writer.head_to(&mut out).unwrap();
    for nth in 0..n {
        let record = Record {
            content: detection(nth),
            number: 7,
            review: Review::Approved,
            revision: Revision(8412),
            updated_at: "2023-03-16T08:00:00.25Z".parse::<Timestamp>().unwrap(),
            updated_by: "a team".to_owned(),
        };
        writer.record_to(&record, Some("AZ-KAL"), &mut out).unwrap();
    }
    while writer.tail_to(&mut out).unwrap() {}
    out
}

fn detection(nth: u128) -> Detection {
    let text = |text: &str| Value::Text(text.to_owned());
    let raw = RawRecord {
        row: 1,
        id: text(&Uuid::from_u128(nth + 1).to_string()),
        location: RawLocation::At {
            lon: 46.1 + (nth % 90) as f64 / 100.0,
            lat: 40.2,
            as_given: None,
            transform_accuracy_m: 0.0,
        },
        properties: [
            ("kind", text("ap_mine")),
            ("detected_on", text("2023-03-14")),
            ("quantity", Value::Number("3".to_owned())),
            ("depth_cm", Value::Number("12.5".to_owned())),
            ("note", text("two\nlines, Kəlbəcər")),
            ("zone", text("=1")),
        ]
        .map(|(name, value)| (RawRecord::name(name), value))
        .to_vec(),
    };
    Detection::judge(raw, date(2026, 1, 1), Uuid::max).unwrap()
}

fn n_rows(format: Format, body: &[u8], options: &ReadOptions) -> Result<usize, String> {
    let mut n = 0;
    let read = exchange::read(format, body, options, |row| {
        n += usize::from(row.is_ok());
        ControlFlow::Continue(())
    });
    read.map(|_| n).map_err(|error| error.to_string())
}

#[test]
fn sound_files_are_read_and_the_same_records_give_the_same_bytes() {
    for (format, body) in sound() {
        let seen = read(format, &body, &ReadOptions::default());
        let first = seen.lines().next().unwrap();
        assert!(
            first[1..].starts_with(" \"00000000-0000-0000-0000-000000000001\" 46.1,40.2 "),
            "{format}: {first}"
        );
        assert!(first.contains("detected_on=\"2023-03-14\""), "{format}: {first}");
        assert_eq!(n_rows(format, &body, &ReadOptions::default()), Ok(3), "{format}");
        // A workbook contains its creation time.
        if format.is_written() && format != Format::Xlsx {
            assert_eq!(written(format, 3), body, "{format}");
        }
        assert_eq!(read(format, b"", &ReadOptions::default()), "error: the body is empty\n");
    }
}

#[test]
fn a_file_that_is_cut_anywhere_never_gives_all_of_its_rows() {
    for (format, body) in sound() {
        let step = body.len().div_ceil(3_000);
        for end in (0..body.len()).step_by(step) {
            let n = n_rows(format, &body[..end], &ReadOptions::default());
            assert!(n.as_ref().is_err() || n.as_ref().is_ok_and(|n| *n < 3), "{format} {end}: {n:?}");
        }
    }
}

#[test]
fn limits_hold() {
    for (format, body) in sound() {
        let few = ReadOptions { max_rows: 2, ..ReadOptions::default() };
        assert_eq!(n_rows(format, &body, &few), Err("there are more than 2 rows".to_owned()), "{format}");
        let short = ReadOptions { max_row_bytes: 50, ..ReadOptions::default() };
        assert!(n_rows(format, &body, &short).is_err(), "{format}");
        if !matches!(format, Format::FlatGeobuf | Format::Kml | Format::Gpx) {
            let small = ReadOptions { max_spooled_bytes: 600, ..ReadOptions::default() };
            let error = "the file is larger than 600 bytes".to_owned();
            assert_eq!(n_rows(format, &body, &small), Err(error), "{format}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn spoiled_files_are_read_refused_or_told_and_nothing_else(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6),
    ) {
        thread_local!(static SOUND: Vec<(Collection, Format, Vec<u8>)> = of_all_collections());
        SOUND.with(|all| {
            let (collection, format, mut body) = all[which.index(all.len())].clone();
            for (at, byte, what) in edits {
                let at = at.index(body.len());
                match what {
                    0 => body[at] = byte,
                    1 => body[at] = 0xff,
                    2 => body[at] ^= 1 << (byte % 8),
                    _ => body.truncate(at.max(1)),
                }
            }
            let _ = n_rows(format, &body, &ReadOptions { collection, ..ReadOptions::default() });
        });
    }
}

#[test]
fn a_length_is_believed_only_as_far_as_bytes_follow() {
    let body = written(Format::FlatGeobuf, 1);
    let mut long = body[..8].to_vec();
    long.extend(u32::MAX.to_le_bytes());
    let options = ReadOptions::default();
    let refused = read(Format::FlatGeobuf, &long, &options);
    assert_eq!(refused, "error: row 0 takes more than 1048576 bytes\n");
    let other = b"fgb\x02fgb\x00".to_vec();
    let refused = read(Format::FlatGeobuf, &other, &options);
    assert_eq!(refused, "error: row 0: is not a FlatGeobuf file of version 3\n");
}
