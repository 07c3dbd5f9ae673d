//! Accidents come in as detections do: judged, stored, committed, reported.

use std::{sync::Arc, time::Duration};

use demining::{AccidentDetails, Collection, Expect, Outcome, Revision, VictimOutcome};
use serde_json::{Value, json};
use service::{
    FoundOf, Served,
    intake::{
        self, Channel, FileOptions, How, IntakeOutcome, NEW, Refusal, Replacing, ReportedProblem,
        UploadOptions, Verdict, What,
    },
};
use store::Received;
use tokio::sync::watch;

use crate::world::*;

/// The code of a problem's value; empty if it is another kind of problem.
fn code(problem: &ReportedProblem) -> &str {
    if let What::Value { code: Some(code), .. } = &problem.what { code } else { "" }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_of_accidents_is_judged_row_by_row_and_shown() {
    let world = World::new();
    let victims = json!([{"outcome": "killed", "age_group": "child"}, {"outcome": "injured"}]);
    let rows = vec![
        with(feature(1, 46.5), "victims", victims),
        with(feature(2, 46.6), "name", "somebody"),
        with(feature(3, 46.7), "class", "spoon"),
        with(feature(4, 40.5), "region", "A"),
    ];
    let report = world.upload(&manager(), of_accidents(), rows).await;
    assert_eq!((report.rows, report.created, report.refused), (4, 2, 2));
    assert_eq!(report.ids, [id(1), id(4)]);
    assert_eq!((report.troubles[0].row, code(&report.troubles[0])), (2, "personal"));
    assert!(matches!(&report.troubles[1].what, What::Value { field, .. } if field == "class"));
    assert_eq!(report.notices.len(), 1, "the place is in no region");

    let view = world.view();
    assert_eq!(view.revision(), Revision(1));
    let found = view.accidents().get(id(1)).unwrap();
    assert_eq!(found.region.as_deref(), Some("A"));
    let accident = &found.record.content;
    assert_eq!((accident.killed, accident.injured), (Some(1), Some(1)));
    assert_eq!(accident.victims[0].outcome, Some(VictimOutcome::Killed));
    assert!(view.get(id(1)).is_none(), "it is no detection");

    // What was received may name people, so only the report stays.
    let upload = report.upload.unwrap();
    let reader = world.service.readers.run(move |reader| reader.received(upload)).await.unwrap();
    assert!(reader.unwrap().0.bytes.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accident_changes_by_the_rules_of_every_collection() {
    let world = World::new();
    let first = with(feature(1, 46.5), "killed", 1);
    world.upload(&manager(), of_accidents(), vec![first.clone()]).await;
    let again = world.upload(&manager(), of_accidents(), vec![first.clone()]).await;
    assert_eq!(again.unchanged, 1);
    let more = with(first, "killed", 2);
    let conflict = world.upload(&manager(), of_accidents(), vec![more.clone()]).await;
    assert_eq!(conflict.troubles[0].what, What::Conflict { current: 1 });
    let update = || of_accidents().and("update", "true");
    let unexplained = world.upload(&manager(), update(), vec![more.clone()]).await;
    assert_eq!(unexplained.troubles[0].what, What::NeedsReason);
    let explained = world.upload(&manager(), update().and("reason", "a victim died"), vec![more]).await;
    assert_eq!(explained.updated, 1);
    assert_eq!(world.view().accidents().get(id(1)).unwrap().record.content.killed, Some(2));
    let tried = world.upload(&manager(), of_accidents().and("dry_run", "true"), vec![feature(2, 46.5)]).await;
    assert_eq!((tried.created, tried.dry_run, tried.upload), (1, true, None));
    let rows = vec![feature(2, 46.5), with(feature(3, 46.5), "class", "spoon")];
    let atomic = world.upload(&manager(), of_accidents().and("atomic", "true"), rows).await;
    assert_eq!((atomic.created, atomic.refused), (0, 1));
    assert_eq!(world.view().accidents().all().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_a_detection_is_refused_for_an_accident() {
    let world = World::new();
    world.commit(vec![put_detection(1, 46.5)]).await;
    let report = world.upload(&manager(), of_accidents(), vec![feature(1, 46.5), feature(2, 46.5)]).await;
    assert_eq!((report.created, report.refused), (1, 1));
    assert_eq!(report.troubles[0].what, What::OtherCollection { of: Collection::Detections });
    let one = world.send(&manager(), None, &feature(1, 46.5)).await;
    assert!(matches!(one, IntakeOutcome::Refused(Refusal::OtherCollection, _)), "{one:?}");
}

/// Returns the accident that an outcome returns.
fn written(outcome: IntakeOutcome, how: How) -> AccidentDetails {
    let (IntakeOutcome::Accepted(written) | IntakeOutcome::Unchanged(written)) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!((written.how, written.collection, written.id), (how, Collection::Accidents, id(1)));
    match written.record {
        Some(FoundOf::Accidents(found)) => (*found.record.content).clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_accident_is_created_replaced_and_deleted() {
    let world = World::new();
    let intake = &world.service.intake;
    let created = world.send(&manager(), Some("a"), &feature(1, 46.5)).await;
    assert_eq!(written(created, How::Created), accident(1, 46.5));
    let repeated = world.send(&manager(), Some("a"), &feature(1, 46.5)).await;
    assert_eq!(written(repeated, How::Created), accident(1, 46.5));
    let other = world.send(&manager(), Some("a"), &feature(2, 46.5)).await;
    assert!(matches!(other, IntakeOutcome::KeyReused), "{other:?}");
    let refused = world.send(&manager(), None, &with(feature(3, 46.5), "surname", "somebody")).await;
    let IntakeOutcome::Refused(Refusal::NoRecord, problems) = refused else { panic!("{refused:?}") };
    assert_eq!(code(&problems[0]), "personal");

    let reading = of_accidents().reading().unwrap();
    let upload_options = UploadOptions { reason: Some("counted".into()), ..UploadOptions::default() };
    let body = with(feature(1, 46.5), "injured", 3).to_string();
    let replacing = |expect| Replacing {
        id: id(1),
        body: body.as_bytes(),
        upload_options: &upload_options,
        reading: &reading,
        expect,
        is_patch: false,
    };
    let stale = intake::replace(intake, &manager(), replacing(NEW)).await.unwrap();
    assert!(matches!(stale, IntakeOutcome::Stale), "{stale:?}");
    let replaced = intake::replace(intake, &manager(), replacing(Expect::At(Revision(1)))).await.unwrap();
    assert_eq!(written(replaced, How::Updated).injured, Some(3));

    let delete = async |collection| {
        intake::delete(intake, &manager(), (collection, id(1)), None, Expect::Any).await.unwrap()
    };
    let wrong = delete(Collection::Detections).await;
    assert!(matches!(wrong, IntakeOutcome::Refused(Refusal::OtherCollection, _)), "{wrong:?}");
    let gone = delete(Collection::Accidents).await;
    assert!(matches!(gone, IntakeOutcome::Accepted(written) if written.how == How::Deleted));
    assert!(AccidentDetails::find(&world.view(), id(1)).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_on_one_accident_sees_the_accident() {
    let world = World::new();
    world.send(&manager(), None, &feature(1, 46.5)).await;
    let send = async |holds: bool| {
        let known = move |found: Option<&FoundOf>| {
            assert_eq!(
                found.map(|found| (found.collection(), found.revision().0)),
                Some((Collection::Accidents, 1))
            );
            holds
        };
        let message =
            world.message(of_accidents(), None, &with(feature(1, 46.5), "injured", 1), Channel::Items);
        intake::take_items(&world.service.intake, &manager(), message, Some(&known)).await.unwrap()
    };
    assert!(matches!(send(false).await, IntakeOutcome::Stale));
    assert_eq!(written(send(true).await, How::Updated).injured, Some(1));
}

/// Stores a message without judging it, as a server that is killed does.
async fn stored(world: &World, n: u64, request_meta: String, body: Value) {
    let received = Received {
        id: id(n),
        by: "manager".into(),
        proof: store::Proof::None,
        sender: r#"{"role": "manager", "operator": null, "regions": null}"#.into(),
        door: "uploads".into(),
        key: None,
        request_meta,
        bytes: body.to_string().into(),
        hash: None,
    };
    world.service.writer.receive(received).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_waited_is_judged_by_its_collection_and_of_detections_if_it_names_none() {
    let world = World::new();
    let options = FileOptions::read(of_accidents(), None, None).unwrap();
    stored(&world, 71, serde_json::to_string(&options).unwrap(), feature(1, 46.5)).await;
    // As earlier versions stored it.
    let detection = json!({
        "type": "Feature", "id": id(2), "geometry": {"type": "Point", "coordinates": [46.5, 40.0]},
        "properties": {"kind": "ap_mine", "detected_on": "2023-03-14"},
    });
    stored(&world, 72, r#"{"query": "update=true"}"#.into(), detection).await;
    let world = world.restarted();
    let (stop, stopping) = watch::channel(false);
    let watching = tokio::spawn(intake::watch(Arc::clone(&world.service.intake), stopping));
    for n in [71, 72] {
        let report = loop {
            let find = world.service.readers.run(move |reader| reader.find_upload(id(n)));
            if let Some(report) = find.await.unwrap() {
                break report;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        let Verdict::Judged(report) = Verdict::read(report.version, &report.report).unwrap() else {
            panic!()
        };
        assert_eq!(report.created, 1, "{report:?}");
    }
    stop.send(true).unwrap();
    watching.await.unwrap();
    let view = world.view();
    assert!(view.accidents().get(id(1)).is_some() && view.get(id(2)).is_some());
    assert!(view.get(id(1)).is_none() && view.accidents().get(id(2)).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_of_both_collections_are_told_their_own_outcomes() {
    let world = World::new();
    let (detections, accidents) =
        tokio::join!(world.commit(vec![put_detection(1, 46.5)]), world.commit(vec![put(accident(2, 46.5))]));
    assert_eq!([&detections, &accidents].map(|done| done.outcomes[0]), [Outcome::Created; 2]);
    assert_eq!(detections.changes.collection(), Collection::Detections);
    assert_eq!(accidents.changes.collection(), Collection::Accidents);
    let view = world.view();
    assert!(view.get(id(1)).is_some() && view.accidents().get(id(2)).is_some());
    assert_eq!(view.revision(), Revision(2));
}
