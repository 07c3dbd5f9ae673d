//! Submissions as Collect writes them, and others.

use demining::RawLocation;

use super::*;

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

fn record(answers: &str) -> Row {
    let Content::Record(row) = read(answers, "").content else { panic!("no record") };
    *row
}

fn entity(attributes: &str) -> Result<Update, Problem> {
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
    let Content::Record(row) = read.content else { panic!("no record") };
    let raw = row.unwrap();
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
    assert!(matches!(correction.content, Content::Record(row) if row.is_ok()));
    assert_eq!(read("<kind>uxo</kind>", "<deprecatedID/>").corrects, None);
}

#[test]
fn a_correction_of_nothing_known_and_a_field_that_is_said_twice_are_problems_of_the_record() {
    let Content::Record(row) = read("<kind>uxo</kind>", "<deprecatedID>uuid:1</deprecatedID>").content else {
        panic!("no record")
    };
    assert_eq!(row.unwrap_err().field, "deprecatedID");
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

/// As the REST service of `KoBoToolbox` sends it.
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
        let Content::Record(row) = content else { panic!("no record") };
        let mut raw = row.unwrap();
        raw.properties.sort_by(|a, b| a.0.cmp(&b.0));
        (raw.id, raw.location, raw.properties)
    };
    assert_eq!(properties(sent.content), properties(of_phone.content));
    let repeats = serde_json::json!({"items": [{"items/team": "7"}, {"items/team": "8"}], "kind": "uxo"});
    let Content::Record(row) = kobo(&repeats).unwrap().content else { panic!("no record") };
    assert!(row.unwrap().properties.contains(&("team".into(), Value::Text("7;8".into()))));
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
