//! The outcomes of the writes of an upload.

use demining::{Details, Expect, Outcome, Revision, Status};
use jiff::Timestamp;
use store::{Position, ReportMaker, Upload, UploadError};

use crate::samples::*;

#[test]
fn every_field_comes_back_as_it_was_written() {
    let (_folder, mut store) = new_store();
    let done = commit(&mut store, 1, vec![put(full(1)), put(plain(2))]);
    let reader = store.reader().unwrap();
    let (revision, read) = records(&reader);
    assert_eq!(revision, Revision(1));
    assert_eq!(read.iter().map(|r| (*r.content).clone()).collect::<Vec<_>>(), [full(1), plain(2)]);
    assert_eq!(read.iter().map(|r| r.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(whole_log(&reader, 10), done.changes);
    assert_eq!(replay(&done.changes), read);
    assert_eq!(reader.find::<Details>(id(1)).unwrap().as_ref(), read.first());
}

#[test]
fn the_same_upload_twice_changes_nothing_and_says_so() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(full(1)), put(plain(2))]);
    let again = commit(&mut store, 2, vec![put(full(1)), put(plain(2))]);
    assert_eq!(again.outcomes, [Outcome::Unchanged; 2]);
    assert_eq!((again.revision, again.changes), (Revision(1), Vec::new()));
}

#[test]
fn other_content_is_a_conflict_unless_the_caller_knows_the_revision_or_does_not_mind() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    let other = |quantity| Details { quantity, ..plain(1) };
    let mut write = |n, write| commit(&mut store, n, vec![because(write, "counted again")]).outcomes[0];
    let stands_at = |revision| Outcome::Conflict { current: Revision(revision) };
    assert_eq!(write(2, put(other(2))), stands_at(1));
    assert_eq!(write(3, put_as(other(2), Expect::At(Revision(7)))), stands_at(1));
    assert_eq!(write(4, put_as(other(2), Expect::At(Revision(1)))), Outcome::Updated);
    // Its response was lost, and it is sent again.
    assert_eq!(write(5, put_as(other(2), Expect::At(Revision(1)))), Outcome::Unchanged);
    assert_eq!(write(6, put_as(other(3), Expect::At(Revision(1)))), stands_at(2));
    assert_eq!(write(7, put_as(other(3), Expect::Any)), Outcome::Updated);
    assert_eq!(write(8, put_as(plain(9), Expect::At(Revision(1)))), Outcome::Missing);
    assert_eq!(write(9, put_as(plain(9), Expect::Any)), Outcome::Created);
}

#[test]
fn an_id_twice_in_an_upload_is_unchanged_or_a_conflict_with_the_first() {
    let (_folder, mut store) = new_store();
    let other = Details { quantity: 2, ..plain(1) };
    let done = commit(&mut store, 1, vec![put(plain(1)), put(plain(1)), put(other)]);
    assert_eq!(
        done.outcomes,
        [Outcome::Created, Outcome::Unchanged, Outcome::Conflict { current: Revision(1) }]
    );
    assert_eq!(done.changes.len(), 1);
}

#[test]
fn a_status_goes_on_freely_and_back_only_with_a_reason() {
    let discounted = |n| Details { status: Status::Discounted, ..plain(n) };
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1)), put(plain(2))]);
    let any = |details| put_as(details, Expect::Any);
    let on = commit(&mut store, 2, vec![any(neutralised(1)), any(discounted(2))]);
    assert_eq!(on.outcomes, [Outcome::Updated; 2]);
    for back in [any(plain(1)), because(any(plain(2)), " ")] {
        assert_eq!(commit(&mut store, 3, vec![back]).outcomes, [Outcome::NeedsReason]);
    }
    let back = commit(
        &mut store,
        4,
        vec![because(any(plain(1)), "wrong item"), because(any(plain(2)), "it was one")],
    );
    assert_eq!(back.outcomes, [Outcome::Updated; 2]);
    let history = store.reader().unwrap().history::<Details>(id(1)).unwrap();
    assert_eq!(history.len(), 3);
    assert_eq!((history[0].reason.as_deref(), history[2].reason.as_deref()), (Some("wrong item"), None));
}

