//! Tests submissions from Collect and from other programs.

use demining::{RawLocation, RawRecord, Value};

use super::*;
use crate::rows::Row;

const ID: &str = "0b5e6f0e-5e7c-4f2b-8b1a-1d1f6f7a9c01";

fn submission(answers: &str, meta: &str) -> String {
    format!(
        "<?xml version='1.0' ?><data id=\"clearline_detection\" version=\"1\" \
         xmlns:orx=\"http://openrosa.org/xforms\">{answers}\
         <orx:meta><orx:instanceID>uuid:{ID}</orx:instanceID>{meta}</orx:meta></data>"
    )
}

fn read(answers: &str, meta: &str) -> Submission {
    read_submission(submission(answers, meta).as_bytes()).unwrap()
}

fn rows(content: Content) -> Vec<Row> {
    let Content::Records(finds) = content else { panic!("no records") };
    finds.into_iter().map(|find| find.row).collect()
}

fn row(content: Content) -> Row {
    let mut rows = rows(content);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

fn record(answers: &str) -> Row {
    row(read(answers, "").content)
}

/// Returns the value of a property of a row.
fn said<'a>(raw: &'a RawRecord, name: &str) -> Option<&'a str> {
    raw.properties.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_text())
}

fn entity(attributes: &str) -> Result<Update, FieldProblem> {
    let Content::Update(update) =
        read("<neutralised_on>2024-05-02</neutralised_on><note/>", &format!("<entity {attributes}/>"))
            .content
    else {
        panic!("no update")
    };
    update
}

#[test]
fn answers_are_the_fields_of_a_record_whatever_groups_they_stand_in() {
    let read = read(
        "<location>39.63 46.55 1200.0 4.5</location><what><kind>ap_mine</kind><count>2</count></what>\
         <photo>a.jpg</photo><more><photo>b.jpg</photo></more><team>7</team><team>8</team><note> </note>",
        "",
    );
    assert_eq!(read.id.to_string(), ID);
    assert_eq!(read.photos, ["a.jpg", "b.jpg"]);
    let raw = row(read.content).unwrap();
    assert_eq!(raw.id, Value::Text(ID.into()));
    assert!(matches!(raw.location, RawLocation::At { lon: 46.55, lat: 39.63, .. }), "{:?}", raw.location);
    let told: Vec<_> = raw.properties.iter().map(|(name, value)| (name.as_ref(), value.as_text())).collect();
    assert_eq!(
        told,
        [("kind", "ap_mine"), ("quantity", "2"), ("team", "7;8"), ("accuracy_m", "4.5"), ("fix", "gnss")]
    );
}

#[test]
fn a_point_set_by_hand_has_no_accuracy_and_what_is_no_point_is_told() {
    let raw = record("<location>39.63 46.55 0.0 0.0</location>").unwrap();
    assert!(raw.properties.is_empty(), "{raw:?}");
    for bad in ["39.63", "a b 0 0", "1 2 3 4 5"] {
        let raw = record(&format!("<location>{bad}</location>")).unwrap();
        assert!(matches!(raw.location, RawLocation::Unreadable { .. }), "{bad}");
    }
    assert_eq!(record("<kind>uxo</kind>").unwrap().location, RawLocation::Missing);
}

#[test]
fn an_update_names_the_record_and_the_version_that_the_phone_had() {
    let whole = format!(
        "dataset='detections' update='1' id='{ID}' baseVersion='12' trunkVersion='11' branchId='{ID}'"
    );
    let update = entity(&whole).unwrap();
    assert_eq!((update.base, update.trunk, update.branch), (Some(12), Some(11), Some(update.id)));
    assert_eq!(update.answers, [("neutralised_on".to_owned(), "2024-05-02".to_owned())]);
    let blank =
        format!("dataset='detections' update='1' id='{ID}' baseVersion='3' trunkVersion='' branchId=''");
    assert_eq!(entity(&blank).unwrap().trunk, None);
    let unknown = format!("dataset='detections' update='1' id='{ID}' baseVersion=''");
    assert_eq!(entity(&unknown).unwrap().base, None);
    for (attributes, field) in [
        ("dataset='trees' update='1' id='x' baseVersion='1'", "dataset"),
        ("dataset='detections' update='1' id='x' baseVersion='1'", "id"),
        (&*format!("dataset='detections' update='1' id='{ID}' baseVersion='-1'"), "baseVersion"),
        (&*format!("dataset='detections' update='1' id='{ID}' baseVersion='1' branchId='b'"), "branchId"),
    ] {
        assert_eq!(entity(attributes).unwrap_err().field, field, "{attributes}");
    }
}

