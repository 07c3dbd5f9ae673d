//! Tests submissions about accidents.

use demining::{Accident, FieldProblem, RawRecord, YesNo};
use jiff::civil::{date, time};

use super::*;

const ID: &str = "0b5e6f0e-5e7c-4f2b-8b1a-1d1f6f7a9c01";

const PLACE: &str = "<location>39.7 46.3 1200 4.5</location>";

/// Returns the submission of a form with this id.
fn read(form: &str, answers: &str) -> Submission {
    let xml = format!(
        "<data id='{form}' version='1'>{PLACE}<class>mine</class><occurred_on>2023-09-19</occurred_on>{answers}\
         <meta><instanceID>uuid:{ID}</instanceID></meta></data>"
    );
    read_submission(xml.as_bytes()).unwrap()
}

fn raws(submission: Submission) -> Vec<RawRecord> {
    assert_eq!(submission.collection, Collection::Accidents);
    let Content::Records(records) = submission.content else { panic!("no records") };
    records.into_iter().map(|record| record.row.unwrap()).collect()
}

fn judged(submission: Submission) -> Result<Accident, Vec<FieldProblem>> {
    let mut raws = raws(submission);
    assert_eq!(raws.len(), 1);
    Accident::judge(raws.remove(0), date(2023, 9, 20), || panic!("it has an id"))
}

fn accident(answers: &str) -> Accident {
    judged(read("clearline_accident", answers)).unwrap()
}

fn problem(answers: &str) -> (String, Option<&'static str>) {
    let mut problems = judged(read("clearline_accident", answers)).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    let FieldProblem { field, code, .. } = problems.remove(0);
    (field, code)
}

#[test]
fn the_answers_are_the_fields_of_an_accident() {
    let made = accident(
        "<time>14:30:00.000+04:00</time><device>av_mine</device><model>TM-62M</model><area_marked>no</area_marked>\
         <set_off>driven_over</set_off><killed/><note>road</note>",
    );
    assert_eq!((made.id.to_string(), made.accuracy_m), (ID.to_owned(), Some(4.5)));
    assert_eq!((made.occurred_on, made.time), (date(2023, 9, 19), Some(time(14, 30, 0, 0))));
    assert_eq!((made.model.as_deref(), made.note.as_deref()), (Some("TM-62M"), Some("road")));
    assert_eq!((made.device.unwrap().word(), made.set_off.unwrap().word()), ("av_mine", "driven_over"));
    assert_eq!((made.area_marked, &made.extra), (Some(YesNo::No), &None));
    for time in ["14:30", "14:30:59", "14:30:00Z"] {
        assert!(accident(&format!("<time>{time}</time>")).time.is_some(), "{time}");
    }
    for time in ["14:30:00 at night", "half past two", "14:30:00+x", "25:00:00.000+04:00"] {
        assert_eq!(problem(&format!("<time>{time}</time>")).0, "time", "{time}");
    }
}

#[test]
fn each_row_of_the_repeat_is_a_victim() {
    let none = accident("<victims_known>yes</victims_known>");
    assert_eq!((none.victims.len(), none.killed, &none.extra), (0, None, &None));
    let one = accident("<victims><outcome>killed</outcome><sex/></victims><victims_count>1</victims_count>");
    assert_eq!((one.victims.len(), one.killed, one.injured, &one.extra), (1, Some(1), Some(0), &None));
    let three = accident(
        "<victims><outcome>injured</outcome><who><sex>male</sex><status>deminer</status></who></victims>\
         <victims><outcome/><sex/></victims>\
         <victims><outcome>killed</outcome><touched>yes</touched></victims><victims><outcome>injured</outcome></victims>",
    );
    assert_eq!((three.killed, three.injured), (Some(1), Some(2)));
    let victims: Vec<_> = three.victims.iter().collect();
    assert_eq!((victims[0].sex.unwrap().word(), victims[0].status.unwrap().word()), ("male", "deminer"));
    assert_eq!((victims.len(), victims[1].touched), (3, Some(YesNo::Yes)), "a blank row is none");
}

#[test]
fn people_may_only_be_counted() {
    let counted = accident("<victims_known>no</victims_known><killed>2</killed><injured>0</injured>");
    assert_eq!((counted.killed, counted.injured, counted.victims.len()), (Some(2), Some(0), 0));
    assert_eq!(counted.extra, None);
    let both = "<killed>2</killed><victims><outcome>killed</outcome></victims>";
    assert_eq!(problem(both), ("killed".to_owned(), Some("victims_differ")));
}

#[test]
fn a_question_for_a_name_is_refused_wherever_it_is() {
    for (answers, field) in [
        ("<victim_name>A. Person</victim_name>", "victim_name"),
        ("<name>A. Person</name>", "name"),
        ("<victims><outcome>killed</outcome><name>A. Person</name></victims>", "victims[1].name"),
    ] {
        assert_eq!(problem(answers), (field.to_owned(), Some("personal")), "{answers}");
    }
    let unknown = "<victims><outcome>killed</outcome><location>39.7 46.3 0 0</location></victims>";
    assert_eq!(problem(unknown), ("victims[1].location".to_owned(), Some("unknown_field")));
}

#[test]
fn a_form_whose_id_another_server_changed_says_what_it_is_about() {
    let named = read("aBcDeF", "<g><collection>accidents</collection></g><killed>1</killed>");
    let made = judged(named).unwrap();
    assert_eq!((made.killed, &made.extra), (Some(1), &None));
    for answers in ["", "<collection>mines</collection>", "<collection>detections</collection>"] {
        assert_eq!(read("aBcDeF", answers).collection, Collection::Detections, "{answers}");
    }
    let kobo = serde_json::json!({
        "_uuid": ID, "_xform_id_string": "aBcDeF", "collection": "accidents", "location": "39.7 46.3 1200 4.5",
        "class": "mine", "occurred_on": "2023-09-19", "time": "14:30:00.000+04:00", "victims_known": "yes",
        "victims": [{"victims/outcome": "killed", "victims/sex": "male"}, {"victims/outcome": "injured"}],
    });
    let of_kobo = judged(read_kobo(kobo.to_string().as_bytes()).unwrap()).unwrap();
    let of_phone = accident(
        "<time>14:30:00.000+04:00</time><victims><outcome>killed</outcome><sex>male</sex></victims>\
         <victims><outcome>injured</outcome></victims>",
    );
    assert_eq!(of_kobo, of_phone);
}

#[test]
fn a_compass_bearing_is_turned_by_the_declination_on_the_day_of_the_accident() {
    let answers = "<fix>bearing_distance</fix><start_location>39.7 46.3 0 5</start_location><bearing>0</bearing>\
                   <distance_m>100</distance_m>";
    let given = accident(answers).location_as_given.clone().unwrap();
    assert!(given.coordinates.starts_with("0 degrees (magnetic, declination 6."), "{given:?}");
}

#[test]
fn the_list_of_detections_is_not_of_this_form() {
    let raw = raws(read("clearline_accident", &format!("<detection>{ID}</detection>"))).remove(0);
    assert!(raw.properties.iter().any(|(name, _)| name == "detection"));
}
