//! Tokens.

use std::fs;

use store::{create_token, revoke_token};

use crate::samples::*;

#[test]
fn a_token_made_while_the_store_is_open_is_good_at_once_and_until_it_is_revoked() {
    let (_folder, mut store) = new_store();
    let reader = store.reader().unwrap();
    assert_eq!(reader.tokens().unwrap(), []);
    let token = create_token(store.path(), "team 7", "editor", at(1)).unwrap();
    let found = reader.find_token(&token).unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.role.as_str(), found.created_at), ("team 7", "editor", at(1)));
    commit(&mut store, 2, vec![put(plain(1))]);
    assert_eq!(reader.tokens().unwrap(), std::slice::from_ref(&found));

    assert!(revoke_token(store.path(), found.id, at(3)).unwrap());
    assert!(!revoke_token(store.path(), found.id, at(4)).unwrap());
    assert_eq!(reader.find_token(&token).unwrap(), None);
    assert_eq!(reader.tokens().unwrap()[0].revoked_at, Some(at(3)));
}

#[test]
fn a_token_has_256_random_bits_and_another_is_no_token() {
    let (_folder, store) = new_store();
    let token = create_token(store.path(), "a", "manager", at(1)).unwrap();
    let other = create_token(store.path(), "a", "manager", at(1)).unwrap();
    assert_ne!(token, other);
    let secret = token.strip_prefix("clearline_").unwrap();
    assert_eq!(hex::decode(secret).unwrap().len(), 32);
    let reader = store.reader().unwrap();
    for wrong in ["", secret, &token[..token.len() - 1], &token.to_uppercase(), &format!("{token} ")] {
        assert_eq!(reader.find_token(wrong).unwrap(), None, "{wrong:?}");
    }
    assert!(reader.find_token(&other).unwrap().is_some());
}

#[test]
fn no_file_of_the_store_holds_a_token() {
    let (folder, store) = new_store();
    let token = create_token(store.path(), "a", "manager", at(1)).unwrap();
    let secret = hex::decode(token.strip_prefix("clearline_").unwrap()).unwrap();
    store.close().unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(token.len()).any(|w| w == token.as_bytes()));
        assert!(!bytes.windows(secret.len()).any(|w| w == secret));
    }
}