#[test]
fn a_correction_names_what_it_corrects() {
    let earlier = Uuid::from_u128(7);
    let correction = read("<kind>uxo</kind>", &format!("<deprecatedID>uuid:{earlier}</deprecatedID>"));
    assert_eq!((correction.id.to_string(), correction.corrects), (ID.to_owned(), Some(earlier)));
    assert!(row(correction.content).is_ok());
    assert_eq!(read("<kind>uxo</kind>", "<deprecatedID/>").corrects, None);
}

#[test]
fn a_correction_of_nothing_known_and_a_field_that_is_said_twice_are_problems_of_the_record() {
    let unknown = read("<kind>uxo</kind>", "<deprecatedID>uuid:1</deprecatedID>").content;
    assert_eq!(row(unknown).unwrap_err().field, "deprecatedID");
    assert!(record("<kind>uxo</kind><type>uxo</type>").is_err());
}

#[test]
fn what_is_no_submission_is_refused_as_a_whole() {
    let deep = format!("<data>{}{}</data>", "<a>".repeat(200), "</a>".repeat(200));
    let many = (0..300).fold(String::new(), |many, n| format!("{many}<q{n}>1</q{n}>"));
    let long = submission(&format!("<note>{}</note>", "n".repeat(2 << 20)), "");
    for bad in [
        "",
        "no xml",
        "<data>",
        "<data/>",
        "<data><meta><instanceID>7</instanceID></meta></data>",
        &format!("{0}{0}", submission("", "").replace("<?xml version='1.0' ?>", "")),
        "<data>&bomb;</data>",
        &deep,
        &submission(&many, ""),
        &long,
    ] {
        assert!(read_submission(bad.as_bytes()).is_err(), "{}", bad.chars().take(60).collect::<String>());
    }
    assert!(read_submission(&[0xff, 0xfe, 0, 1]).is_err());
}

/// Reads answers as sent by the REST service of `KoBoToolbox`.
fn kobo(answers: &serde_json::Value) -> Result<Submission, ReadError> {
    let mut sent = serde_json::json!({
        "_id": 7, "formhub/uuid": "f3", "__version__": "vA1", "meta/instanceID": format!("uuid:{ID}"),
        "_xform_id_string": "aBcDeF", "_uuid": ID, "_status": "submitted_via_web", "_geolocation": [39.63, 46.55],
        "_attachments": [{"download_url": "https://kc.example.org/a.jpg", "filename": "team/attachments/a.jpg"}],
        "_submission_time": "2024-05-02T10:00:00", "_tags": [], "_notes": [], "_validation_status": {}, "_submitted_by": null,
    });
    sent.as_object_mut().unwrap().extend(answers.as_object().unwrap().clone());
    read_kobo(sent.to_string().as_bytes())
}

#[test]
fn what_kobotoolbox_sends_on_says_the_same_as_what_the_phone_sent() {
    let answers = "<location>39.63 46.55 1200.0 4.5</location><kind>ap_mine</kind><quantity>2</quantity>\
                   <photo>a.jpg</photo><detected_on>2024-05-02</detected_on>";
    let sent = kobo(&serde_json::json!({
        "location": "39.63 46.55 1200.0 4.5", "what/kind": "ap_mine", "what/more/quantity": 2, "photo": "a.jpg",
        "detected_on": "2024-05-02", "note": null,
    }))
    .unwrap();
    let of_phone = read(answers, "");
    assert_eq!((sent.id, &sent.photos), (of_phone.id, &of_phone.photos));
    let properties = |content: Content| {
        let mut raw = row(content).unwrap();
        raw.properties.sort_by(|a, b| a.0.cmp(&b.0));
        (raw.id, raw.location, raw.properties)
    };
    assert_eq!(properties(sent.content), properties(of_phone.content));
    let repeats = serde_json::json!({"items": [{"items/team": "7"}, {"items/team": "8"}], "kind": "uxo"});
    assert_eq!(said(&row(kobo(&repeats).unwrap().content).unwrap(), "team"), Some("7;8"));
}

#[test]
fn a_record_that_was_chosen_is_updated_without_a_version() {
    let chosen = serde_json::json!({"detection": ID, "neutralised_on": "2024-05-02", "disposal": "burned"});
    let Content::Update(update) = kobo(&chosen).unwrap().content else { panic!("no update") };
    let update = update.unwrap();
    assert_eq!((update.id.to_string(), update.base), (ID.to_owned(), None));
    let Content::Update(update) = kobo(&serde_json::json!({"detection": "that one"})).unwrap().content else {
        panic!("no update")
    };
    assert_eq!(update.unwrap_err().field, "detection");
}

