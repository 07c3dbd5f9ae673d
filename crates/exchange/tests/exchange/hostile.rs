//! Whatever the bytes, reading ends with rows, problems or an error, and gives the same result for any split
//! of the bytes.

use std::ops::ControlFlow;

use demining::{Collection, Content, Judged, for_collection};
use exchange::{Format, ReadOptions, read_area};
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use crate::{read, read_from};

const SOUND: [&str; 4] = [
    r#"{"type":"FeatureCollection","name":"x","features":[{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[46.1,40.2]},"properties":{"kind":"uxo","n":[1,{"a":"b\\n"}]}},{"type":"Feature","geometry":null,"properties":null}]}"#,
    "id,lon,lat,note,extra\r\na,46.1,40.2,\"x, \"\"y\"\"\nz\",\"{\"\"a\"\":1}\"\r\nb,1,2,,\r\n",
    r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[47.03,39.72]},"properties":{"class":"mine","occurred_on":"2023-09-19","time":"04:30","killed":1,"victims":[{"outcome":"killed","sex":"male"},{"outcome":"injured","touched":null}]}}"#,
    "id,lon,lat,class,occurred_on,victim_outcome,victim_sex\n\
     018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01,47,39,mine,2023-09-19,killed,m\n\
     018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01,,,,,injured,\n,1,2,ied,2023-09-19,,\n",
];

/// Returns a valid file of any collection with some bytes changed, removed or inserted.
fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let edit = (
        any::<prop::sample::Index>(),
        0..3_u8,
        prop_oneof![any::<u8>(), prop::sample::select(&b"{}[]\",:\\\n\x1e0e"[..])],
    );
    (prop::sample::select(&SOUND[..]), prop::collection::vec(edit, 0..4)).prop_map(|(text, edits)| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, what, byte) in edits {
            let at = at.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn spoiled_files_are_read_alike_in_one_piece_and_in_many(
        bytes in spoiled(),
        collection in prop::sample::select(Collection::ALL),
    ) {
        let options = ReadOptions { collection, ..ReadOptions::default() };
        for format in Format::read() {
            prop_assert_eq!(read_from(&*bytes, format, &options), read(format, &bytes, &options));
        }
        let _ = read_area(&bytes);
    }

    #[test]
    fn rows_of_spoiled_files_are_records_or_have_problems(
        bytes in spoiled(),
        collection in prop::sample::select(Collection::ALL),
    ) {
        let options = ReadOptions { collection, ..ReadOptions::default() };
        for format in [Format::GeoJson, Format::Csv] {
            for_collection!(collection, T => judge_all::<T>(format, &bytes, &options))?;
        }
    }
}

/// Judges every row. A row is either valid content or has problems, each with a reason.
fn judge_all<T: Content>(format: Format, body: &[u8], options: &ReadOptions) -> Result<(), TestCaseError> {
    let mut rows = Vec::new();
    let _ = exchange::read(format, body, options, |row| {
        rows.extend(row);
        ControlFlow::Continue(())
    });
    for row in rows {
        match Judged::<T>::judge(row, date(2026, 1, 1), || Uuid::from_u128(7)) {
            Ok(content) => {
                prop_assert_eq!(Judged::new(content.clone().into_details(), date(2026, 1, 1)), Ok(content));
            }
            Err(problems) => {
                prop_assert!(
                    !problems.is_empty() && problems.iter().all(|problem| !problem.reason.is_empty())
                );
            }
        }
    }
    Ok(())
}

#[test]
fn a_document_is_either_read_or_refused_wherever_it_is_cut() {
    for end in 0..SOUND[0].len() {
        let seen = read(Format::GeoJson, &SOUND[0].as_bytes()[..end], &ReadOptions::default());
        assert!(seen.lines().last().unwrap().starts_with("error: "), "{end}: {seen}");
    }
}
