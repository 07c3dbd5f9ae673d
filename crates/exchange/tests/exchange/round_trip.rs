//! Records read back as they were written.

use std::ops::ControlFlow;

use demining::{
    AsGiven, Detection, Disposal, Fix, InformationReliability, Kind, RawLocation, RawRecord, Record, Review,
    Revision, SourceReliability, Status, Value,
};
use exchange::{Format, ReadOptions, Writer};
use jiff::{Timestamp, civil::date};
use proptest::{collection::vec, option, prelude::*};
use uuid::Uuid;

fn judged(raw: RawRecord) -> Result<Detection, Vec<demining::FieldProblem>> {
    Detection::judge(raw, date(2026, 1, 1), Uuid::max)
}

/// Returns text with every character that could be difficult for a format.
fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        "\\PC{0,12}",
        "_{0,2}x[0-9a-fA-F]{4}_{1,2}x?[0-9]{0,4}_",
        "[-=+@'\",;\t\n\r{}\\[\\] a]{0,12}",
        "=cmd\\|.{0,4}"
    ]
    .prop_map(Value::Text)
}

fn json() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        "-?[1-9][0-9]{0,5}(\\.[0-9]{1,3})?([eE][+-]?[0-9])?".prop_map(Value::Number),
        text(),
        Just(Value::Json(r#"{"a":[1,"x, \"y\"",null],"b":{}}"#.to_owned())),
        Just(Value::Json("[]".to_owned())),
    ]
}

fn word<T: Copy + std::fmt::Debug + std::fmt::Display + 'static>(
    all: &'static [T],
) -> impl Strategy<Value = Value> {
    proptest::sample::select(all).prop_map(|word| Value::Text(word.to_string()))
}

fn photos() -> impl Strategy<Value = Value> {
    vec("[a-z;,'\\[\" =.é]{0,8}", 0..4).prop_map(|names| Value::Json(serde_json::to_string(&names).unwrap()))
}

/// Returns rows of every kind, most of which are valid.
fn raw() -> impl Strategy<Value = RawRecord> {
    let place = (
        -180.0..=180.0_f64,
        -90.0..=90.0_f64,
        option::of(("[-0-9. NE]{1,12}[0-9]", "EPSG:[0-9]{4,5}|MGRS")),
        prop_oneof![Just(0.0), Just(5.0)],
    )
        .prop_map(|(lon, lat, given, transform_accuracy_m)| RawLocation::At {
            lon,
            lat,
            as_given: given
                .map(|(coordinates, crs)| AsGiven { coordinates: coordinates.trim().to_owned(), crs }),
            transform_accuracy_m,
        });
    let first = (
        word(Kind::ALL),
        option::of(text()),
        option::of((1900..2025_i16).prop_map(|y| Value::Number(y.to_string()))),
        option::of((1..1_000_000_u32).prop_map(|q| Value::Number(q.to_string()))),
        option::of((0.0..10_000.0_f64).prop_map(|d| Value::Number(d.to_string()))),
        option::of((0.0..100_000.0_f64).prop_map(|a| Value::Number(a.to_string()))),
        option::of((word(Disposal::ALL), 15..29_u8)),
        option::of(word(Fix::ALL)),
        option::of((word(SourceReliability::ALL), word(InformationReliability::ALL))),
        option::of(text()),
        option::of(photos()),
    );
    let extra = vec(("[a-zäə \"A-Z=-]{1,6}", json()), 0..5);
    (any::<[u8; 16]>(), place, first, [option::of(text()), option::of(text()), option::of(text())], extra)
        .prop_map(|(id, location, first, texts, extra)| {
            let (kind, model, year, quantity, depth, accuracy, end, fix, source, note, photos) = first;
            let [operator, team, hazard_area] = texts;
            let (disposal, on) = end.unzip();
            let mut properties = vec![("detected_on".into(), Value::Text("2023-03-14".to_owned()))];
            let mut put = |name: &str, value: Option<Value>| {
                properties.extend(value.map(|value| (RawRecord::name(name), value)));
            };
            put("kind", Some(kind));
            put("model", model);
            put("made_in_year", year);
            put("quantity", quantity);
            put("depth_cm", depth);
            put("accuracy_m", accuracy);
            put("neutralised_on", on.map(|day| Value::Text(format!("2023-03-{day}"))));
            put("disposal", disposal);
            put("fix", fix);
            let (source, information) = source.unzip();
            put("source_reliability", source);
            put("information_reliability", information);
            put("note", note);
            put("photos", photos);
            put("operator", operator);
            put("team", team);
            put("hazard_area", hazard_area);
            for (name, value) in extra {
                let is_known = |known: &str| known.to_lowercase() == name.to_lowercase();
                let is_axis = |name: &str| ["x", "y"].contains(&&*demining::folded_name(name));
                let is_twin = properties.iter().any(|(known, _)| is_known(known));
                // No reader accepts two names for one axis.
                let is_second_axis = is_axis(&name) && properties.iter().any(|(known, _)| is_axis(known));
                if !is_twin && !is_second_axis && !is_known("id") && !is_known("extra") {
                    properties.push((name.into(), value));
                }
            }
            let id = Value::Text(uuid::Builder::from_random_bytes(id).into_uuid().to_string());
            RawRecord { row: 1, id, location, properties }
        })
}