#[test]
fn what_kobotoolbox_never_sends_is_refused() {
    let deep = format!("{{\"a\":{}1{}}}", "[{\"a\":".repeat(60), "}]".repeat(60));
    for bad in ["", "[]", "{}", "{\"_uuid\":\"7\"}", "{\"meta/instanceID\":\"7\"}", &deep] {
        assert!(read_kobo(bad.as_bytes()).is_err(), "{bad}");
    }
}

/// Returns longitude, latitude and the entered coordinates of a find away from the stated place.
fn away(raw: &RawRecord) -> (f64, f64, String) {
    let RawLocation::At { lon, lat, as_given: Some(as_given), .. } = &raw.location else { panic!("{raw:?}") };
    assert_eq!(as_given.crs, "bearing and distance");
    (*lon, *lat, as_given.coordinates.clone())
}

#[test]
fn a_point_on_the_map_says_so_and_has_no_accuracy() {
    let raw = record("<location_on_map>39.63 46.55 0 0</location_on_map>").unwrap();
    assert!(matches!(raw.location, RawLocation::At { lon: 46.55, lat: 39.63, .. }));
    assert_eq!((said(&raw, "fix"), said(&raw, "accuracy_m")), (Some("map"), None));
    let stated = record("<fix>gnss_corrected</fix><location>39.63 46.55 0 0.5</location>").unwrap();
    assert_eq!((said(&stated, "fix"), said(&stated, "accuracy_m")), (Some("gnss_corrected"), Some("0.5")));
}

#[test]
fn a_bearing_from_a_compass_is_turned_by_the_declination_of_the_place_and_the_day() {
    let start = "<fix>bearing_distance</fix><start_location>39.7011 46.296 1200 5</start_location>";
    let find = |north: &str, more: &str| {
        let answers = format!(
            "{start}<bearing_north>{north}</bearing_north><bearing>0</bearing><distance_m>100</distance_m>\
             <detected_on>2023-03-14</detected_on>{more}"
        );
        record(&answers)
    };
    let raw = find("true", "").unwrap();
    let (lon, lat, given) = away(&raw);
    assert!((lon - 46.296).abs() < 2e-7 && lat > 39.7011, "{lon} {lat}");
    assert_eq!(given, "0 degrees (true), 100 m from 46.296 39.7011");
    assert_eq!((said(&raw, "fix"), said(&raw, "accuracy_m")), (Some("bearing_distance"), Some("6.4")));
    assert_eq!(said(&raw, "bearing"), None, "it is part of location_as_given");
    // Seven degrees at 100 m are 12 m to the east.
    let (lon, _, given) = away(&find("magnetic", "").unwrap());
    let east_m = (lon - 46.296) * 85_700.0;
    assert!((11.0..13.5).contains(&east_m), "{east_m}");
    assert!(
        given.starts_with("0 degrees (magnetic, declination 6.") || given.contains("declination 7."),
        "{given}"
    );
    let (lon, ..) = away(&find("magnetic", "<declination>0</declination>").unwrap());
    assert!((lon - 46.296).abs() < 2e-7, "{lon}");
    assert_eq!(find("grid", "").unwrap_err().field, "bearing_north");
}

#[test]
fn a_bearing_counts_only_with_all_that_it_needs() {
    let place = "<location>39.7011 46.296 1200 5</location><detected_on>2023-03-14</detected_on>";
    let fix = "<fix>bearing_distance</fix>";
    let both = format!("{fix}<bearing>90</bearing><distance_m>50,5</distance_m>");
    let (lon, ..) = away(&record(&format!("{place}{both}")).unwrap());
    assert!(lon > 46.296, "the position is where the bearing was taken");
    for (answers, field) in [
        ("<bearing>90</bearing>", "distance_m"),
        ("<distance_m>5</distance_m>", "bearing"),
        ("<bearing>361</bearing><distance_m>5</distance_m>", "bearing"),
        ("<bearing>90</bearing><distance_m>5001</distance_m>", "distance_m"),
        ("<bearing>90</bearing><distance_m>far</distance_m>", "distance_m"),
    ] {
        assert_eq!(record(&format!("{place}{fix}{answers}")).unwrap_err().field, field, "{answers}");
    }
    let early = record(&format!("{}{both}", place.replace("2023", "2019"))).unwrap_err();
    assert!(early.field == "bearing_north" && early.reason.contains("2019-03-14"), "{early:?}");
    let true_north = format!("{}{both}<bearing_north>true</bearing_north>", place.replace("2023", "2019"));
    assert!(record(&true_north).is_ok());
    let nowhere = record("<fix>bearing_distance</fix><bearing>90</bearing><distance_m>5</distance_m>");
    assert_eq!(nowhere.unwrap_err().field, "start_location");
    // A form that does not state that the find is away may mean anything by these answers: its position is
    // kept.
    let others = "<bearing>90</bearing><distance_m>5</distance_m>";
    for answers in [others, &format!("<fix>gnss</fix>{others}"), "<bearing>90</bearing>"] {
        let raw = record(&format!("{place}{answers}")).unwrap();
        assert!(matches!(raw.location, RawLocation::At { lon: 46.296, as_given: None, .. }), "{answers}");
        assert_eq!(said(&raw, "bearing"), Some("90"), "{answers}");
    }
}

