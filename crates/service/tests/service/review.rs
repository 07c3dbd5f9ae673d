//! Managers review accidents in queues of their own.

use demining::{AccidentDetails, Action, Details, Expect, Outcome, Review, Revision, Write};
use serde_json::Value;
use service::{
    Served,
    access::Caller,
    review::{
        Reviewed, Risk, Waiting, Within,
        decisions::{self, Asked, NEAR_DAYS, NEAR_M, NotDecided as NotReviewed},
        quarantine::{self, NotDecided, Verdict},
        undo::{self, NotUndone},
    },
};

use crate::world::*;

fn asked(state: Review) -> Asked {
    let within = Within { metres: NEAR_M.0, days: NEAR_DAYS.0 };
    Asked { state, region: None, after: 0, limit: 50, within }
}

async fn queue(world: &World, caller: Caller) -> decisions::Page<demining::Accident> {
    decisions::page::<AccidentDetails>(&world.service, caller, asked(Review::Submitted)).await.unwrap()
}

async fn upload(world: &World, caller: &Caller, features: Vec<Value>) {
    let report = world.upload(caller, of_accidents(), features).await;
    assert_eq!(report.refused, 0, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn accidents_wait_in_their_own_queue_with_possible_duplicates() {
    let world = World::new();
    let other_class = with(feature(3, 46.7), "class", "cluster");
    let other_day = with(feature(4, 46.5), "occurred_on", "2023-09-20");
    // 46.502 is 170 m away; 46.7 is in the same district; 46.9 has neither its place nor its class.
    let features = vec![feature(1, 46.5), with(feature(2, 46.502), "class", "ied"), other_class, other_day];
    upload(&world, &team("Team 7"), features).await;
    upload(&world, &team("Team 7"), vec![feature(5, 46.9)]).await;
    world.commit(vec![put_detection(6, 46.5)]).await;

    let page = queue(&world, manager()).await;
    let ids: Vec<_> = page.records.iter().map(|waits| waits.found.record.content.id).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5].map(id));
    let near =
        |nth: usize| -> Vec<_> { page.records[nth].near.iter().map(|near| near.record.content.id).collect() };
    assert_eq!(near(0), [id(2), id(5)], "the same place, then the same district and class");
    assert!(near(2).is_empty() && near(3).is_empty());
    assert_eq!(page.records[0].history.len(), 1);
    let waiting = Waiting { submitted: 5, has_issues: 0, rejected: 0, quarantined: 0, refused: 0 };
    assert_eq!(page.waiting, waiting);
    assert!(queue(&world, manager_of_b()).await.records.is_empty());
    let detections = decisions::page::<Details>(&world.service, manager(), asked(Review::Submitted)).await;
    assert_eq!(detections.unwrap().waiting, Waiting { submitted: 0, ..waiting });
}