fn record(detection: Detection) -> Record {
    Record {
        content: detection,
        number: 7,
        review: Review::Approved,
        revision: Revision(8412),
        updated_at: "2023-03-16T08:00:00Z".parse::<Timestamp>().unwrap(),
        updated_by: "a team".to_owned(),
    }
}

fn export(format: Format, records: &[Record]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = Writer::new(format).unwrap();
    writer.head_to(&mut out).unwrap();
    for record in records {
        writer.record_to(record, Some("AZ-KAL"), &mut out).unwrap();
    }
    while writer.tail_to(&mut out).unwrap() {}
    out
}

proptest! {
    #[test]
    fn an_export_reads_back_as_the_same_detections_in_every_format(raws in vec(raw(), 0..4)) {
        let detections: Vec<Detection> = raws.into_iter().filter_map(|raw| judged(raw).ok()).collect();
        let records: Vec<Record> = detections.iter().cloned().map(record).collect();
        for format in Format::written().filter(|format| format.is_read()) {
            let body = export(format, &records);
            let mut back = Vec::new();
            let read = exchange::read(format, body.as_slice(), &ReadOptions::default(), |row| {
                back.push(row.map(judged));
                ControlFlow::Continue(())
            });
            if !records.is_empty() || !matches!(format, Format::GeoJsonSeq | Format::GeoJsonLines) {
                prop_assert!(read.is_ok(), "{} {:?}", String::from_utf8_lossy(&body), read);
            }
            let expected: Vec<_> = detections.iter().map(|detection| Ok(Ok(detection.clone()))).collect();
            prop_assert_eq!(&back, &expected, "{}", String::from_utf8_lossy(&body));
        }
    }

    #[test]
    fn a_feature_is_json_on_one_line_for_any_reader(raw in raw()) {
        if let Ok(detection) = judged(raw) {
            let mut out = Vec::new();
            exchange::feature_to(&record(detection.clone()), None, exchange::Fields::All, &mut out);
            prop_assert!(!out.contains(&b'\n') && !out.contains(&b'\r'));
            let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
            prop_assert_eq!(&json["id"], &detection.id.to_string());
            prop_assert_eq!(json["properties"]["kind"].as_str(), Some(detection.kind.word()));
            prop_assert!(json["properties"]["region"].is_null());
        }
    }
}

#[test]
fn most_rows_of_the_properties_judge_well() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let good = (0..200).filter(|_| judged(raw().new_tree(&mut runner).unwrap().current()).is_ok()).count();
    assert!(good > 120, "{good} of 200");
}

#[test]
fn a_feature_has_the_shape_that_is_documented() {
    let raw = RawRecord {
        row: 1,
        id: Value::Text("018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01".to_owned()),
        location: RawLocation::At { lon: 46.0412, lat: 40.1063, as_given: None, transform_accuracy_m: 0.0 },
        properties: [
            ("kind", "ap_mine"),
            ("model", "PMN-2"),
            ("detected_on", "2023-03-14"),
            ("neutralised_on", "2023-03-15"),
            ("zone", "=1"),
        ]
        .map(|(name, text)| (RawRecord::name(name), Value::Text(text.to_owned())))
        .to_vec(),
    };
    let record = record(judged(raw).unwrap());
    assert_eq!(record.content.status, Status::Neutralised);
    let mut out = Vec::new();
    exchange::feature_to(&record, Some("AZ-KAL"), exchange::Fields::All, &mut out);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        concat!(
            r#"{"type":"Feature","id":"018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01","geometry":{"type":"Point","coordinates":[46.0412,40.1063]},"#,
            r#""properties":{"kind":"ap_mine","model":"PMN-2","quantity":1,"detected_on":"2023-03-14","status":"neutralised","#,
            r#""neutralised_on":"2023-03-15","region":"AZ-KAL","review":"approved","revision":8412,"updated_at":"2023-03-16T08:00:00Z","zone":"=1"}}"#
        )
    );
    let mut out = Vec::new();
    exchange::csv_row_to(&record, Some("AZ-KAL"), &mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        concat!(
            "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01,46.0412,40.1063,ap_mine,PMN-2,,1,,2023-03-14,neutralised,2023-03-15,,,,,,,,,,,,,AZ-KAL,approved,8412,",
            "2023-03-16T08:00:00Z,\"{\"\"zone\"\":\"\"=1\"\"}\"\r\n"
        )
    );
}
