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
    assert_eq!((update.base, update.trunk, update.branch), (12, Some(11), Some(update.id)));
    assert_eq!(update.answers, [("neutralised_on".to_owned(), "2024-05-02".to_owned())]);
    let blank =
        format!("dataset='detections' update='1' id='{ID}' baseVersion='3' trunkVersion='' branchId=''");
    assert_eq!(entity(&blank).unwrap().trunk, None);
    for (attributes, field) in [
        ("dataset='trees' update='1' id='x' baseVersion='1'", "dataset"),
        ("dataset='detections' update='1' id='x' baseVersion='1'", "id"),
        (&*format!("dataset='detections' update='1' id='{ID}' baseVersion=''"), "baseVersion"),
        (&*format!("dataset='detections' update='1' id='{ID}' baseVersion='-1'"), "baseVersion"),
        (&*format!("dataset='detections' update='1' id='{ID}' baseVersion='1' branchId='b'"), "branchId"),
    ] {
        assert_eq!(entity(attributes).unwrap_err().field, field, "{attributes}");
    }
}

#[test]
fn a_corrected_submission_and_a_field_that_is_said_twice_are_problems_of_the_record() {
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
