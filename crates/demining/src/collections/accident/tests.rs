use jiff::civil::{date, time};
use uuid::Uuid;

use super::*;
use crate::{Amendment, FieldProblem, RawLocation, RawRecord, Value};

fn judged(properties: &[(&'static str, Value)]) -> Result<Accident, Vec<FieldProblem>> {
    let mut all = vec![("class".into(), text("mine")), ("occurred_on".into(), text("2023-09-19"))];
    all.extend(properties.iter().map(|(name, value)| ((*name).into(), value.clone())));
    let raw = RawRecord {
        row: 3,
        id: Value::Null,
        location: RawLocation::At { lon: 47.03, lat: 39.72, as_given: None, transform_accuracy_m: 0.0 },
        properties: all,
    };
    Accident::judge(raw, date(2023, 9, 20), || Uuid::from_u128(1))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn victims(json: &str) -> (&'static str, Value) {
    ("victims", Value::Json(json.to_owned()))
}

/// The problems as field, code and reason.
fn problems(judged: Result<Accident, Vec<FieldProblem>>) -> Vec<(String, Option<&'static str>, String)> {
    judged.unwrap_err().into_iter().map(|p| (p.field, p.code, p.reason)).collect()
}

#[test]
fn victims_give_the_counts() {
    let accident = judged(&[victims(
        r#"[{"outcome": "killed", "sex": "M"}, {"status": "police", "outcome": "Injured", "touched": false},
            {"outcome": "killed", "activity": null}, {"outcome": "unknown"}]"#,
    )])
    .unwrap();
    assert_eq!((accident.killed, accident.injured), (Some(2), Some(1)));
    let written = accident.victims.value();
    let json = r#"[{"outcome":"killed","sex":"male"},{"outcome":"injured","status":"military_security","touched":"no"},{"outcome":"killed"},{"outcome":"unknown"}]"#;
    assert_eq!(written, FieldValue::Rows(json));
    assert_eq!(Rows::<Victim>::read(json), accident.victims);
}

#[test]
fn counts_without_victims_are_as_they_were_sent() {
    let accident = judged(&[("killed", Value::Number("2".to_owned())), ("time", text("04:30"))]).unwrap();
    assert_eq!((accident.killed, accident.injured, accident.time), (Some(2), None, Some(time(4, 30, 0, 0))));
}

#[test]
fn counts_that_differ_from_the_victims_are_refused() {
    let found =
        problems(judged(&[victims(r#"[{"outcome":"killed"}]"#), ("killed", Value::Number("2".to_owned()))]));
    let reason = "differs from the victims listed, of whom 1 are killed";
    assert_eq!(found, [("killed".to_owned(), Some("victims_differ"), reason.to_owned())]);
}

#[test]
fn a_name_or_a_birth_date_is_refused_wherever_it_is() {
    for (name, value) in [
        ("name", text("A. Person")),
        ("Date of birth", text("1990-01-01")),
        victims(r#"[{"outcome":"killed","name":"A. Person"}]"#),
    ] {
        let found = problems(judged(&[(name, value)]));
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(found[0].2.contains("never stores"), "{found:?}");
    }
}

#[test]
fn every_problem_of_the_victims_is_told_with_its_place() {
    let found = problems(judged(&[victims(
        r#"[{"outcome":"killed"}, {"sex":"x"}, {"outcome":"injured","shoe_size":42}, 7, {"outcome":"killed","outcome":"injured"}]"#,
    )]));
    let fields: Vec<&str> = found.iter().map(|(field, ..)| field.as_str()).collect();
    assert_eq!(
        fields,
        ["victims[2].outcome", "victims[2].sex", "victims[3].shoe_size", "victims[4]", "victims[5].outcome"]
    );
    for wrong in ["{}", "[", "7"] {
        assert_eq!(problems(judged(&[victims(wrong)]))[0].0, "victims", "{wrong}");
    }
    let many = format!("[{}]", vec![r#"{"outcome":"killed"}"#; RECORD_LIMITS.victims + 1].join(","));
    assert_eq!(problems(judged(&[victims(&many)]))[0].1, Some("too_many"));
    assert_eq!(judged(&[victims("[]")]).unwrap().victims.len(), 0);
    assert_eq!(judged(&[("victims", text(r#"[{"outcome":"killed"}]"#))]).unwrap().victims.len(), 1);
}

#[test]
fn a_day_or_a_time_that_cannot_be_is_refused() {
    for time in ["25:00", "4", "04:30:99", "noon"] {
        assert_eq!(problems(judged(&[("time", text(time))]))[0].0, "time", "{time}");
    }
    assert_eq!(problems(judged(&[("certified_on", text("2023-09-18"))]))[0].1, Some("before_occurred"));
    assert_eq!(problems(judged(&[("certified_on", text("2024-09-18"))]))[0].1, Some("in_future"));
}

#[test]
fn the_public_reads_neither_victims_nor_time_nor_note() {
    let sent = [victims(r#"[{"outcome":"killed"}]"#), ("time", text("04:30")), ("note", text("road"))];
    let public = judged(&sent).unwrap().into_public();
    assert_eq!((public.killed, public.injured), (Some(1), Some(0)));
    assert!(public.victims.is_empty() && public.time.is_none() && public.note.is_none());
}

#[test]
fn what_becomes_known_is_progress_and_anything_else_is_a_correction() {
    let number = |n: &str| Value::Number(n.to_owned());
    let before = judged(&[("note", text("road")), ("killed", number("1"))]).unwrap();
    let amended = |properties: &[(&'static str, Value)]| before.amendment(&judged(properties).unwrap());
    let known = [("note", text("road\nnear the school")), ("killed", number("1")), ("injured", number("2"))];
    assert_eq!(amended(&known), Amendment::Progress);
    for correction in [
        vec![("note", text("road")), ("killed", number("2"))],
        vec![("note", text("road"))],
        vec![("note", text("river")), ("killed", number("1"))],
    ] {
        assert_eq!(amended(&correction), Amendment::Correction, "{correction:?}");
    }
}
