//! Uploads are stored as received, judged once, and quarantined where their sender has no rights.

use demining::{Action, Expect, Outcome, QuarantineReason, Revision, Status, Write};
use store::{
    Committed, Kept, Proof, QuarantineDecision, Received, Refused, ReportMaker, Settled, Settlement, Store,
    Told, Upload, UploadError,
};

use crate::samples::*;

fn received(n: u64, key: Option<&str>, bytes: &[u8]) -> Received {
    Received {
        id: id(n),
        by: "team 7".into(),
        proof: Proof::None,
        sender: r#"{"role":"field"}"#.into(),
        door: "uploads".into(),
        key: key.map(str::to_owned),
        request_meta: r#"{"format":"geojson"}"#.into(),
        bytes: bytes.to_vec().into(),
        hash: None,
    }
}

fn report(n: u64, text: &'static str) -> ReportMaker {
    ReportMaker { id: id(n), tell: Box::new(move |_: &Committed| told(text.to_owned())) }
}

/// Commits like a field team's upload: writes that would be refused are quarantined.
fn send(store: &mut Store, n: i64, writes: Vec<Write>) -> Vec<Outcome> {
    let upload = Upload { sets_aside: true, ..Upload::new("team 7", writes) };
    store.commit(vec![upload], at(n)).unwrap().pop().unwrap().unwrap().outcomes
}

