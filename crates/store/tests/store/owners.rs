//! The owner of a record: the name and the operator of its creator.

use demining::{Author, Expect};
use rusqlite::Connection;
use store::{Kept, Proof, Received, Store, Upload, check};

use crate::samples::*;

fn author(operator: &str) -> Author {
    Author::new("Team 7", Some(operator.to_owned()))
}

fn commit_by(store: &mut Store, n: i64, by: Author, writes: Vec<demining::Write>) {
    store.commit(vec![Upload::new(by, writes)], at(n)).unwrap().remove(0).unwrap();
}

#[test]
fn a_record_is_its_creators_whoever_changes_it_and_also_after_it_was_deleted() {
    let (_folder, mut store) = new_store();
    commit_by(&mut store, 1, author("ANAMA"), vec![put(plain(1)), put(plain(2))]);
    commit_by(&mut store, 2, author("HALO"), vec![put_as(neutralised(1), Expect::Any), delete(2)]);
    commit_by(&mut store, 3, Author::from("Team 7"), vec![put(plain(3)), put(plain(2))]);
    let reader = store.reader().unwrap();
    let owner = |n| reader.owner(id(n)).unwrap();
    assert_eq!(owner(1), Some(author("ANAMA")));
    assert_eq!(owner(2), Some(author("ANAMA")));
    assert_eq!(owner(3), Some(Author::from("Team 7")));
    assert_eq!(owner(4), None);
    let by: Vec<Author> =
        reader.history::<Details>(id(1)).unwrap().into_iter().map(|change| change.by).collect();
    assert_eq!(by, [author("HALO"), author("ANAMA")]);
}

#[test]
fn an_operator_is_a_part_of_the_chain_and_one_that_is_changed_is_found() {
    let (_folder, mut store) = new_store();
    commit_by(&mut store, 1, author("ANAMA"), vec![put(plain(1))]);
    let path = store.path().to_owned();
    store.close().unwrap();
    assert!(check(&path, None).unwrap().is_whole());
    for operator in ["'HALO'", "NULL", "''"] {
        let conn = Connection::open(&path).unwrap();
        conn.execute(&format!("UPDATE revisions SET by_operator = {operator}"), []).unwrap();
        drop(conn);
        assert!(!check(&path, None).unwrap().is_whole(), "{operator}");
    }
}

/// An upload as the inbox of version 7 stored it.
fn received(n: u64, operator: Option<&str>) -> Received {
    let sender = serde_json::json!({"role": "field", "operator": operator, "regions": ["AZ-LAC"]});
    Received {
        id: id(n),
        by: "Team 7".into(),
        proof: Proof::None,
        sender: sender.to_string(),
        door: "uploads".into(),
        key: Some(format!("key {n}")),
        request_meta: "{}".into(),
        bytes: n.to_string().into_bytes().into(),
        hash: None,
    }
}

