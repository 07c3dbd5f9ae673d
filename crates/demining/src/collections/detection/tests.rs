//! A test row for each rule.

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::{COMMON_FIELDS, RawLocation, RawRecord, Value};

fn row(properties: &[(&str, &str)]) -> RawRecord {
    let mut all = vec![("kind", "ap_mine"), ("detected_on", "2023-03-14")];
    all.retain(|(name, _)| !properties.iter().any(|(n, _)| n == name));
    all.extend(properties);
    RawRecord {
        row: 17,
        id: Value::Text("018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01".into()),
        location: RawLocation::At { lon: 46.0412, lat: 40.1063, as_given: None, transform_accuracy_m: 0.0 },
        properties: all.iter().map(|(n, v)| (RawRecord::name(n), Value::Text((*v).to_owned()))).collect(),
    }
}

fn judge(raw: RawRecord) -> Result<Detection, Vec<String>> {
    let today = date(2024, 1, 10);
    Detection::judge(raw, today, Uuid::max).map_err(|problems| {
        problems.iter().map(|p| format!("{} {:?} {}", p.field, p.value, p.reason)).collect()
    })
}

fn check(properties: &[(&str, &str)], problem: &str) {
    assert_eq!(judge(row(properties)).unwrap_err(), [problem]);
}

#[test]
fn the_least_a_row_needs_is_a_place_a_kind_and_a_day() {
    let d = judge(row(&[])).unwrap();
    assert_eq!(
        (d.quantity, d.status, d.neutralised_on, d.extra.as_deref()),
        (1, Status::Detected, None, None)
    );
}

#[test]
fn a_row_without_id_gets_one() {
    let mut raw = row(&[]);
    raw.id = Value::Null;
    assert_eq!(judge(raw).unwrap().id, Uuid::max());
}

#[test]
fn a_disposal_date_alone_makes_it_neutralised() {
    let d = judge(row(&[("neutralised_on", "2023-03-15T08:00:00Z"), ("disposal", "burned")])).unwrap();
    assert_eq!((d.status, d.status_since().to_string().as_str()), (Status::Neutralised, "2023-03-15"));
}