#[test]
fn what_was_neutralised_is_discounted_only_by_way_of_detected() {
    let discounted = |n| Details { status: Status::Discounted, ..plain(n) };
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(neutralised(1)), put(discounted(2))]);
    let wish = |details| because(put_as(details, Expect::Any), "the file says so");
    let (from, to) = (Status::Neutralised, Status::Discounted);
    let refused = commit(&mut store, 2, vec![wish(discounted(1)), wish(neutralised(2))]).outcomes;
    assert_eq!(refused, [Outcome::IllegalChange { from, to }, Outcome::IllegalChange { from: to, to: from }]);
    assert!(refused.iter().all(|outcome| outcome.is_refusal()));
    let back = commit(&mut store, 3, vec![wish(plain(1)), wish(plain(2))]);
    assert_eq!(back.outcomes, [Outcome::Updated; 2]);
    let on = commit(&mut store, 4, vec![wish(discounted(1)), wish(neutralised(2))]);
    assert_eq!(on.outcomes, [Outcome::Updated; 2]);
}

#[test]
fn a_deleted_record_keeps_its_history_and_gets_its_number_back_when_it_returns() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1)), put(plain(2))]);
    let gone = commit(&mut store, 2, vec![because(delete(1), "entered twice"), delete(1), delete(7)]);
    assert_eq!(gone.outcomes, [Outcome::Deleted, Outcome::Missing, Outcome::Missing]);
    assert_eq!(gone.changes.len(), 1);
    assert_eq!((gone.changes[0].number, &gone.changes[0].after), (1, &None));

    let reader = store.reader().unwrap();
    assert_eq!(reader.find::<Details>(id(1)).unwrap(), None);
    assert_eq!(reader.history::<Details>(id(1)).unwrap().len(), 2);

    // The number of the deleted record is not reused meanwhile.
    assert_eq!(commit(&mut store, 3, vec![put(plain(3))]).changes[0].number, 3);
    let back = commit(&mut store, 4, vec![put(full(1))]);
    assert_eq!((back.outcomes[0], back.changes[0].number), (Outcome::Created, 1));
    assert_eq!(
        reader.history::<Details>(id(1)).unwrap().iter().map(|c| c.revision.0).collect::<Vec<_>>(),
        [4, 2, 1]
    );
    assert_eq!(records(&reader).1, replay(&whole_log(&reader, 100)));
    // It can be deleted and restored once more.
    commit(&mut store, 5, vec![delete(1)]);
    assert_eq!(commit(&mut store, 6, vec![put(plain(1))]).changes[0].number, 1);
}

#[test]
fn the_last_number_stays_taken_when_the_newest_record_goes() {
    let (folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1)), put(plain(2)), delete(2)]);
    drop(store);
    let mut store = store::Store::open(folder.path().join("clearline.gpkg")).unwrap();
    assert_eq!(commit(&mut store, 2, vec![put(plain(3))]).changes[0].number, 3);
}

#[test]
fn a_deletion_minds_the_revision_that_it_names() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    let at_revision = |n| demining::Write { expect: Expect::At(Revision(n)), ..delete(1) };
    let refused = commit(&mut store, 2, vec![at_revision(9)]);
    assert_eq!(refused.outcomes, [Outcome::Conflict { current: Revision(1) }]);
    assert_eq!(commit(&mut store, 3, vec![at_revision(1)]).outcomes, [Outcome::Deleted]);
}

#[test]
fn an_atomic_upload_with_a_refusal_leaves_no_trace_and_its_neighbours_stand() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    let other = |n| Details { quantity: 2, ..plain(n) };
    let atomic =
        Upload { atomic: true, ..Upload::new("b", vec![put(plain(2)), put(other(1)), put(other(2))]) };
    let uploads = vec![Upload::new("a", vec![put(plain(3))]), atomic, Upload::new("c", vec![put(plain(4))])];
    let told: Vec<_> = store.commit(uploads, at(2)).unwrap().into_iter().map(Result::unwrap).collect();
    assert_eq!(told.iter().map(|t| t.revision.0).collect::<Vec<_>>(), [2, 2, 3]);
    assert_eq!(
        told[1].outcomes,
        [
            Outcome::Created,
            Outcome::Conflict { current: Revision(1) },
            Outcome::Conflict { current: Revision(2) }
        ]
    );
    assert!(told[1].changes.is_empty());
    let reader = store.reader().unwrap();
    let (revision, read) = records(&reader);
    assert_eq!(revision, Revision(3));
    assert_eq!(
        read.iter().map(|r| (r.content.id, r.number)).collect::<Vec<_>>(),
        [(id(1), 1), (id(3), 2), (id(4), 3)]
    );
    assert_eq!(reader.history::<Details>(id(2)).unwrap(), []);
}

