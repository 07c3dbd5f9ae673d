//! Who may write accidents: the rules of detections.

use demining::{AccidentDetails, Collection, QuarantineReason, Review};
use serde_json::Value;
use service::{
    Served,
    access::Caller,
    intake::{self, What},
};

use crate::world::*;

/// Sends accidents that replace existing ones, and returns the reason for quarantining the first; `None` if
/// it was accepted.
async fn held(world: &World, caller: &Caller, accident: Value) -> Option<QuarantineReason> {
    let said = of_accidents().and("update", "true").and("reason", "a test");
    let report = world.upload(caller, said, vec![accident]).await;
    assert_eq!(report.refused, 0, "{report:?}");
    match report.troubles.into_iter().next()?.what {
        What::Quarantined { why } => Some(why),
        other => panic!("{other:?}"),
    }
}

fn review_of(world: &World, n: u64) -> Review {
    AccidentDetails::find(&world.view(), id(n)).unwrap().record.review
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_team_records_accidents_in_its_regions_for_its_operator() {
    let world = World::new();
    let team = team("Team 7");
    assert_eq!(held(&world, &team, feature(1, 46.5)).await, None);
    assert_eq!(review_of(&world, 1), Review::Submitted);
    let found = AccidentDetails::find(&world.view(), id(1)).unwrap();
    assert_eq!(found.record.content.operator.as_deref(), Some("ANAMA"), "its own by default");
    assert_eq!(held(&world, &team, feature(2, 47.5)).await, Some(QuarantineReason::Outside));
    let of_others = with(feature(3, 46.5), "operator", "HALO");
    assert_eq!(held(&world, &team, of_others).await, Some(QuarantineReason::Operator));
    assert_eq!(world.view().accidents().all().count(), 1);
    let waiting = world.service.readers.run(|reader| reader.n_quarantined(Collection::Accidents));
    assert_eq!(waiting.await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_team_changes_its_own_accidents_until_they_are_approved() {
    let world = World::new();
    let (own, other) = (team("Team 7"), team("Team 8"));
    let counted = |n: u64| with(with(feature(1, 46.5), "operator", "ANAMA"), "killed", n);
    assert_eq!(held(&world, &own, counted(1)).await, None);
    assert_eq!(held(&world, &own, counted(2)).await, None, "a correction of its own record");
    assert_eq!(held(&world, &other, counted(3)).await, Some(QuarantineReason::Foreign));
    let more = with(counted(2), "injured", 1);
    assert_eq!(held(&world, &other, more.clone()).await, None, "it takes nothing back");
    assert_eq!(held(&world, &own, with(more.clone(), "injured", 2)).await, None);

    world.commit(vec![put(accident(4, 46.5))]).await;
    assert_eq!(review_of(&world, 4), Review::Approved);
    let known = with(feature(4, 46.5), "killed", 1);
    assert_eq!(held(&world, &own, known).await, Some(QuarantineReason::Approved));
    let moved = with(feature(4, 46.5), "operator", "ANAMA");
    assert_eq!(held(&world, &team("Team 9"), moved).await, Some(QuarantineReason::Approved));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_of_a_region_writes_accidents_in_it_only() {
    let world = World::new();
    world.commit(vec![put(accident(1, 46.5))]).await;
    let report =
        world.upload(&manager_of_b(), of_accidents(), vec![feature(2, 46.6), feature(3, 47.5)]).await;
    assert_eq!((report.created, report.refused), (1, 1));
    assert!(matches!(&report.troubles[0].what, What::Value { code: Some(code), .. } if code == "outside"));
    let expect = demining::Expect::Any;
    let target = (Collection::Accidents, id(1));
    let gone = intake::delete(&world.service.intake, &manager_of_b(), target, None, expect).await.unwrap();
    assert!(matches!(gone, intake::IntakeOutcome::Refused(intake::Refusal::NotAllowed, _)), "{gone:?}");
}
