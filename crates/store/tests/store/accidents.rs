//! Accidents beside detections: one log, one sequence of numbers, one index of ids.

use demining::{
    Accident, AccidentDetails, Action, Author, Change, Details, Expect, Outcome, QuarantineReason, Record,
    Review, Revision, VictimOutcome, Write,
};
use proptest::prelude::*;
use store::{ChangesOf, QuarantineDecision, Store, Upload, UploadError, check};

use crate::samples::*;

#[test]
fn every_field_of_an_accident_comes_back_as_it_was_written() {
    let (_folder, mut store) = new_store();
    let done = commit(&mut store, 1, vec![put(full_accident(1)), put(accident(2))]);
    let reader = store.reader().unwrap();
    let (revision, read) = accidents(&reader);
    assert_eq!(revision, Revision(1));
    let contents: Vec<_> = read.iter().map(|record| (*record.content).clone()).collect();
    assert_eq!(contents, [full_accident(1), accident(2)]);
    assert_eq!(read[0].content.victims[1].outcome, Some(VictimOutcome::Injured));
    assert_eq!(replay(&done.changes), read);
    assert_eq!(all_runs(&reader, 10), [done.changes.clone().into()]);
    assert_eq!(reader.find(id(1)).unwrap().as_ref(), read.first());
    assert_eq!(reader.history(id(2)).unwrap(), done.changes[1..]);
    assert_eq!(reader.newest(id(2)).unwrap().as_ref(), done.changes.last());
    let again = commit(&mut store, 2, vec![put(full_accident(1)), put(accident(2))]);
    assert_eq!((again.outcomes, again.revision), (vec![Outcome::Unchanged; 2], Revision(1)));
}

#[test]
fn collections_share_numbers_and_the_log_and_are_read_apart() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1)), put(plain(2))]);
    let accidents_of = commit(&mut store, 2, vec![put(accident(3)), put(full_accident(4))]);
    let uploads = vec![
        Upload::new("a", vec![put(plain(5))]),
        Upload::new("b", vec![put(accident(6))]),
        Upload::new("c", vec![put(full(7)), delete(2)]),
    ];
    store.commit(uploads, at(3)).unwrap().into_iter().for_each(|done| assert!(done.is_ok()));
    assert_eq!(accidents_of.changes.iter().map(|change| change.number).collect::<Vec<_>>(), [3, 4]);

    let reader = store.reader().unwrap();
    assert_eq!(records(&reader).1.iter().map(|r| r.number).collect::<Vec<_>>(), [1, 5, 7]);
    assert_eq!(accidents(&reader).1.iter().map(|r| r.number).collect::<Vec<_>>(), [3, 4, 6]);
    assert_eq!((reader.len().unwrap(), reader.last_number().unwrap()), (6, 7));
    let mut between: Vec<Record<Accident>> = Vec::new();
    reader.records_between(4..=6, |record| between.push(record)).unwrap();
    assert_eq!(between.iter().map(|record| record.number).collect::<Vec<_>>(), [4, 6]);

    // An id is found in its own collection only.
    for (n, collection) in
        [(1, Collection::Detections), (2, Collection::Detections), (3, Collection::Accidents)]
    {
        assert_eq!(reader.collection_of(id(n)).unwrap(), Some(collection), "{n}");
    }
    assert_eq!(reader.collection_of(id(99)).unwrap(), None);
    assert_eq!(reader.find::<AccidentDetails>(id(1)).unwrap(), None);
    assert_eq!(reader.find::<Details>(id(3)).unwrap(), None);
    assert_eq!(reader.history::<Details>(id(3)).unwrap(), []);
    assert_eq!(reader.newest::<AccidentDetails>(id(2)).unwrap(), None);
    assert_eq!(reader.owner(id(6)).unwrap(), Some(Author::from("b")));

    // The log has runs of one collection, whatever the size of pages.
    let runs = all_runs(&reader, 100);
    let of: Vec<_> = runs.iter().map(|run| (run.collection(), run.len())).collect();
    let (detections, accidents) = (Collection::Detections, Collection::Accidents);
    assert_eq!(of, [(detections, 2), (accidents, 2), (detections, 1), (accidents, 1), (detections, 2)]);
    let changes = |limit| {
        let mut told = Vec::new();
        for run in all_runs(&reader, limit) {
            told.extend(run.of::<Details>().iter().map(|change| (change.revision, change.number)));
            told.extend(run.of::<AccidentDetails>().iter().map(|change| (change.revision, change.number)));
        }
        told
    };
    for limit in 1..10 {
        assert_eq!(changes(limit), changes(100), "{limit}");
    }
    assert_eq!(check(store.path(), None).unwrap().findings, []);
}

