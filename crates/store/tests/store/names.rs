//! A store has one writer, whatever names its file has.

use std::fs;

use demining::Revision;
use store::{Reader, Store, StoreError};

use crate::samples::*;

#[test]
fn a_second_name_of_a_store_in_use_is_refused_and_makes_no_file() {
    let (folder, mut store) = new_store();
    let link = folder.path().join("link.gpkg");
    fs::hard_link(store.path(), &link).unwrap();
    assert!(matches!(Store::open(&link), Err(StoreError::InUse { .. })));
    let told = Store::open(&link).unwrap_err().to_string();
    assert!(told.contains("link.gpkg is in use by another server or import"), "{told}");
    let beside: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!beside.iter().any(|name| name.to_str().unwrap().starts_with("link.gpkg-")), "{beside:?}");
    // The current owner continues.
    commit(&mut store, 1, vec![put(plain(1))]);
    assert_eq!(store.reader().unwrap().revision().unwrap(), Revision(1));
}

#[test]
fn a_store_with_two_names_is_opened_by_the_one_that_was_used_and_by_no_other() {
    let (folder, mut store) = new_store();
    commit(&mut store, 1, vec![put(plain(1))]);
    let (path, link) = (store.path().to_owned(), folder.path().join("link.gpkg"));
    fs::hard_link(&path, &link).unwrap();
    // As after killing a server: the log is beside the first name only.
    drop(store);
    let is_linked = |error: StoreError| {
        assert!(matches!(error, StoreError::Linked { n_names: 2, .. }), "{error}");
        assert!(error.to_string().contains("link.gpkg is one of 2 names (hard links)"), "{error}");
    };
    is_linked(Store::open(&link).unwrap_err());
    is_linked(Reader::open(&link).unwrap_err());
    is_linked(store::check(&link, None).unwrap_err());
    is_linked(store::revoke_token(&link, uuid::Uuid::nil(), at(2)).unwrap_err());
    assert_eq!(Reader::open(&path).unwrap().revision().unwrap(), Revision(1));
    assert!(store::check(&path, None).unwrap().is_whole());
    drop(Store::open(&path).unwrap());
    // A lock file left by another store of this name does not apply to this one.
    fs::write(folder.path().join("link.gpkg-lock"), "inode 1\n").unwrap();
    is_linked(Store::open(&link).unwrap_err());
    fs::remove_file(&path).unwrap();
    assert_eq!(Store::open(&link).unwrap().reader().unwrap().revision().unwrap(), Revision(1));
}
