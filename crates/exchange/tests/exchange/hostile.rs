//! Whatever the bytes, reading ends with rows, problems or an error, and gives the same result for any split
//! of the bytes.

use exchange::{Format, ReadOptions, read_area};
use proptest::prelude::*;

use crate::{read, rows_or_error};

const SOUND: [&str; 2] = [
    r#"{"type":"FeatureCollection","name":"x","features":[{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[46.1,40.2]},"properties":{"kind":"uxo","n":[1,{"a":"b\\n"}]}},{"type":"Feature","geometry":null,"properties":null}]}"#,
    "id,lon,lat,note,extra\r\na,46.1,40.2,\"x, \"\"y\"\"\nz\",\"{\"\"a\"\":1}\"\r\nb,1,2,,\r\n",
];

/// Returns a valid file with some bytes changed, removed or inserted.
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
    fn spoiled_files_are_read_alike_in_one_piece_and_in_many(bytes in spoiled()) {
        for format in Format::read() {
            prop_assert_eq!(rows_or_error(format, &bytes), read(format, &bytes, &ReadOptions::default()));
        }
        let _ = read_area(&bytes);
    }
}

#[test]
fn a_document_is_either_read_or_refused_wherever_it_is_cut() {
    for end in 0..SOUND[0].len() {
        let seen = read(Format::GeoJson, &SOUND[0].as_bytes()[..end], &ReadOptions::default());
        assert!(seen.lines().last().unwrap().starts_with("error: "), "{end}: {seen}");
    }
}
