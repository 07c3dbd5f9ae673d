//! A store with a history: recreates the content of the earlier versions' stores in `fixtures`.

use demining::{
    AccidentDetails, Action, Author, Content, Details, Expect, Judged, QuarantineReason, Review, Write,
};
use store::{Proof, QuarantineDecision, Received, ReportMaker, Store, Told, Upload};

use crate::samples::*;

fn review<C>(n: u64, review: Review) -> Write<C> {
    Write { row: 1, action: Action::Review(id(n), review), expect: Expect::Any, reason: None }
}

fn aside<T: Content>(content: T, why: QuarantineReason) -> Write<Judged<T>> {
    let Write { row, action, expect, reason } = put_as(content, Expect::Any);
    let action = match action {
        Action::Put(wanted) => Action::Quarantine(wanted, why),
        other => other,
    };
    Write { row, action, expect, reason }
}

fn received(n: u64) -> Received {
    Received {
        id: id(n),
        by: "Team 7".into(),
        proof: Proof::None,
        sender: r#"{"role":"field","operator":null,"regions":["AZ-LAC"]}"#.into(),
        door: "openrosa".into(),
        key: Some(format!("key {n}")),
        request_meta: "{}".into(),
        bytes: format!("form {n}").into_bytes().into(),
        hash: None,
    }
}

/// Commits an upload from the inbox with its report.
fn judged(store: &mut Store, n: i64, upload: u64, is_refused: bool, writes: impl Into<Writes>) {
    store.receive(&[received(upload)], at(n)).unwrap();
    let refused = u8::from(is_refused);
    let told = Told {
        version: 1,
        report: format!(r#"{{"refused":{refused},"held":0}}"#),
        is_refused,
        is_whole: false,
        is_personal: false,
    };
    let report = ReportMaker { id: id(upload), tell: Box::new(|_| told) };
    let upload = Upload {
        review: Review::Submitted,
        sets_aside: true,
        report: Some(report),
        ..Upload::new("Team 7", writes)
    };
    store.commit(vec![upload], at(n)).unwrap().remove(0).unwrap();
}

/// Creates records that are created, updated, reviewed, deleted and restored, with two that wait for a
/// manager and one that a manager decided on. `cut` is the note of one. Stores of version 8 know the
/// operators of authors, and those of version 11 accidents.
pub fn live(store: &mut Store, cut: &str, version: u32) {
    commit(store, 1, vec![put(full(1)), put(plain(2)), put(plain(3))]);
    let moved = Details { location: full(9).location, ..plain(2) };
    let moved = because(put_as(moved, Expect::Any), "measured again");
    commit(store, 2, vec![moved, put_as(neutralised(3), Expect::Any), delete(1)]);
    commit(store, 3, vec![put(full(4)), because(put_as(plain(3), Expect::Any), "wrong item")]);
    let back = vec![put(plain(1)), put(plain(5)), because(delete(5), "entered twice")];
    store.commit(vec![Upload::new("team 8", back)], at(4)).unwrap().remove(0).unwrap();
    judged(store, 5, 101, false, vec![put(plain(6)), put(plain(7)), put(full(8))]);
    let back: Write = because(review(7, Review::HasIssues), "no photo");
    commit(store, 6, vec![review(6, Review::Approved), back]);
    commit(store, 7, vec![put(Details { note: Some(cut.into()), ..plain(9) })]);
    let larger = |n, quantity| Details { quantity, ..plain(n) };
    judged(
        store,
        8,
        102,
        true,
        vec![
            aside(larger(2, 5), QuarantineReason::Approved),
            aside(larger(6, 7), QuarantineReason::Approved),
        ],
    );
    let accepts =
        QuarantineDecision { number: 1, is_accepted: true, reason: Some("as the team says".into()) };
    let accepted = because(put_as(larger(2, 5), Expect::Any), "as the team says");
    let upload = Upload { decides: vec![accepts], ..Upload::new("manager", vec![accepted]) };
    store.commit(vec![upload], at(9)).unwrap().remove(0).unwrap();
    store.receive(&[received(103)], at(10)).unwrap();
    if version >= 8 {
        let by = Author::new("Team 7", Some("ANAMA".into()));
        let writes = vec![put(full(10)), because(put_as(neutralised(2), Expect::Any), "destroyed")];
        store.commit(vec![Upload::new(by, writes)], at(11)).unwrap().remove(0).unwrap();
    }
    if version >= 11 {
        live_with_accidents(store);
    }
}

/// Creates accidents that are created, updated, reviewed, deleted and restored, and one that waits for a
/// manager.
fn live_with_accidents(store: &mut Store) {
    commit(store, 12, vec![put(full_accident(41)), put(accident(42)), put(accident(43))]);
    let known = AccidentDetails { killed: Some(1), ..accident(42) };
    let other = AccidentDetails { team: Some("8".into()), ..full_accident(41) };
    let other = because(put_as(other, Expect::Any), "it was another team");
    commit(store, 13, vec![put_as(known, Expect::Any), other, delete_accident(43)]);
    judged(store, 14, 104, false, vec![put(full_accident(44)), put(accident(43))]);
    let back = because(review(44, Review::HasIssues), "which road?");
    let writes: Vec<Write<Judged<AccidentDetails>>> = vec![back];
    commit(store, 15, writes);
    let more = AccidentDetails { killed: Some(9), ..accident(42) };
    judged(store, 16, 105, true, vec![aside(more, QuarantineReason::Approved)]);
}
