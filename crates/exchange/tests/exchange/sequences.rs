//! Series of features.

use exchange::Format::{GeoJsonLines, GeoJsonSeq};

use crate::check;

const F: &str =
    r#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[46.1,40.2]},"properties":{}}"#;

#[test]
fn lines_are_features_and_blank_ones_nothing() {
    check(GeoJsonLines, format!("\n{F}\r\n\n{F}"), &["1 \"a\" 46.1,40.2", "2 \"a\" 46.1,40.2"]);
}

#[test]
fn records_after_separators_may_take_several_lines() {
    let pretty = F.replace(',', ",\n");
    check(GeoJsonSeq, format!("\x1e{pretty}\n\x1e\x1e{F}\n"), &["1 \"a\" 46.1,40.2", "2 \"a\" 46.1,40.2"]);
}

#[test]
fn either_kind_is_known_by_its_first_byte() {
    check(GeoJsonLines, format!("\x1e{F}\n\x1e{F}"), &["1 \"a\" 46.1,40.2", "2 \"a\" 46.1,40.2"]);
    check(GeoJsonSeq, format!("{F}\n{F}\n"), &["1 \"a\" 46.1,40.2", "2 \"a\" 46.1,40.2"]);
}

#[test]
fn a_broken_record_is_a_problem_of_its_row_only() {
    let mut body = format!("{}\n", &F[..50]).into_bytes();
    body.extend_from_slice(b"\"\xff\"\n");
    body.extend_from_slice(F.as_bytes());
    check(
        GeoJsonLines,
        body,
        &[
            r#"problem 1 of a: location "" is not JSON: it ends where a closing quote was expected"#,
            "problem 2:  \"\" is not UTF-8",
            "3 \"a\" 46.1,40.2",
        ],
    );
    check(
        GeoJsonLines,
        format!("{F} {F}"),
        &[r#"problem 1 of a:  "{\"type\":\"Feature\",\"i" is not JSON: the end was expected at byte 99"#],
    );
}

#[test]
fn nothing_is_an_error() {
    check(GeoJsonLines, "\n\n", &["error: the body is empty"]);
}