#[test]
fn a_repeat_of_finds_is_as_many_records() {
    let answers = "<location>39.63 46.55 0 4.5</location><detected_on>2024-05-02</detected_on><photo>all.jpg</photo>\
                   <found><kind>uxo</kind><note>one</note><photo>1.jpg</photo></found>\
                   <found><what><kind>ied</kind></what><location>39.64 46.56 0 0</location></found>\
                   <found><kind/><note/></found>";
    let all = read(answers, "");
    assert_eq!(all.photos, ["all.jpg", "1.jpg"]);
    let Content::Records(finds) = all.content else { panic!("no records") };
    assert_eq!(finds[0].photos, ["1.jpg", "all.jpg"]);
    let raws: Vec<_> = finds.into_iter().map(|find| find.row.unwrap()).collect();
    let of = |name| raws.iter().map(|raw| said(raw, name)).collect::<Vec<_>>();
    assert_eq!(of("kind"), [Some("uxo"), Some("ied")]);
    assert_eq!(of("note"), [Some("one"), None]);
    assert_eq!(of("detected_on"), [Some("2024-05-02"); 2]);
    assert_eq!(of("accuracy_m"), [Some("4.5"), None], "the second has its own place");
    assert_eq!(raws.iter().map(|raw| raw.row).collect::<Vec<_>>(), [1, 2]);
    assert!(matches!(raws[1].location, RawLocation::At { lon: 46.56, .. }));
    let sent = kobo(&serde_json::json!({
        "location": "39.63 46.55 0 4.5", "detected_on": "2024-05-02", "photo": "all.jpg",
        "found": [{"found/kind": "uxo", "found/note": "one", "found/photo": "1.jpg"},
                  {"found/what/kind": "ied", "found/location": "39.64 46.56 0 0"}],
    }));
    assert_eq!(rows(sent.unwrap().content).len(), 2);
}

#[test]
fn what_stands_beside_a_repeat_of_finds_is_one_itself_when_it_has_a_kind() {
    let answers = "<location>39.63 46.55 0 4.5</location><detected_on>2024-05-02</detected_on><kind>ap_mine</kind>\
                   <model>PMN-2</model><team>7</team><more><kind>uxo</kind></more><more><kind>fuze</kind></more>";
    let raws: Vec<_> = rows(read(answers, "").content).into_iter().map(Result::unwrap).collect();
    let of = |name| raws.iter().map(|raw| said(raw, name)).collect::<Vec<_>>();
    assert_eq!(of("kind"), [Some("ap_mine"), Some("uxo"), Some("fuze")]);
    assert_eq!(of("model"), [Some("PMN-2"), None, None]);
    assert_eq!(of("team"), [Some("7"); 3]);
    let many = format!("<x>{}</x>", "<found><kind>uxo</kind></found>".repeat(101));
    assert!(read_submission(submission(&many, "").as_bytes()).is_err());
}

#[test]
fn many_finds_and_long_answers_for_all_of_them_do_not_multiply() {
    let finds = "<found><kind>uxo</kind></found>".repeat(90);
    let long = format!("<note>{}</note>{finds}", "n".repeat(500_000));
    assert!(read_submission(submission(&long, "").as_bytes()).is_err());
    let some = format!("<note>{}</note>{finds}", "n".repeat(4_000));
    assert_eq!(rows(read(&some, "").content).len(), 90);
    let blank = "<a><kind/></a>".repeat(60_000);
    assert_eq!(rows(read(&blank, "").content).len(), 1);
}