#[test]
fn a_store_of_version_7_keeps_its_head_and_learns_operators_from_its_inbox_or_its_records() {
    // Created by that version: uploads 1 to 4 came through the inbox from Team 7, of ANAMA (record 1),
    // without operator (2), of MAG (2 again, unchanged) and of MAG (1 with other content, quarantined).
    // Records 3 to 5, 7 and 8 did not come through the inbox; all but 4 and 5 name HALO. 5 and 8 were
    // deleted, 7 and 8 have photos.
    let (_folder, path) = fixture("operators-7");
    let head = "4:daebd66e1e8b3585ff6a5080a6e3ff5081d564d2aa1510f4d0f5a12583f90d63".parse().unwrap();

    let mut store = Store::open(&path).unwrap();
    let checked = check(&path, Some(head)).unwrap();
    assert_eq!((checked.findings, checked.head), (Vec::new(), head));
    assert_eq!((checked.without_operator, checked.n_without_operator), (vec![id(4)], 1));
    let reader = store.reader().unwrap();
    let owner = |n| reader.owner(id(n)).unwrap().unwrap();
    assert_eq!(owner(1), author("ANAMA"));
    assert_eq!(owner(2), Author::from("Team 7"), "the inbox knows that its sender had no operator");
    assert_eq!(owner(3), Author::new("team 7", Some("HALO".into())));
    assert_eq!(owner(4), Author::from("team 7"));
    assert_eq!(reader.quarantined::<Details>(0, 10).unwrap()[0].by, author("MAG"));
    assert_eq!(reader.sender(id(101)).unwrap().unwrap().0, author("ANAMA"));
    assert_eq!(reader.find_upload(id(104)).unwrap().unwrap().by, author("MAG"));
    // Photos are those of the log, also for deleted records.
    for photo in ["a;1.jpg", "7", "8"] {
        assert!(reader.photo(photo).unwrap().is_in_log, "{photo}");
    }
    assert!(!reader.photo("9").unwrap().is_in_log);
    // Keys belong to a pair of sender and channel.
    let again = |operator: &str, door: &str| Received {
        id: id(200),
        by: author(operator),
        door: door.into(),
        ..received(101, Some(operator))
    };
    let before = Some(Kept::Before { id: id(101), is_same: true, is_judged: true });
    assert_eq!(reader.came_before(&again("ANAMA", "uploads")).unwrap(), before);
    assert_eq!(reader.came_before(&again("HALO", "uploads")).unwrap(), None);
    assert_eq!(reader.came_before(&again("ANAMA", "items")).unwrap(), None);

    // The store continues, and new revisions name their author's operator in the log.
    commit_by(&mut store, 9, author("HALO"), vec![put(plain(6))]);
    assert_eq!(store.reader().unwrap().owner(id(6)).unwrap(), Some(author("HALO")));
    assert!(check(&path, Some(head)).unwrap().is_whole());
    store.close().unwrap();
    let conn = Connection::open(&path).unwrap();
    conn.execute("UPDATE clearline_past_operators SET operator = 'HALO' WHERE revision = 1", []).unwrap();
    drop(conn);
    let told = check(&path, None).unwrap().findings;
    let is_told =
        |findings: &[store::Finding], what: &str| findings.iter().any(|finding| finding.what.contains(what));
    assert!(is_told(&told, "another operator"), "{told:?}");
    let conn = Connection::open(&path).unwrap();
    conn.execute("DELETE FROM clearline_past_operators WHERE revision = 1", []).unwrap();
    drop(conn);
    let told = check(&path, None).unwrap().findings;
    assert!(is_told(&told, "lack the operator"), "{told:?}");
}

#[test]
fn nothing_is_kept_or_committed_once_the_token_is_revoked() {
    let (_folder, mut store) = new_store();
    let bearer = crate::tokens::bearer(demining::Role::Field);
    let (token, _) = store::create_token(store.path(), &bearer, Some(at(50)), at(1)).unwrap();
    let session = store::Session { token: Some(token), bearer: bearer.clone(), expires_at: at(40) };
    let secret = store::begin_session(store.path(), &session, at(1)).unwrap();
    let proofs = [Proof::Token(token), Proof::Session(secret.into())];
    let attempt = |store: &mut Store, n: i64, proof: &Proof, record: u64| {
        let upload =
            Upload { proof: proof.clone(), ..Upload::new(bearer.author(), vec![put(plain(record))]) };
        let received = Received { proof: proof.clone(), key: None, ..received(record + 100, None) };
        let kept = store.receive(&[received], at(n)).unwrap().remove(0);
        (store.commit(vec![upload], at(n)).unwrap().remove(0), kept)
    };
    for (proof, record) in proofs.iter().zip(1..) {
        let (done, kept) = attempt(&mut store, 2, proof, record);
        assert!(done.is_ok() && kept == Kept::New, "{proof:?}");
    }
    // The session ends before the token expires.
    let (done, kept) = attempt(&mut store, 41, &proofs[1], 3);
    assert_eq!((done.unwrap_err(), kept), (store::UploadError::Revoked, Kept::Revoked));
    assert!(store::revoke_token(store.path(), token, at(3)).unwrap());
    for proof in &proofs {
        let (done, kept) = attempt(&mut store, 4, proof, 3);
        assert_eq!((done.unwrap_err(), kept), (store::UploadError::Revoked, Kept::Revoked), "{proof:?}");
    }
    let reader = store.reader().unwrap();
    assert_eq!((reader.len().unwrap(), reader.waiting().unwrap().len()), (2, 2));
    assert!(check(store.path(), None).unwrap().is_whole());
}