#[test]
fn an_upload_that_the_database_refuses_does_not_take_its_neighbours_along() {
    let (_folder, mut store) = new_store();
    let report = || ReportMaker { id: id(900), tell: Box::new(|_| told("{}".into())) };
    let with_report = |n| Upload { report: Some(report()), ..Upload::new("a", vec![put(plain(n))]) };
    let told =
        store.commit(vec![with_report(1), with_report(2), Upload::new("b", vec![put(plain(3))])], at(1));
    let told = told.unwrap();
    assert!(matches!(told[1], Err(UploadError::Refused(_))), "{told:?}");
    let ids: Vec<_> = records(&store.reader().unwrap()).1.iter().map(|r| r.content.id).collect();
    assert_eq!(ids, [id(1), id(3)]);
    assert_eq!(told[2].as_ref().unwrap().revision, Revision(2));
}

#[test]
fn numbers_end_with_an_error_and_never_wrap() {
    let (folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    let path = folder.path().join("clearline.gpkg");
    let beside = rusqlite::Connection::open(&path).unwrap();
    beside.execute("UPDATE log_head SET last_number = 4294967294", []).unwrap();
    let told = store
        .commit(vec![Upload::new("a", vec![put(plain(2))]), Upload::new("a", vec![put(plain(3))])], at(2));
    let told = told.unwrap();
    assert_eq!(told[0].as_ref().unwrap().changes.of::<Details>()[0].number, u32::MAX);
    assert_eq!(told[1], Err(UploadError::NoMoreNumbers));
}

#[test]
fn a_report_is_kept_with_what_became_of_its_upload() {
    let (_folder, mut store) = new_store();
    let tell = |done: &store::Committed| told(format!(r#"{{"created":{}}}"#, done.outcomes.len()));
    let upload = Upload {
        report: Some(ReportMaker { id: id(900), tell: Box::new(tell) }),
        ..Upload::new("team 7", vec![put(plain(1)), put(plain(2))])
    };
    store.commit(vec![upload], at(1)).unwrap();
    let reader = store.reader().unwrap();
    let kept = reader.find_upload(id(900)).unwrap().unwrap();
    assert_eq!(
        (kept.report.as_str(), kept.revision, kept.by.name.as_str()),
        (r#"{"created":2}"#, Revision(1), "team 7")
    );
    assert_eq!(kept.received_at, at(1));
    assert_eq!(reader.find_upload(id(901)).unwrap(), None);
}

#[test]
fn what_is_told_of_an_instant_is_what_is_kept() {
    let (_folder, mut store) = new_store();
    let precise = Timestamp::from_nanosecond(1_700_000_000_123_456_789).unwrap();
    let told = store.commit(vec![Upload::new("a", vec![put(plain(1))])], precise).unwrap();
    let told = told.into_iter().next().unwrap().unwrap();
    assert_eq!(records(&store.reader().unwrap()).1, replay(told.changes.of()));
}

#[test]
fn changes_come_in_whole_revisions_and_a_long_one_in_pieces() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1)), put(plain(2))]);
    commit(&mut store, 2, (10..17).map(|n| put(plain(n))).collect());
    commit(&mut store, 3, vec![put(plain(3))]);
    commit(&mut store, 4, vec![put(plain(4))]);
    let reader = store.reader().unwrap();

    let mut position = Position::after(Revision(0));
    let mut pieces = Vec::new();
    loop {
        let page = reader.changes_since(position, 3).unwrap();
        pieces.push((page.of::<Details>().map(|c| c.revision.0).collect::<Vec<_>>(), page.next.revision.0));
        position = page.next;
        if !page.more {
            break;
        }
    }
    assert_eq!(pieces, [(vec![1, 1], 1), (vec![2, 2, 2], 2), (vec![2, 2, 2], 2), (vec![2, 3, 4], 4),]);
    let end = reader.changes_since(position, 3).unwrap();
    assert_eq!((end.runs, end.next, end.more), (Vec::new(), position, false));
    for limit in 1..15 {
        assert_eq!(whole_log(&reader, limit), whole_log(&reader, 100), "{limit}");
    }
}

#[test]
fn an_attempt_tells_what_would_become_of_each_wish_and_leaves_nothing() {
    let (_folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    let wishes = || vec![put(plain(1)), put(plain(2)), delete(3), put_as(neutralised(1), Expect::Any)];
    let told = store.attempt(Upload::new("dry run", wishes()), at(2)).unwrap().unwrap();
    assert_eq!(told, [Outcome::Unchanged, Outcome::Created, Outcome::Missing, Outcome::Updated]);
    let reader = store.reader().unwrap();
    assert_eq!((reader.revision().unwrap(), reader.len().unwrap()), (Revision(1), 1));
    let done = commit(&mut store, 3, wishes());
    assert_eq!((done.outcomes, done.changes[0].number), (told, 2));
}