#[test]
fn no_text_holds_a_null_character() {
    for field in ["model", "operator", "team", "hazard_area", "note", "photos"] {
        let value = "cut\0here";
        check(&[(field, value)], &format!("{field} {value:?} contains a control character"));
    }
    let as_given = Some(AsGiven { coordinates: "46\0 40".into(), crs: "EPSG:4326".into() });
    let location = RawLocation::At { lon: 46.0, lat: 40.0, as_given, transform_accuracy_m: 0.0 };
    let problems = judge(RawRecord { location, ..row(&[]) }).unwrap_err();
    assert_eq!(problems, [format!("location {:?} contains a control character", "46\0 40")]);
    // JSON escapes it.
    assert_eq!(judge(row(&[("zone", "a\0")])).unwrap().extra.as_deref(), Some(r#"{"zone":"a\u0000"}"#));
}

#[test]
fn rules_between_fields_are_told_with_field_value_and_reason() {
    check(
        &[("status", "neutralised")],
        "neutralised_on \"\" is missing: a neutralised detection needs the date of its disposal",
    );
    check(
        &[("neutralised_on", "2023-03-13")],
        "neutralised_on \"2023-03-13\" is before detected_on 2023-03-14",
    );
    check(&[("quantity", "0")], "quantity \"0\" is outside 1..1000000");
    check(
        &[("detected_on", "2023/02/30")],
        "detected_on \"2023/02/30\" is not a date in the form YYYY-MM-DD or in the order ymd",
    );
    check(
        &[("detected_on", "2023-02-30")],
        "detected_on \"2023-02-30\" is not a date in the form YYYY-MM-DD or in the order ymd",
    );
    check(
        &[("detected_on", "2024-01-12")],
        "detected_on \"2024-01-12\" is in the future: today is 2024-01-10 UTC",
    );
    check(&[("accuracy_m", "NaN")], "accuracy_m \"NaN\" is not a finite number");
    check(&[("accuracy_m", "1e999")], "accuracy_m \"1e999\" is not a finite number");
}

#[test]
fn a_day_may_have_a_time_behind_it_if_it_is_one() {
    for time in ["", "T08:00:00Z", "T23:59:59.5+04:00", " 08:00", " 08:00:00", "T08:00:00", "t08:00:00z"] {
        let given = format!("2023-03-14{time}");
        let judged = judge(row(&[("detected_on", &given)])).unwrap();
        assert_eq!(judged.detected_on, date(2023, 3, 14), "{given}");
        let slashed = given.replacen('-', "/", 2);
        assert_eq!(judge(row(&[("detected_on", &slashed)])).unwrap().detected_on, date(2023, 3, 14));
    }
    for time in ["Tgarbage", "T25:99:99Z", "T08:00:00Zx", "T", " x", "x", "T08:61", "T08:00:00+99:00", "é"] {
        let given = format!("2023-03-14{time}");
        check(
            &[("detected_on", &given)],
            &format!("detected_on {given:?} is not a date in the form YYYY-MM-DD"),
        );
    }
    for given in ["20230314T1", "2023-073", "2023-W11-2"] {
        check(
            &[("detected_on", given)],
            &format!("detected_on {given:?} is not a date in the form YYYY-MM-DD"),
        );
    }
}

#[test]
fn an_accuracy_of_nothing_is_not_known() {
    for given in ["0", "0.0", "-0"] {
        assert_eq!(judge(row(&[("accuracy_m", given)])).unwrap().accuracy_m, None, "{given}");
    }
    let details = Details { accuracy_m: Some(0.0), ..judge(row(&[])).unwrap().into_details() };
    assert_eq!(
        Detection::new(details, date(2024, 1, 10)).unwrap().accuracy_m,
        None,
        "an earlier version kept it"
    );
}

#[test]
fn an_id_may_say_that_it_is_a_uuid() {
    let mut raw = row(&[]);
    raw.id = Value::Text("uuid:018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01".into());
    assert_eq!(judge(raw.clone()), judge(row(&[])));
    raw.id = Value::Number("7".into());
    let problem = judge(raw).unwrap_err().remove(0);
    assert!(
        problem.starts_with("id \"7\" is not a UUID") && problem.contains(r#"columns={"id":"-"}"#),
        "{problem}"
    );
}

#[test]
fn names_that_differ_only_in_case_are_refused_unless_one_says_nothing() {
    check(&[("Note", "b")], "Note \"b\" differs from note only in case: it is unclear which one to use");
    // An export writes it as a property, and its name would read as the field.
    for name in ["id ", "Depth (cm)", "hazard-area", "ogr_team"] {
        let problem = judge(row(&[(name, "b")])).unwrap_err().remove(0);
        assert!(problem.contains("only in case or punctuation"), "{problem}");
    }
    check(
        &[("zone", "a"), ("Zone", "a")],
        "Zone \"a\" differs from zone only in case: it is unclear which one to use",
    );
    check(
        &[("SAHƏ", "a"), ("sahə", "b")],
        "sahə \"b\" differs from SAHƏ only in case: it is unclear which one to use",
    );
    let mut raw = row(&[("zone", "a")]);
    raw.properties.push(("Zone".into(), Value::Null));
    assert_eq!(judge(raw).unwrap().extra.as_deref(), Some(r#"{"zone":"a"}"#));
    // Derived values are ignored on input and do not hide other properties.
    assert_eq!(judge(row(&[("Region", "x")])).unwrap().extra.as_deref(), Some(r#"{"Region":"x"}"#));
}

#[test]
fn what_a_reader_could_not_read_is_told_with_all_else() {
    let mut raw = row(&[("kind", "apm?")]);
    let unreadable = || Value::Unreadable { value: "x".into(), reason: "is odd".into() };
    for name in ["detected_on", "note", "photos", "zone"] {
        raw.properties.retain(|(own, _)| own != name);
        raw.properties.push((name.into(), unreadable()));
    }
    let problems = judge(raw).unwrap_err();
    let odd = problems.iter().filter(|problem| problem.ends_with("\"x\" is odd")).count();
    assert_eq!((problems.len(), odd), (5, 4), "{problems:?}");
}

#[test]
fn a_day_of_grace_is_given_for_time_zones() {
    assert!(judge(row(&[("detected_on", "2024-01-11")])).is_ok());
}

#[test]
fn all_problems_of_a_row_come_at_once() {
    let mut raw = row(&[("kind", "apm?"), ("quantity", "-1"), ("depth_cm", "-3")]);
    raw.id = Value::Text("17".into());
    raw.location = RawLocation::At { lon: 46.0, lat: 91.0, as_given: None, transform_accuracy_m: 0.0 };
    let fields: Vec<_> =
        judge(raw).unwrap_err().iter().map(|p| p.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(fields, ["id", "location", "kind", "quantity", "depth_cm"]);
}

#[test]
fn names_of_photos_come_as_a_json_list_or_between_semicolons() {
    let photos = |value| {
        let mut raw = row(&[]);
        raw.properties.push(("photos".into(), value));
        judge(raw).map(|d| d.photos.clone())
    };
    let json = |text: &str| photos(Value::Json(text.into()));
    assert_eq!(json(r#"["a, \"b\"; c.jpg", " ", "K\u0259l.jpg"]"#).unwrap(), ["a, \"b\"; c.jpg", "Kəl.jpg"]);
    assert_eq!(photos(Value::Text("a.jpg; b.jpg;".into())).unwrap(), ["a.jpg", "b.jpg"]);
    assert_eq!(json("[1]").unwrap_err(), ["photos \"[1]\" is not a list of names"]);
    assert_eq!(json(r#"["a\nb"]"#).unwrap_err(), [r#"photos "[\"a\\nb\"]" contains a control character"#]);
}

#[test]
fn unknown_properties_are_kept_in_order_and_derived_ones_are_not_believed() {
    let d = judge(row(&[("zone", "b\"1"), ("alpha", "1"), ("region", "AZ-BA")])).unwrap();
    assert_eq!(d.extra.as_deref(), Some(r#"{"alpha":"1","zone":"b\"1"}"#));
}

#[test]
fn photos_are_a_list_in_any_notation() {
    for given in ["a.jpg;b.jpg", "(2:a.jpg,b.jpg)"] {
        assert_eq!(judge(row(&[("photos", given)])).unwrap().photos, ["a.jpg", "b.jpg"], "{given}");
    }
    assert_eq!(judge(row(&[("photos", "(3:a.jpg,b.jpg)")])).unwrap().photos, ["(3:a.jpg,b.jpg)"]);
}

#[test]
fn no_two_fields_have_one_number_or_one_name() {
    let all: Vec<_> = Detection::FIELDS.iter().map(|field| &field.spec).chain(COMMON_FIELDS).collect();
    for (nth, field) in all.iter().enumerate() {
        for earlier in &all[..nth] {
            assert_ne!(earlier.number, field.number, "{} and {}", earlier.name, field.name);
            for name in field.aliases.iter().chain([&field.name]) {
                assert!(
                    earlier.name != *name && !earlier.aliases.contains(name),
                    "{name} is also {}",
                    earlier.name
                );
            }
        }
    }
}

#[test]
fn every_field_reads_back_what_it_says() {
    let row = row(&[
        ("model", "PMN-2"),
        ("made_in_year", "2021"),
        ("quantity", "2"),
        ("depth_cm", "5.5"),
        ("neutralised_on", "2023-03-15"),
        ("disposal", "burned"),
        ("operator", "A"),
        ("team", "B"),
        ("hazard_area", "C"),
        ("source_reliability", "direct"),
        ("information_reliability", "probable"),
        ("accuracy_m", "2.5"),
        ("fix", "map"),
        ("note", "D"),
        ("photos", "a;b"),
        ("zone", "7"),
    ]);
    let mut full = judge(row).unwrap().into_details();
    full.location_as_given = Some(AsGiven { coordinates: "1 2".to_owned(), crs: "EPSG:28408".to_owned() });
    let mut copy = Details::blank(Uuid::max(), LonLat::new(0.0, 0.0).unwrap());
    for field in Detection::FIELDS {
        let value = (field.get)(&full);
        assert_ne!(value, FieldValue::Null, "{} needs a value in this test", field.name);
        (field.set)(&mut copy, value);
    }
    assert_eq!(copy, full, "a field gets or sets another one, or is not in the table");
}