#[test]
fn an_upload_is_kept_once_under_its_key_and_waits_until_it_has_its_report() {
    let (folder, mut store) = new_store();
    let (first, second) = (received(1, Some("k1"), b"one"), received(2, None, b"two"));
    assert_eq!(store.receive(&[first.clone(), second.clone()], at(1)).unwrap(), [Kept::New, Kept::New]);
    let again = |bytes: &[u8]| [received(3, Some("k1"), bytes)];
    let before = |is_same, is_judged| [Kept::Before { id: id(1), is_same, is_judged }];
    assert_eq!(store.receive(&again(b"one"), at(2)).unwrap(), before(true, false));
    assert_eq!(store.receive(&again(b"other"), at(2)).unwrap(), before(false, false));
    let others = Received { by: "team 8".into(), ..received(4, Some("k1"), b"one") };
    assert_eq!(store.receive(&[others], at(2)).unwrap(), [Kept::New]);

    // It survives the end of the process.
    drop(store);
    let mut store = Store::open(folder.path().join("clearline.gpkg")).unwrap();
    let reader = store.reader().unwrap();
    assert_eq!(reader.waiting().unwrap(), [id(1), id(2), id(4)]);
    assert_eq!(reader.received(id(1)).unwrap(), Some((first, at(1))));
    assert_eq!(reader.received(id(9)).unwrap(), None);

    let upload =
        Upload { report: Some(report(1, r#"{"refused":0}"#)), ..Upload::new("team 7", vec![put(plain(1))]) };
    store.commit(vec![upload], at(3)).unwrap();
    assert_eq!(reader.waiting().unwrap(), [id(2), id(4)]);
    assert_eq!(store.receive(&again(b"one"), at(4)).unwrap(), before(true, true));
    // Never a second report, and so never a second judgement.
    let twice = Upload { report: Some(report(1, "{}")), ..Upload::new("team 7", vec![put(plain(2))]) };
    assert!(store.commit(vec![twice], at(5)).unwrap()[0].is_err());
    assert_eq!(reader.find::<Details>(id(2)).unwrap(), None);
}

#[test]
fn bytes_are_forgotten_only_when_all_that_was_in_them_is_in_the_log() {
    let (_folder, mut store) = new_store();
    for (n, is_whole) in [(1, true), (2, false), (3, false)] {
        store.receive(&[received(n, None, b"rows")], at(1)).unwrap();
        let tell = move |_: &Committed| Told { is_whole, ..told("{}".into()) };
        let report = ReportMaker { id: id(n), tell: Box::new(tell) };
        let upload = Upload { report: Some(report), ..Upload::new("team 7", Writes::default()) };
        store.commit(vec![upload], at(2)).unwrap();
    }
    store.receive(&[received(4, None, b"rows"), received(5, None, b"rows")], at(1)).unwrap();
    assert_eq!(store.forget_received(at(1)).unwrap(), 0);
    assert_eq!(store.forget_received(at(9)).unwrap(), 1);
    let reader = store.reader().unwrap();
    let kept = |n| reader.received(id(n)).unwrap().unwrap().0.bytes.len();
    assert_eq!([kept(1), kept(2), kept(3), kept(4)], [0, 4, 4, 4]);
}

#[test]
fn bytes_that_may_identify_people_are_deleted_with_the_report_and_their_key_still_counts() {
    let (_folder, mut store) = new_store();
    store.receive(&[received(1, Some("key"), b"names")], at(1)).unwrap();
    let tell = |_: &Committed| Told { is_whole: false, is_personal: true, ..told("{}".into()) };
    let report = ReportMaker { id: id(1), tell: Box::new(tell) };
    let upload = Upload { report: Some(report), ..Upload::new("team 7", Writes::default()) };
    store.commit(vec![upload], at(2)).unwrap();
    let (kept, _) = store.reader().unwrap().received(id(1)).unwrap().unwrap();
    assert_eq!((kept.bytes.len(), kept.hash), (0, Some(*blake3::hash(b"names").as_bytes())));
    let again = store.receive(&[received(2, Some("key"), b"names")], at(3)).unwrap();
    assert_eq!(again, [Kept::Before { id: id(1), is_same: true, is_judged: true }]);
}

#[test]
fn what_cannot_stand_is_set_aside_once_however_often_it_comes() {
    let (_folder, mut store) = new_store();
    let other = |quantity| {
        let mut details = plain(1);
        details.quantity = quantity;
        details
    };
    assert_eq!(send(&mut store, 1, vec![put(plain(1))]), [Outcome::Created]);
    let conflict = Outcome::Quarantined(QuarantineReason::Conflict);
    assert_eq!(send(&mut store, 2, vec![put(other(2)), put(plain(2))]), [conflict, Outcome::Created]);
    assert_eq!(send(&mut store, 3, vec![put(other(2))]), [conflict]);
    assert_eq!(send(&mut store, 4, vec![put(other(3))]), [conflict]);
    let gone = put_as(plain(7), Expect::At(Revision(1)));
    assert_eq!(send(&mut store, 5, vec![gone]), [Outcome::Quarantined(QuarantineReason::Missing)]);
    let outside = |details| {
        let Action::Put(wanted) = put(details).action else { unreachable!() };
        Write {
            row: 4,
            action: Action::Quarantine(wanted, QuarantineReason::Outside),
            expect: Expect::Same,
            reason: None,
        }
    };
    assert_eq!(
        send(&mut store, 6, vec![outside(plain(8))]),
        [Outcome::Quarantined(QuarantineReason::Outside)]
    );
    assert_eq!(send(&mut store, 6, vec![outside(plain(1))]), [Outcome::Unchanged]);

    let reader = store.reader().unwrap();
    let held = reader.quarantined::<Details>(0, 10).unwrap();
    let told: Vec<_> = held.iter().map(|h| (h.why, h.wanted.id, h.wanted.quantity, h.base)).collect();
    assert_eq!(
        told,
        [
            (QuarantineReason::Conflict, id(1), 2, None),
            (QuarantineReason::Conflict, id(1), 3, None),
            (QuarantineReason::Missing, id(7), 1, Some(Revision(1))),
            (QuarantineReason::Outside, id(8), 1, None),
        ]
    );
    assert_eq!(
        (
            reader.n_quarantined(Collection::Detections).unwrap(),
            reader.quarantined::<Details>(held[2].number, 10).unwrap().len()
        ),
        (4, 1)
    );
    assert_eq!(reader.find::<Details>(id(1)).unwrap().unwrap().content.quantity, 1);
    assert_eq!((held[3].row, held[3].by.name.as_str(), held[3].held_at), (4, "team 7", at(6)));
    // Without quarantine it is refused as usual, and a dry run writes nothing.
    assert!(commit(&mut store, 7, vec![put(other(9))]).outcomes[0].is_refusal());
    let tried = Upload { sets_aside: true, ..Upload::new("team 7", vec![put(other(9))]) };
    assert_eq!(store.attempt(tried, at(8)).unwrap().unwrap(), [conflict]);
    assert_eq!(reader.n_quarantined(Collection::Detections).unwrap(), 4);
}

#[test]
fn a_manager_decides_once_and_accepting_is_the_write_itself() {
    let (_folder, mut store) = new_store();
    send(&mut store, 1, vec![put(plain(1))]);
    let done = neutralised(1);
    send(&mut store, 2, vec![put_as(done.clone(), Expect::At(Revision(9)))]);
    let reader = store.reader().unwrap();
    let number = reader.quarantined::<Details>(0, 1).unwrap()[0].number;
    let decision = |is_accepted| QuarantineDecision { number, is_accepted, reason: Some("seen".into()) };
    let decide = |store: &mut Store, n, writes, is_accepted| {
        let upload = Upload { decides: vec![decision(is_accepted)], ..Upload::new("Leyla", writes) };
        store.commit(vec![upload], at(n)).unwrap().pop().unwrap()
    };
    // A refused write decides nothing.
    let stale = put_as(done.clone(), Expect::At(Revision(7)));
    assert!(decide(&mut store, 3, vec![stale], true).unwrap().outcomes[0].is_refusal());
    assert_eq!(reader.n_quarantined(Collection::Detections).unwrap(), 1);
    let accepted = decide(&mut store, 4, vec![put_as(done, Expect::At(Revision(1)))], true).unwrap();
    assert_eq!(accepted.outcomes, [Outcome::Updated]);
    assert_eq!(reader.find::<Details>(id(1)).unwrap().unwrap().content.status, Status::Neutralised);
    // The second decision writes nothing and returns an error.
    let second = decide(&mut store, 5, vec![put(plain(2))], true);
    assert_eq!((second, reader.find::<Details>(id(2)).unwrap()), (Err(UploadError::Decided), None));
    let decided = reader.find_quarantined::<Details>(number).unwrap().unwrap().decided.unwrap();
    assert_eq!((decided.is_accepted, decided.by.as_str(), decided.at), (true, "Leyla", at(4)));
    assert_eq!(
        (
            reader.n_quarantined(Collection::Detections).unwrap(),
            reader.find_quarantined::<Details>(99).unwrap()
        ),
        (0, None)
    );
}

#[test]
fn what_its_sender_cannot_mend_waits_until_a_manager_settles_it() {
    let (_folder, mut store) = new_store();
    for n in 1..=3 {
        store.receive(&[received(n, None, b"form")], at(1)).unwrap();
    }
    let judged = |n: u64, is_refused| {
        let tell = move |_: &Committed| Told { is_refused, ..told(format!(r#"{{"n":{n}}}"#)) };
        let report = Some(ReportMaker { id: id(n), tell: Box::new(tell) });
        Upload { report, ..Upload::new("team 7", Writes::default()) }
    };
    store.commit(vec![judged(1, true), judged(2, false), judged(3, true)], at(2)).unwrap();
    let reader = store.reader().unwrap();
    let refused = reader.refused(0, 10).unwrap();
    let first = &refused[0];
    assert_eq!((refused.len(), reader.n_refused().unwrap()), (2, 2));
    assert_eq!(
        (first.upload, first.received_at, first.by.name.as_str(), first.door.as_str(), first.report.as_str()),
        (id(1), at(1), "team 7", "uploads", r#"{"n":1}"#)
    );
    assert_eq!(reader.refused(first.number, 10).unwrap(), refused[1..]);
    assert_eq!(reader.refused(0, 1).unwrap(), refused[..1]);
    assert_eq!((reader.find_refused(id(2)).unwrap(), reader.find_refused(id(9)).unwrap()), (None, None));

    let settle = |store: &mut Store, n, how: &str, writes| {
        let settles = [1, 2].map(|n| Settlement { upload: id(n), how: how.into() }).into();
        let upload = Upload { settles, ..Upload::new("Leyla", writes) };
        store.commit(vec![upload], at(n)).unwrap().pop().unwrap().unwrap()
    };
    // A refused write settles nothing.
    let stale = put_as(plain(1), Expect::At(Revision(7)));
    assert!(settle(&mut store, 3, "?", vec![stale]).outcomes[0].is_refusal());
    assert_eq!(reader.n_refused().unwrap(), 2);
    settle(&mut store, 4, "entered by hand", vec![put(plain(1))]);
    settle(&mut store, 5, "once more", Vec::new());
    let settled = Settled { at: at(4), by: "Leyla".into(), how: "entered by hand".into() };
    assert_eq!(
        reader.find_refused(id(1)).unwrap(),
        Some(Refused { settled: Some(settled), ..first.clone() })
    );
    assert_eq!(reader.refused(0, 10).unwrap(), refused[1..]);
}

#[test]
fn forms_that_could_not_stand_before_anybody_saw_them_wait_for_a_manager() {
    let (_folder, path) = fixture("version-5");
    let old = rusqlite::Connection::open(&path).unwrap();
    let (first, second, third) = (id(101).to_string(), id(102).to_string(), id(103).to_string());
    old.execute_batch(&format!(
        r#"UPDATE clearline_inbox SET judged = 1;
         UPDATE clearline_inbox SET door = 'uploads' WHERE number = 3;
         INSERT INTO uploads (id, received_at, "by", revision, report)
           SELECT id, received_at, "by", 8, '' FROM clearline_inbox WHERE number = 3;
         UPDATE uploads SET report = '{{"refused":0}}' WHERE id = '{first}';
         UPDATE uploads SET report = '{{"status":400}}' WHERE id = '{second}';
         UPDATE uploads SET report = '{{"refused":1}}' WHERE id = '{third}'"#
    ))
    .unwrap();
    drop(old);
    let store = Store::open(&path).unwrap();
    let waiting: Vec<_> = store.reader().unwrap().refused(0, 10).unwrap().iter().map(|r| r.upload).collect();
    assert_eq!(waiting, [id(102)]);
}

#[test]
fn a_single_record_is_kept_with_its_bytes_and_its_report_or_leaves_no_trace() {
    let (_folder, mut store) = new_store();
    let send = |store: &mut Store, n: u64, key, write: Write| {
        let upload = Upload {
            atomic: true,
            receives: Some(received(n, key, b"one feature")),
            report: Some(report(n, "{}")),
            ..Upload::new("team 7", vec![write])
        };
        store.commit(vec![upload], at(n.cast_signed())).unwrap().remove(0)
    };
    let made = send(&mut store, 1, Some("k"), put(plain(1))).unwrap();
    assert_eq!(made.outcomes, [Outcome::Created]);
    let reader = store.reader().unwrap();
    assert_eq!(reader.received(id(1)).unwrap(), Some((received(1, Some("k"), b"one feature"), at(1))));
    assert_eq!(reader.find_upload(id(1)).unwrap().unwrap().revision, made.revision);
    assert!(reader.waiting().unwrap().is_empty());
    // The same key again changes nothing, whatever the record is.
    let again = send(&mut store, 2, Some("k"), put(plain(2)));
    assert_eq!(again, Err(UploadError::Before { id: id(1), is_same: true, is_judged: true }));
    // A refused record is not stored, nor is its report.
    let mut other = plain(1);
    other.quantity = 9;
    let refused = send(&mut store, 3, Some("other key"), put(other)).unwrap();
    assert!(refused.outcomes[0].is_refusal());
    for n in [2, 3] {
        assert_eq!(reader.received(id(n)).unwrap(), None);
        assert_eq!(reader.find_upload(id(n)).unwrap(), None);
    }
    assert_eq!(reader.find::<Details>(id(2)).unwrap(), None);
}

#[test]
fn an_imported_file_is_kept_by_its_hash_alone() {
    let (_folder, mut store) = new_store();
    let file = Received { hash: Some([7; 32]), ..received(1, None, b"") };
    let upload = Upload {
        receives: Some(file.clone()),
        report: Some(report(1, "{}")),
        ..Upload::new("import", Writes::default())
    };
    store.commit(vec![upload], at(1)).unwrap().remove(0).unwrap();
    let reader = store.reader().unwrap();
    assert_eq!(reader.received(id(1)).unwrap(), Some((file, at(1))));
    assert_eq!(store.forget_received(at(9)).unwrap(), 0);
}