fn decision(n: u64, revision: u64, review: Review) -> Write<demining::Accident> {
    let expect = Expect::At(Revision(revision));
    Write { row: n, action: Action::Review(id(n), review), expect, reason: Some("seen".into()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_on_accidents_is_made_within_rights_and_undone_by_who_made_it() {
    let world = World::new();
    upload(&world, &team("Team 7"), vec![feature(1, 46.5), feature(2, 46.6)]).await;
    let review_of = |n| AccidentDetails::find(&world.view(), id(n)).unwrap().record.review;
    let foreign = vec![decision(1, 1, Review::Approved)];
    let (_, refused) =
        decisions::commit::<AccidentDetails>(&world.service, &manager_of_b(), foreign).await.unwrap();
    assert!(matches!(&refused[..], [NotReviewed::NotAllowed(_)]));

    let writes = vec![decision(1, 1, Review::Approved), decision(2, 9, Review::Rejected)];
    let (committed, refused) =
        decisions::commit::<AccidentDetails>(&world.service, &manager(), writes).await.unwrap();
    assert!(matches!(&refused[..], [NotReviewed::Refused { outcome: Outcome::Conflict { .. }, .. }]));
    assert_eq!((review_of(1), review_of(2)), (Review::Approved, Review::Submitted));

    let undo = async |caller: &Caller, revision| undo::undo(&world.service, caller, revision).await.unwrap();
    assert!(matches!(undo(&manager_of_b(), committed.revision).await, Err(NotUndone::Foreign(_))));
    assert!(matches!(undo(&manager(), Revision(1)).await, Err(NotUndone::Missing)));
    assert!(matches!(undo(&manager(), Revision(99)).await, Err(NotUndone::Missing)));
    let undone = undo(&manager(), committed.revision).await;
    assert_eq!(undone.ok().map(|undone| undone.n_undone), Some(1));
    assert_eq!(review_of(1), Review::Submitted);
}

/// The codes of the risks of each write in quarantine.
async fn risks(world: &World) -> Vec<(i64, Vec<&'static str>)> {
    let page = quarantine::page::<AccidentDetails>(&world.service, manager(), 0, 50).await.unwrap();
    assert_eq!(page.waiting.quarantined, page.writes.len() as u64);
    let codes = |risks: &[Risk]| risks.iter().map(|risk| risk.code).collect::<Vec<_>>();
    page.writes.iter().map(|write| (write.held.number, codes(&write.risks))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarantined_accident_is_accepted_once_its_risks_are_confirmed() {
    let world = World::new();
    let full = AccidentDetails { killed: Some(1), model: Some("PMN-2".into()), ..accident(1, 46.5) };
    world.commit(vec![put(full)]).await;
    // It replaces an approved record, empties two fields, and moves by 8.5 km.
    upload(&world, &team("Team 7"), vec![feature(1, 46.6)]).await;
    let known: Vec<&str> = Risk::CODES.iter().chain(AccidentDetails::OWN_RISKS).copied().collect();
    let all = risks(&world).await;
    let [(number, codes)] = &all[..] else { panic!("{all:?}") };
    assert_eq!(*codes, ["replaces_approved", "empties", "far"]);
    assert!(codes.iter().all(|code| known.contains(code)));

    let verdict = |confirms: &[&str]| Verdict {
        is_accepted: true,
        revision: Some(1),
        confirms: confirms.iter().map(|code| (*code).to_owned()).collect(),
        ..Verdict::default()
    };
    let decide =
        async |verdict| quarantine::decide(&world.service, &manager(), *number, verdict).await.unwrap();
    let Err(NotDecided::Unconfirmed(about, left)) = decide(verdict(&["far"])).await else { panic!() };
    assert_eq!((about.id, left.len()), (id(1), 2));
    let (about, revision) = decide(verdict(codes)).await.ok().unwrap();
    assert_eq!((about.id, revision), (id(1), Revision(2)));
    let found = AccidentDetails::find(&world.view(), id(1)).unwrap();
    assert_eq!((found.record.content.killed, found.record.content.location.lon()), (None, 46.6));
    assert!(matches!(decide(verdict(codes)).await, Err(NotDecided::Before { .. })));
    assert!(risks(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accident_outside_the_country_or_recorded_twice_is_a_risk() {
    let world = World::new();
    world.commit(vec![put(accident(1, 46.5))]).await;
    let of_others = |n, lon| with(feature(n, lon), "operator", "HALO");
    let other_day = with(of_others(4, 46.502), "occurred_on", "2023-09-20");
    // All of another operator, so that they wait: outside, nearby, alike in the district, on another day.
    upload(&world, &team("Team 7"), vec![feature(2, 50.0), of_others(3, 46.502), other_day]).await;
    upload(&world, &team("Team 7"), vec![of_others(5, 46.9), with(of_others(6, 46.9), "class", "ied")]).await;
    let codes: Vec<_> = risks(&world).await.into_iter().map(|(_, codes)| codes).collect();
    let none = Vec::new;
    assert_eq!(codes, [vec!["outside"], vec!["duplicate"], none(), vec!["duplicate"], none()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_in_quarantine_is_decided_whatever_its_collection() {
    let world = World::new();
    world.commit(vec![put_detection(1, 46.5)]).await;
    // The id belongs to a detection, so the accident waits and can only be dismissed.
    upload(&world, &team("Team 7"), vec![feature(1, 46.5)]).await;
    let all = risks(&world).await;
    let [(number, codes)] = &all[..] else { panic!("{all:?}") };
    assert!(codes.is_empty());
    let decide = async |caller: Caller, number, is_accepted| {
        let verdict = Verdict { is_accepted, reason: Some("twice".into()), ..Verdict::default() };
        quarantine::decide(&world.service, &caller, number, verdict).await.unwrap()
    };
    assert!(matches!(decide(manager(), 99, true).await, Err(NotDecided::Missing)));
    assert!(matches!(decide(manager_of_b(), *number, true).await, Err(NotDecided::Outside)));
    let accepted = decide(manager(), *number, true).await;
    assert!(matches!(accepted, Err(NotDecided::Refused(_, Outcome::OtherCollection { .. }))));
    assert!(decide(manager(), *number, false).await.is_ok());
    assert!(risks(&world).await.is_empty());
    assert!(Details::find(&world.view(), id(1)).is_some());
}
