//! Review states, the requirements of corrections, and the public revision.

use demining::{Action, Expect, Outcome, Review, Revision, Write};
use store::{Reader, Store, Upload};

use crate::samples::*;

fn review(n: u64, review: Review) -> Write {
    Write { row: 1, action: Action::Review(id(n), review), expect: Expect::Any, reason: None }
}

/// Commits like a field team: new and changed records wait for a manager.
fn submit(store: &mut Store, n: i64, writes: Vec<Write>) -> Vec<Outcome> {
    let upload = Upload {
        review: Review::Submitted,
        review_of_changed: Some(Review::Submitted),
        ..Upload::new("team 7", writes)
    };
    store.commit(vec![upload], at(n)).unwrap().pop().unwrap().unwrap().outcomes
}

fn state(reader: &Reader, n: u64) -> Review {
    reader.find::<Details>(id(n)).unwrap().unwrap().review
}

#[test]
fn what_is_submitted_waits_until_it_is_decided_on() {
    let (_folder, mut store) = new_store();
    let reader = store.reader().unwrap();
    assert_eq!(
        submit(&mut store, 1, vec![put(plain(1)), put(plain(2)), put(plain(3))]),
        [Outcome::Created; 3]
    );
    let waiting =
        |after, limit| reader.unapproved(Collection::Detections, Review::Submitted, after, limit).unwrap();
    assert_eq!(waiting(0, 10), [1, 2, 3]);
    assert_eq!(waiting(1, 1), [2]);
    assert_eq!(commit(&mut store, 2, vec![review(1, Review::Approved)]).outcomes, [Outcome::Updated]);
    assert_eq!(commit(&mut store, 3, vec![review(1, Review::Approved)]).outcomes, [Outcome::Unchanged]);
    assert_eq!(commit(&mut store, 3, vec![review(9, Review::Approved)]).outcomes, [Outcome::Missing]);
    let back = because(review(2, Review::HasIssues), "no photo");
    assert_eq!(commit(&mut store, 4, vec![back, delete(3)]).outcomes, [Outcome::Updated, Outcome::Deleted]);
    assert_eq!(waiting(0, 10), [] as [u32; 0]);
    assert_eq!(reader.n_unapproved(Collection::Detections, Review::HasIssues).unwrap(), 1);
    assert_eq!((state(&reader, 1), state(&reader, 2)), (Review::Approved, Review::HasIssues));

    // The team corrects it, and it waits again; a manager's correction is not a decision.
    let corrected = |quantity| {
        let mut details = plain(2);
        details.quantity = quantity;
        put_as(details, Expect::Any)
    };
    assert_eq!(submit(&mut store, 5, vec![corrected(7)]), [Outcome::Updated]);
    assert_eq!(waiting(0, 10), [2]);
    assert_eq!(commit(&mut store, 6, vec![corrected(8)]).outcomes, [Outcome::Updated]);
    assert_eq!(state(&reader, 2), Review::Submitted);
    let told: Vec<_> =
        reader.history::<Details>(id(2)).unwrap().into_iter().map(|c| (c.by.name, c.reason)).collect();
    assert_eq!(told[2].1.as_deref(), Some("no photo"), "{told:?}");
}

#[test]
fn sending_back_and_rejecting_need_a_reason() {
    let (_folder, mut store) = new_store();
    submit(&mut store, 1, vec![put(plain(1))]);
    for decision in [Review::HasIssues, Review::Rejected] {
        assert_eq!(commit(&mut store, 2, vec![review(1, decision)]).outcomes, [Outcome::NeedsReason]);
        let told = commit(&mut store, 2, vec![because(review(1, decision), "seen twice")]);
        assert_eq!(told.outcomes, [Outcome::Updated]);
    }
}

#[test]
fn a_correction_of_what_is_approved_needs_a_reason_and_progress_does_not() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    let mut noted = plain(1);
    (noted.note, noted.depth_cm) = (Some("by the road".into()), Some(10.0));
    let told = commit(&mut store, 2, vec![put_as(noted.clone(), Expect::Any)]);
    assert_eq!(told.outcomes, [Outcome::Updated], "what was not known is known now");
    let mut other = noted.clone();
    other.depth_cm = Some(12.0);
    for (what, wanted) in [("another depth", other), ("no note any more", plain(1))] {
        let refused = commit(&mut store, 3, vec![put_as(wanted.clone(), Expect::Any)]);
        assert_eq!(refused.outcomes, [Outcome::NeedsReason], "{what}");
        let told = commit(&mut store, 3, vec![because(put_as(wanted, Expect::Any), "measured again")]);
        assert_eq!(told.outcomes, [Outcome::Updated], "{what}");
    }
    let told = commit(&mut store, 4, vec![put_as(neutralised(1), Expect::Any)]);
    assert_eq!(told.outcomes, [Outcome::Updated], "it was dealt with");
}

#[test]
fn the_public_counts_only_what_it_may_know() {
    let (_folder, mut store) = new_store();
    let reader = store.reader().unwrap();
    let shown = |revision| reader.shown_at(Revision(revision)).unwrap().0;
    let hidden = |store: &mut Store, n: u64, wanted: u64, writes: Vec<Write>| {
        let told = commit(store, n.cast_signed(), writes);
        assert_eq!(told.revision, Revision(n), "{:?}", told.outcomes);
        assert_eq!(shown(n), wanted, "at revision {n}");
        assert!(told.changes.iter().all(|change| change.shown.0 == wanted));
    };
    hidden(&mut store, 1, 1, vec![put(plain(1)), put(neutralised(2))]);
    submit(&mut store, 2, vec![put(plain(3))]);
    assert_eq!(shown(2), 1, "what waits is not known");
    hidden(&mut store, 3, 2, vec![review(3, Review::Approved)]);
    let mut nearby = plain(1);
    nearby.location = geometry::LonLat::new(nearby.location.lon() + 1e-6, nearby.location.lat()).unwrap();
    (nearby.note, nearby.model) = (Some("a note".into()), Some("PMN-4".into()));
    hidden(&mut store, 4, 2, vec![because(put_as(nearby, Expect::Any), "measured again")]);
    let mut noted = neutralised(2);
    noted.note = Some("a note".into());
    hidden(&mut store, 5, 2, vec![because(put_as(noted.clone(), Expect::Any), "forgotten")]);
    noted.quantity = 9;
    hidden(&mut store, 6, 3, vec![because(put_as(noted, Expect::Any), "counted again")]);
    hidden(&mut store, 7, 4, vec![delete(1)]);
}
