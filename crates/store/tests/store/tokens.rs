//! Tokens and sessions.

use std::{fs, path::Path};

use demining::Role;
use jiff::Timestamp;
use store::{Bearer, Session, begin_session, create_token, end_session, revoke_token};
use uuid::Uuid;

use crate::samples::*;

pub fn bearer(role: Role) -> Bearer {
    Bearer {
        name: "team 7".into(),
        role,
        operator: Some("ANAMA".into()),
        regions: Some(vec!["AZ-KAL".into()]),
    }
}

fn create(path: &Path, expires_at: Option<Timestamp>) -> (Uuid, String) {
    create_token(path, &bearer(Role::Field), expires_at, at(1)).unwrap()
}

#[test]
fn a_token_made_while_the_store_is_open_is_good_at_once_and_until_it_is_revoked() {
    let (_folder, mut store) = new_store();
    let reader = store.reader().unwrap();
    assert_eq!(reader.tokens().unwrap(), []);
    let (id, token) = create(store.path(), None);
    let found = reader.find_token(&token, at(1)).unwrap().unwrap();
    assert_eq!((found.id, &found.bearer, found.created_at), (id, &bearer(Role::Field), at(1)));
    commit(&mut store, 2, vec![put(plain(1))]);
    assert_eq!(reader.tokens().unwrap(), std::slice::from_ref(&found));

    assert!(revoke_token(store.path(), found.id, at(3)).unwrap());
    assert!(!revoke_token(store.path(), found.id, at(4)).unwrap());
    assert_eq!(reader.find_token(&token, at(3)).unwrap(), None);
    assert_eq!(reader.tokens().unwrap()[0].revoked_at, Some(at(3)));
}

#[test]
fn a_token_is_good_until_it_expires() {
    let (_folder, store) = new_store();
    let (_, token) = create(store.path(), Some(at(5)));
    let reader = store.reader().unwrap();
    assert!(reader.find_token(&token, at(4)).unwrap().is_some());
    assert_eq!(reader.find_token(&token, at(5)).unwrap(), None);
}

#[test]
fn a_token_has_256_random_bits_and_another_is_no_token() {
    let (_folder, store) = new_store();
    let [(_, token), (_, other)] = [create(store.path(), None), create(store.path(), None)];
    assert_ne!(token, other);
    let secret = token.strip_prefix("clearline_").unwrap();
    assert_eq!(hex::decode(secret).unwrap().len(), 32);
    let reader = store.reader().unwrap();
    for wrong in ["", secret, &token[..token.len() - 1], &token.to_uppercase(), &format!("{token} ")] {
        assert_eq!(reader.find_token(wrong, at(1)).unwrap(), None, "{wrong:?}");
    }
    assert!(reader.find_token(&other, at(1)).unwrap().is_some());
}

#[test]
fn no_file_of_the_store_holds_a_token_or_a_session() {
    let (folder, store) = new_store();
    let (id, token) = create(store.path(), None);
    let session = Session { token: Some(id), bearer: bearer(Role::Field), expires_at: at(9) };
    let session = begin_session(store.path(), &session, at(1)).unwrap();
    store.close().unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for text in [&token["clearline_".len()..], &session] {
            let secret = hex::decode(text).unwrap();
            assert!(!bytes.windows(text.len()).any(|w| w == text.as_bytes()));
            assert!(!bytes.windows(secret.len()).any(|w| w == secret));
        }
    }
}

#[test]
fn a_session_ends_when_it_is_ended_or_over_or_its_token_is_revoked() {
    let (_folder, store) = new_store();
    let (id, _) = create(store.path(), None);
    let reader = store.reader().unwrap();
    let session = Session { token: Some(id), bearer: bearer(Role::Field), expires_at: at(9) };
    let begin = || begin_session(store.path(), &session, at(1)).unwrap();
    let [first, second] = [begin(), begin()];
    assert_eq!(reader.find_session(&first, at(8)).unwrap().as_ref(), Some(&session));
    assert_eq!(reader.find_session(&first, at(9)).unwrap(), None, "over");
    end_session(store.path(), &first).unwrap();
    assert_eq!(reader.find_session(&first, at(8)).unwrap(), None, "ended");
    assert!(reader.find_session(&second, at(8)).unwrap().is_some());
    revoke_token(store.path(), id, at(3)).unwrap();
    assert_eq!(reader.find_session(&second, at(8)).unwrap(), None, "its token is revoked");

    let person = Session { token: None, ..session };
    let third = begin_session(store.path(), &person, at(1)).unwrap();
    assert_eq!(reader.find_session(&third, at(8)).unwrap(), Some(person));
}