#[test]
fn an_id_of_another_collection_is_refused_also_after_its_record_was_deleted() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1)), put(plain(2)), delete(2)]);
    commit(&mut store, 2, vec![put(accident(3))]);
    let of = |of| Outcome::OtherCollection { of };
    let review: Write<Accident> =
        Write { row: 1, action: Action::Review(id(1), Review::Approved), expect: Expect::Any, reason: None };
    for expect in [Expect::Same, Expect::Any, Expect::At(Revision(1)), Expect::UpTo(Revision(9))] {
        let writes = vec![put_as(accident(1), expect), put_as(accident(2), expect)];
        let done = commit(&mut store, 3, writes);
        assert_eq!(done.outcomes, [of(Collection::Detections); 2], "{expect:?}");
        assert_eq!((done.changes, done.revision), (Vec::new(), Revision(2)));
    }
    let done = commit(&mut store, 3, vec![review, delete_accident(1)]);
    assert_eq!(done.outcomes, [of(Collection::Detections); 2]);
    assert!(done.outcomes.iter().all(|outcome| outcome.is_refusal()));
    assert_eq!(commit(&mut store, 3, vec![put(plain(3))]).outcomes, [of(Collection::Accidents)]);
    // In an upload that other uploads of the same commit precede, too.
    let uploads = vec![Upload::new("a", vec![put(accident(4))]), Upload::new("b", vec![put(plain(4))])];
    let told = store.commit(uploads, at(4)).unwrap();
    assert_eq!(told[1].as_ref().unwrap().outcomes, [of(Collection::Accidents)]);
    // An atomic upload is undone as a whole.
    let writes = vec![put(accident(5)), put(accident(1))];
    let upload = Upload { atomic: true, ..Upload::new("team 7", writes) };
    let done = store.commit(vec![upload], at(5)).unwrap().remove(0).unwrap();
    assert_eq!(done.outcomes, [Outcome::Created, of(Collection::Detections)]);
    assert_eq!(store.reader().unwrap().collection_of(id(5)).unwrap(), None);
    assert_eq!(
        store.attempt(Upload::new("a", vec![put(accident(1))]), at(6)).unwrap().unwrap(),
        [of(Collection::Detections)]
    );
    assert_eq!(check(store.path(), None).unwrap().findings, []);
}

#[test]
fn a_field_teams_accident_with_an_id_of_another_collection_is_not_lost() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    let aside = || Upload { sets_aside: true, ..Upload::new("team 7", vec![put(full_accident(1))]) };
    for n in 2..4 {
        let done = store.commit(vec![aside()], at(n)).unwrap().remove(0).unwrap();
        assert_eq!(done.outcomes, [Outcome::Quarantined(QuarantineReason::Conflict)]);
    }
    let reader = store.reader().unwrap();
    let held = reader.quarantined_of::<AccidentDetails>(id(1)).unwrap();
    assert_eq!((held.len(), &*held[0].wanted), (1, &full_accident(1)));
    assert_eq!(reader.quarantined_of::<Details>(id(1)).unwrap(), []);
}

#[test]
fn a_correction_of_an_approved_accident_needs_a_reason_and_progress_does_not() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(accident(1))]);
    let known = AccidentDetails { killed: Some(1), note: Some("by the road".into()), ..accident(1) };
    assert_eq!(
        commit(&mut store, 2, vec![put(known.clone())]).outcomes,
        [Outcome::Conflict { current: Revision(1) }]
    );
    assert_eq!(commit(&mut store, 2, vec![put_as(known.clone(), Expect::Any)]).outcomes, [Outcome::Updated]);
    let more = AccidentDetails { killed: Some(2), ..known.clone() };
    let refused =
        commit(&mut store, 3, vec![put_as(more.clone(), Expect::Any), put_as(accident(1), Expect::Any)]);
    assert_eq!(refused.outcomes, [Outcome::NeedsReason; 2]);
    let told = commit(&mut store, 3, vec![because(put_as(more, Expect::Any), "one of the injured died")]);
    assert_eq!(told.outcomes, [Outcome::Updated]);
    let gone = commit(&mut store, 4, vec![delete_accident(1), delete_accident(9)]);
    assert_eq!(gone.outcomes, [Outcome::Deleted, Outcome::Missing]);
    assert_eq!(commit(&mut store, 5, vec![put(plain(2))]).changes[0].number, 2);
    let back = commit(&mut store, 6, vec![put(accident(1))]);
    assert_eq!((back.outcomes[0], back.changes[0].number), (Outcome::Created, 1));
    let history: Vec<Change<Accident>> = store.reader().unwrap().history(id(1)).unwrap();
    assert_eq!(history.iter().map(|change| change.revision.0).collect::<Vec<_>>(), [6, 4, 3, 2, 1]);
}

