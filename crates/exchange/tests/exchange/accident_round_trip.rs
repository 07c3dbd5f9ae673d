//! Accidents read back as they were written.

use std::ops::ControlFlow;

use demining::{
    Accident, AccidentClass, AccidentDetails, Activity, AgeGroup, AsGiven, Collection, Content, Fix, Kind,
    Record, Review, Revision, SetOff, Sex, Victim, VictimOutcome, VictimStatus, YesNo, field::Rows,
};
use exchange::{Fields, Format, ReadOptions, Writer};
use geometry::LonLat;
use jiff::{
    Timestamp,
    civil::{date, time},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use uuid::Uuid;

/// Returns text with every character that could be difficult for a format.
fn text() -> impl Strategy<Value = Option<String>> {
    let text = prop_oneof!["\\PC{0,12}", "[-=+@'\",;\t\n\r{}\\[\\] a]{0,12}", "=cmd\\|\\PC{0,4}"];
    // The judge trims a text, and a blank one is none.
    option::of(text)
        .prop_map(|text| text.map(|text: String| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

fn victim() -> impl Strategy<Value = Victim> {
    (
        select(VictimOutcome::ALL),
        option::of(select(Sex::ALL)),
        option::of(select(AgeGroup::ALL)),
        option::of(select(VictimStatus::ALL)),
        option::of(select(Activity::ALL)),
        option::of(select(YesNo::ALL)),
        option::of(select(YesNo::ALL)),
    )
        .prop_map(|(outcome, sex, age_group, status, activity, touched, risk_education_received)| {
            Victim {
                outcome: Some(outcome),
                sex,
                age_group,
                status,
                activity,
                touched,
                risk_education_received,
            }
        })
}

prop_compose! {
    fn accident()(
        id in any::<[u8; 16]>(),
        (lon, lat) in (-1_800_000_000..=1_800_000_000_i32, -900_000_000..=900_000_000_i32),
        (class, device) in (select(AccidentClass::ALL), option::of(select(Kind::ALL))),
        (area_marked, set_off) in (option::of(select(YesNo::ALL)), option::of(select(SetOff::ALL))),
        at in option::of((0..24_i8, 0..60_i8)),
        victims in vec(victim(), 0..4),
        counts in option::of((0..100_000_u32, 0..100_000_u32)),
        certified in option::of(20..29_i8),
        (accuracy_m, fix) in (option::of(0.01..100_000.0_f64), option::of(select(Fix::ALL))),
        given in option::of(("[-0-9. NE]{0,11}[0-9]", "EPSG:[0-9]{4,5}|MGRS")),
        texts in [text(), text(), text(), text(), text()],
        // Names that are aliases of fields, too.
        extra in option::of(select(vec!["shoe", "kind", "type", "cause", "detected_on"])),
    ) -> Accident {
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        let mut details = AccidentDetails::blank(id, LonLat::from_e7(lon, lat).unwrap());
        details.class = class;
        details.occurred_on = date(2023, 9, 19);
        details.time = at.map(|(hour, minute)| time(hour, minute, 0, 0));
        (details.device, details.area_marked, details.set_off) = (device, area_marked, set_off);
        let count = |outcome| victims.iter().filter(|of| of.outcome == Some(outcome)).count() as u32;
        (details.killed, details.injured) = if victims.is_empty() {
            counts.unzip()
        } else {
            (Some(count(VictimOutcome::Killed)), Some(count(VictimOutcome::Injured)))
        };
        details.victims = Rows::new(victims);
        details.certified_on = certified.map(|day| date(2023, 9, day));
        (details.accuracy_m, details.fix) = (accuracy_m, fix);
        details.location_as_given = given
            .map(|(coordinates, crs)| AsGiven { coordinates: coordinates.trim().to_owned(), crs });
        [details.model, details.operator, details.team, details.hazard_area, details.note] = texts;
        details.extra = extra.map(|name| format!(r#"{{"{name}":"mine","zone":[1,{{"a":"=1"}}]}}"#));
        Accident::new(details, date(2026, 1, 1)).unwrap()
    }
}

pub fn export(format: Format, fields: Fields, accidents: &[Accident]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = Writer::<AccidentDetails>::of(format, fields).unwrap();
    writer.head_to(&mut out).unwrap();
    for accident in accidents {
        let record = Record {
            content: accident.clone(),
            number: 7,
            review: Review::Approved,
            revision: Revision(8412),
            updated_at: "2023-09-20T08:00:00Z".parse::<Timestamp>().unwrap(),
            updated_by: "a team".to_owned(),
        };
        writer.record_to(&record, Some("AZ-KAL"), &mut out).unwrap();
    }
    while writer.tail_to(&mut out).unwrap() {}
    out
}

fn import(format: Format, body: &[u8]) -> Vec<Accident> {
    let options = ReadOptions { collection: Collection::Accidents, ..ReadOptions::default() };
    let mut back = Vec::new();
    let read = exchange::read(format, body, &options, |row| {
        back.push(Accident::judge(row.unwrap(), date(2026, 1, 1), Uuid::max).unwrap());
        ControlFlow::Continue(())
    });
    assert!(read.is_ok(), "{format}: {read:?}");
    back
}

fn both() -> impl Iterator<Item = Format> {
    Format::written().filter(|format| format.is_read())
}

proptest! {
    #[test]
    fn an_export_reads_back_as_the_same_accidents_in_every_format(accidents in vec(accident(), 1..4)) {
        for format in both() {
            let body = export(format, Fields::All, &accidents);
            prop_assert_eq!(&import(format, &body), &accidents, "{}", String::from_utf8_lossy(&body));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_public_export_reads_back_as_the_public_accidents(accidents in vec(accident(), 1..3)) {
        let public: Vec<Accident> = accidents.iter().cloned().map(Accident::into_public).collect();
        for format in both() {
            let body = export(format, Fields::Public, &accidents);
            prop_assert_eq!(&import(format, &body), &public, "{}", format);
        }
    }
}

/// Returns an accident with up to two victims.
pub fn sample(n_victims: usize) -> Accident {
    let mut details = AccidentDetails::blank(Uuid::from_u128(7), LonLat::new(47.03, 39.72).unwrap());
    details.class = AccidentClass::Mine;
    details.occurred_on = date(2023, 9, 19);
    details.time = Some(time(4, 30, 0, 0));
    let killed = Victim { outcome: Some(VictimOutcome::Killed), sex: Some(Sex::Female), ..Victim::default() };
    let injured = Victim { outcome: Some(VictimOutcome::Injured), ..Victim::default() };
    details.victims = Rows::new([killed, injured].into_iter().take(n_victims).collect());
    if n_victims > 0 {
        (details.killed, details.injured) = (Some(1), Some(n_victims as u32 - 1));
    }
    details.extra = Some(r#"{"zone":7}"#.to_owned());
    Accident::new(details, date(2026, 1, 1)).unwrap()
}

#[test]
fn a_table_has_a_line_for_each_victim_and_one_for_an_accident_without_any() {
    let body = export(Format::Csv, Fields::All, &[sample(2), sample(0)]);
    let body = String::from_utf8(body).unwrap();
    let lines: Vec<&str> = body.lines().skip(1).collect();
    let expected = [
        "00000000-0000-0000-0000-000000000007,47.03,39.72,mine,2023-09-19,04:30,,,,,1,1,killed,female,,,,,,,,,,,,,,,,,AZ-KAL,approved,8412,2023-09-20T08:00:00Z,\"{\"\"zone\"\":7}\"",
        "00000000-0000-0000-0000-000000000007,47.03,39.72,mine,2023-09-19,04:30,,,,,1,1,injured,,,,,,,,,,,,,,,,,,AZ-KAL,approved,8412,2023-09-20T08:00:00Z,\"{\"\"zone\"\":7}\"",
        "00000000-0000-0000-0000-000000000007,47.03,39.72,mine,2023-09-19,04:30,,,,,,,,,,,,,,,,,,,,,,,,,AZ-KAL,approved,8412,2023-09-20T08:00:00Z,\"{\"\"zone\"\":7}\"",
    ];
    assert_eq!(lines, expected);
    let public = String::from_utf8(export(Format::Csv, Fields::Public, &[sample(2)])).unwrap();
    assert_eq!(public.lines().count(), 2, "{public}");
    assert!(!public.contains("victim") && !public.contains("04:30"), "{public}");
}

#[test]
fn victims_are_an_array_in_a_feature() {
    let mut out = Vec::new();
    exchange::content_to(&sample(2), &mut out);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        concat!(
            r#"{"type":"Feature","id":"00000000-0000-0000-0000-000000000007","geometry":{"type":"Point","coordinates":[47.03,39.72]},"#,
            r#""properties":{"class":"mine","occurred_on":"2023-09-19","killed":1,"injured":1,"time":"04:30","#,
            r#""victims":[{"outcome":"killed","sex":"female"},{"outcome":"injured"}],"zone":7}}"#
        )
    );
}

#[test]
fn layers_sheets_and_documents_have_the_name_of_the_collection() {
    let has = |format: Format, wanted: &str| {
        let body = export(format, Fields::All, &[sample(2)]);
        body.windows(wanted.len()).any(|bytes| bytes == wanted.as_bytes())
    };
    assert!(has(Format::GeoPackage, "CREATE TABLE accidents ("));
    assert!(has(Format::FlatGeobuf, "accidents") && has(Format::GeoParquet, "accidents"));
    assert!(has(Format::Kml, "<name>accidents</name>\n<Schema name=\"accident\" id=\"accident\">"));
    assert!(!has(Format::Kml, "styleUrl") && !has(Format::Kml, "detection"));
    assert!(!has(Format::GeoPackage, "detections") && !has(Format::FlatGeobuf, "detections"));
}
