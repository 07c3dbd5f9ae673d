use std::collections::{BTreeMap, HashSet};

use super::super::{
    is_made_up,
    tests::{districts, regions},
};
use super::*;
use crate::{
    RawLocation, RawRecord, Value,
    field::{FieldRole, FieldValue},
};

fn made(seed: u64) -> Vec<Accident> {
    accidents(&regions(), seed).unwrap()
}

/// Counts victims by whatever the caller asks.
fn count<K: Ord>(all: &[Accident], key: impl Fn(&Victim) -> K) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for victim in all.iter().flat_map(|accident| accident.victims.iter()) {
        *counts.entry(key(victim)).or_default() += 1;
    }
    counts
}

#[test]
fn the_people_add_up_to_the_published_figures_for_any_seed() {
    use VictimOutcome::{Injured, Killed};
    use VictimStatus::{Civilian, MilitarySecurity};
    for seed in [0, 1, 2_023] {
        let all = made(seed);
        let groups = count(&all, |victim| (victim.status.unwrap(), victim.outcome.unwrap()));
        let wanted = [
            ((Civilian, Killed), 48),
            ((Civilian, Injured), 101),
            ((MilitarySecurity, Killed), 13),
            ((MilitarySecurity, Injured), 152),
        ];
        assert_eq!(groups, BTreeMap::from(wanted));
        let killed: u32 = all.iter().map(|accident| accident.killed.unwrap()).sum();
        let injured: u32 = all.iter().map(|accident| accident.injured.unwrap()).sum();
        assert_eq!((killed, injured, killed + injured), (61, 253, 314));
        // The published figures count mine explosions.
        assert!(
            all.iter().all(|accident| accident.class == AccidentClass::Mine || accident.victims.is_empty())
        );
        assert!(all.iter().any(|accident| accident.class == AccidentClass::Cluster));
    }
}

#[test]
fn the_two_reported_accidents_are_the_only_ones_of_their_day() {
    let regions = regions();
    let all = made(5);
    let of_day: Vec<_> = all.iter().filter(|accident| accident.occurred_on == date(2023, 9, 19)).collect();
    let told: Vec<_> =
        of_day.iter().map(|a| (a.time.unwrap(), a.killed, a.injured, a.victims[0].status)).collect();
    let wanted = [
        (time(4, 0, 0, 0), Some(2), Some(0), Some(VictimStatus::Civilian)),
        (time(4, 30, 0, 0), Some(4), Some(0), Some(VictimStatus::MilitarySecurity)),
    ];
    assert_eq!(told, wanted);
    for accident in of_day {
        assert_eq!(districts(&regions, accident.location), ["AZ-XVD"]);
        assert_eq!(accident.device, Some(Kind::AvMine));
    }
}

#[test]
fn every_accident_is_in_the_period_and_in_one_district_also_for_the_public() {
    let regions = regions();
    for accident in made(3) {
        assert!((date(2020, 11, 10)..=date(2023, 9, 19)).contains(&accident.occurred_on), "{accident:?}");
        let [district] = districts(&regions, accident.location)[..] else { panic!("{accident:?}") };
        assert!(SHARES.iter().zip(LOAD).any(|(share, load)| share.id == district && load > 0));
        assert_eq!(districts(&regions, public_place(accident.location.into()).into()), [district]);
    }
}

#[test]
fn every_accident_says_that_it_is_made_up_and_has_an_id_of_its_own() {
    let all = made(3);
    for accident in &all {
        assert!(is_made_up(accident.operator.as_deref()));
        assert!(accident.note.as_deref().unwrap().starts_with("Made up for the demonstration"));
    }
    let ids: HashSet<_> = all.iter().map(|accident| accident.id).collect();
    assert_eq!(ids.len(), all.len());
    assert!(ids.iter().all(|id| id.get_version_num() == 8));
}

#[test]
fn the_same_seed_gives_the_same_accidents_in_order_of_time_and_another_seed_others() {
    let (a, b) = (made(11), made(12));
    assert_eq!(a, made(11));
    assert!(a.is_sorted_by_key(|accident| accident.occurred_on));
    let places: HashSet<_> = a.iter().map(|accident| accident.location.e7()).collect();
    assert!(b.iter().all(|accident| !places.contains(&accident.location.e7())));
    // The public set must not change by accident: on every machine it begins with this record.
    let first = &made(2_023)[0];
    let id = "3ef4b38d-8e8e-8414-a97d-b07e6a812081";
    assert_eq!((first.id.to_string().as_str(), first.location.e7()), (id, (466_702_326, 396_561_962)));
}

#[test]
fn accidents_are_as_in_life() {
    let all: Vec<_> = (0..8).flat_map(made).collect();
    let share = |is: &dyn Fn(&&Accident) -> bool| all.iter().filter(is).count() * 100 / all.len();
    assert!(
        share(&|accident| (1..=3).contains(&accident.victims.len())) > 75,
        "most hurt one to three people"
    );
    assert!((8..20).contains(&share(&|accident| accident.victims.is_empty())), "some hurt nobody");
    assert!(share(&|accident| accident.occurred_on.year() < 2022) > 55, "most happened before 2022");
    assert!(share(&|accident| accident.class == AccidentClass::Mine) > 90, "most were with mines");

    let civilian = |victim: &Victim| victim.status == Some(VictimStatus::Civilian);
    let people = count(&all, |v| (civilian(v), v.sex.unwrap(), v.age_group.unwrap()));
    let of = |group| people.get(&group).copied().unwrap_or(0);
    assert!(of((true, Sex::Male, AgeGroup::Adult)) > 8 * 149 * 3 / 4);
    assert!(of((true, Sex::Female, AgeGroup::Adult)) > 0 && of((true, Sex::Male, AgeGroup::Child)) > 0);
    assert!(people.keys().all(|(is_civilian, _, age)| *is_civilian || *age == AgeGroup::Adult));
    let educated = count(&all, |v| v.risk_education_received == Some(YesNo::Yes));
    assert!(educated[&true] * 5 < educated[&false]);
}

/// Returns the row that a sender would upload to create this accident.
fn row(accident: &Accident) -> RawRecord {
    let is_property = |role| matches!(role, FieldRole::Required | FieldRole::Given);
    let properties = Accident::FIELDS.iter().filter(|field| is_property(field.role)).map(|field| {
        let value = match (field.get)(accident) {
            FieldValue::Null => Value::Null,
            FieldValue::Word(word) => Value::Text(word.text.to_owned()),
            FieldValue::Text(text) => Value::Text(text.to_owned()),
            FieldValue::Whole(number) => Value::Number(number.to_string()),
            FieldValue::Real(number) => Value::Number(number.to_string()),
            FieldValue::Day(day) => Value::Text(day.to_string()),
            FieldValue::Time(time) => Value::Text(time.strftime("%H:%M").to_string()),
            FieldValue::Rows(json) => Value::Json(json.to_owned()),
            other => panic!("{}: {other:?}", field.name),
        };
        (field.name.into(), value)
    });
    let (lon, lat) = (accident.location.lon(), accident.location.lat());
    RawRecord {
        row: 1,
        id: Value::Text(accident.id.to_string()),
        location: RawLocation::At { lon, lat, as_given: None, transform_accuracy_m: 0.0 },
        properties: properties.collect(),
    }
}

#[test]
fn an_upload_of_the_accidents_is_accepted_and_gives_the_same_records() {
    for accident in made(4) {
        assert_eq!(
            Accident::judge(row(&accident), date(2023, 9, 20), || panic!("it has an id")),
            Ok(accident)
        );
    }
}