#[test]
fn accidents_wait_for_review_beside_detections_and_the_public_view_changes_with_approved_ones() {
    let (_folder, mut store) = new_store();
    let submitted = |writes: Writes| Upload { review: Review::Submitted, ..Upload::new("team 7", writes) };
    let uploads = vec![
        submitted(vec![put(plain(1))].into()),
        submitted(vec![put(accident(2)), put(accident(3))].into()),
    ];
    store.commit(uploads, at(1)).unwrap();
    let approve: Write<Accident> =
        Write { row: 1, action: Action::Review(id(2), Review::Approved), expect: Expect::Any, reason: None };
    assert_eq!(commit(&mut store, 2, vec![approve]).outcomes, [Outcome::Updated]);
    let reader = store.reader().unwrap();
    let waiting = |collection| reader.unapproved(collection, Review::Submitted, 0, 9).unwrap();
    assert_eq!((waiting(Collection::Detections), waiting(Collection::Accidents)), (vec![1], vec![3]));
    assert_eq!(reader.n_unapproved(Collection::Accidents, Review::Submitted).unwrap(), 1);
    let approved = |collection| reader.approved(collection, i64::MAX, 9).unwrap();
    assert_eq!((approved(Collection::Detections), approved(Collection::Accidents)), (vec![], vec![(4, 2)]));
    let shown = |revision| store.reader().unwrap().shown_at(Revision(revision)).unwrap();
    assert_eq!((shown(2), shown(3)), (Revision(0), Revision(1)));
    assert_eq!(commit(&mut store, 3, vec![delete_accident(3)]).outcomes, [Outcome::Deleted]);
    assert_eq!(store.reader().unwrap().shown_at(Revision(4)).unwrap(), Revision(1));
    assert_eq!(reader.n_unapproved(Collection::Accidents, Review::Submitted).unwrap(), 0);
    assert_eq!(check(store.path(), None).unwrap().findings, []);
}

#[test]
fn quarantined_accidents_are_listed_apart_and_decided_on() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(accident(1))]);
    commit(&mut store, 1, vec![put(plain(2))]);
    let other = AccidentDetails { killed: Some(3), ..accident(1) };
    let aside = |writes: Writes| Upload { sets_aside: true, ..Upload::new("team 8", writes) };
    let detection = Details { quantity: 3, ..plain(2) };
    let uploads = || vec![aside(vec![put(other.clone())].into()), aside(vec![put(detection.clone())].into())];
    for n in 2..4 {
        for done in store.commit(uploads(), at(n)).unwrap() {
            assert_eq!(done.unwrap().outcomes, [Outcome::Quarantined(QuarantineReason::Conflict)]);
        }
    }
    let reader = store.reader().unwrap();
    let held = reader.quarantined::<AccidentDetails>(0, 9).unwrap();
    assert_eq!(held.iter().map(|held| held.number).collect::<Vec<_>>(), [1]);
    assert_eq!(
        (&*held[0].wanted, &held[0].by, held[0].decided.clone()),
        (&other, &Author::from("team 8"), None)
    );
    assert_eq!(reader.quarantined::<Details>(0, 9).unwrap()[0].number, 2);
    assert_eq!(reader.find_quarantined::<Details>(1).unwrap(), None);
    assert_eq!(reader.find_quarantined::<AccidentDetails>(1).unwrap(), Some(held[0].clone()));
    let collections = [1, 2, 3].map(|number| reader.collection_of_quarantined(number).unwrap());
    assert_eq!(collections, [Some(Collection::Accidents), Some(Collection::Detections), None]);
    let decision = QuarantineDecision { number: 1, is_accepted: true, reason: None };
    let upload = || Upload {
        decides: vec![decision.clone()],
        ..Upload::new("manager", vec![because(put_as(other.clone(), Expect::Any), "confirmed")])
    };
    assert_eq!(store.commit(vec![upload()], at(5)).unwrap().remove(0).unwrap().outcomes, [Outcome::Updated]);
    assert_eq!(store.commit(vec![upload()], at(6)).unwrap().remove(0), Err(UploadError::Decided));
    assert_eq!(reader.n_quarantined(Collection::Accidents).unwrap(), 0);
    assert_eq!(reader.n_quarantined(Collection::Detections).unwrap(), 1);
    assert!(
        reader.quarantined_of::<AccidentDetails>(id(1)).unwrap()[0].decided.as_ref().unwrap().is_accepted
    );
}

#[test]
fn no_text_of_an_accident_with_a_null_character_is_stored() {
    let (_folder, mut store) = new_store();
    let cut = || Some("cut\0here".to_owned());
    for (field, details) in [
        ("note", AccidentDetails { note: cut(), ..accident(1) }),
        ("model", AccidentDetails { model: cut(), ..accident(1) }),
        ("extra", AccidentDetails { extra: cut(), ..accident(1) }),
    ] {
        let told = store.commit(vec![Upload::new("team 7", vec![put(details)])], at(1)).unwrap().remove(0);
        assert_eq!(told.unwrap_err(), UploadError::Unstorable { field });
    }
    assert!(store.reader().unwrap().is_empty().unwrap());
}

/// A write of a random test: few ids, shared by both collections.
#[derive(Debug, Clone)]
enum Wish {
    Detection { n: u64, quantity: u32 },
    Accident { n: u64, killed: u32 },
    Delete { n: u64, collection: Collection },
}

fn wish() -> impl Strategy<Value = Wish> {
    let n = || 0_u64..10;
    prop_oneof![
        3 => (n(), 1_u32..4).prop_map(|(n, quantity)| Wish::Detection { n, quantity }),
        3 => (n(), 1_u32..4).prop_map(|(n, killed)| Wish::Accident { n, killed }),
        1 => (n(), prop::sample::select(Collection::ALL.to_vec()))
            .prop_map(|(n, collection)| Wish::Delete { n, collection }),
    ]
}

/// Returns the writes of each collection.
fn writes_of(wishes: &[Wish]) -> [Writes; 2] {
    let (mut detections, mut accidents) = (Vec::new(), Vec::new());
    for wish in wishes {
        match *wish {
            Wish::Detection { n, quantity } => {
                detections.push(because(put_as(Details { quantity, ..plain(n) }, Expect::Any), "counted"));
            }
            Wish::Accident { n, killed } => {
                let details = AccidentDetails { killed: Some(killed), ..accident(n) };
                accidents.push(because(put_as(details, Expect::Any), "counted"));
            }
            Wish::Delete { n, collection: Collection::Detections } => detections.push(delete(n)),
            Wish::Delete { n, collection: Collection::Accidents } => accidents.push(delete_accident(n)),
        }
    }
    [detections.into(), accidents.into()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn replay_of_a_mixed_log_equals_the_records_of_each_collection(
        groups in prop::collection::vec(
            (prop::collection::vec((prop::collection::vec(wish(), 0..8), any::<bool>()), 1..4), any::<bool>()),
            1..8,
        )
    ) {
        let (folder, mut store) = new_store();
        for (n, (uploads, restart)) in (0..).zip(groups) {
            let uploads = uploads.iter().flat_map(|(wishes, atomic)| {
                writes_of(wishes).map(|writes| Upload { atomic: *atomic, ..Upload::new("team", writes) })
            });
            for done in store.commit(uploads.collect(), at(n)).unwrap() {
                prop_assert!(done.is_ok());
            }
            if restart {
                drop(store);
                store = Store::open(folder.path().join("clearline.gpkg")).unwrap();
            }
        }
        prop_assert_eq!(check(store.path(), None).unwrap().findings, []);
        let reader = store.reader().unwrap();
        let runs = all_runs(&reader, 3);
        let detections: Vec<Change> = runs.iter().flat_map(ChangesOf::of).cloned().collect();
        let of_accidents: Vec<Change<Accident>> = runs.iter().flat_map(ChangesOf::of).cloned().collect();
        prop_assert_eq!(&records(&reader).1, &replay(&detections));
        prop_assert_eq!(&accidents(&reader).1, &replay(&of_accidents));
        for change in &of_accidents {
            prop_assert!(detections.iter().all(|other| other.id != change.id && other.number != change.number));
            prop_assert_eq!(reader.collection_of(change.id).unwrap(), Some(Collection::Accidents));
        }
    }
}
