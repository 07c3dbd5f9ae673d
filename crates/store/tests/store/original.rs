//! A store to be damaged, and its content.

use std::{
    fs,
    path::{Path, PathBuf},
};

use demining::{AccidentDetails, Details, Expect, Revision};
use rusqlite::{Connection, types::Value};
use store::{Checked, Head, Store, Upload, check};

use crate::samples::*;

/// The tables of the log.
pub const TABLES: [&str; 3] = ["changes", "detections_content", "revisions"];

/// A small closed store: its file, and a path for copies to be damaged.
pub struct Original {
    _folder: tempfile::TempDir,
    pub bytes: Vec<u8>,
    pub copy: PathBuf,
    pub head: Head,
}

impl Original {
    /// Creates records that are created, updated, deleted and restored, with reasons, in five revisions.
    pub fn new() -> Self {
        let (folder, mut store) = new_store();
        commit(&mut store, 1, vec![put(full(1)), put(plain(2)), put(plain(3))]);
        let moved = Details { location: full(9).location, ..plain(2) };
        let moved = because(put_as(moved, Expect::Any), "measured again");
        commit(&mut store, 2, vec![moved, put_as(neutralised(3), Expect::Any), delete(1)]);
        commit(&mut store, 3, vec![put(full(4)), because(put_as(plain(3), Expect::Any), "wrong item")]);
        let back = vec![put(plain(1)), put(plain(5)), because(delete(5), "entered twice")];
        store.commit(vec![Upload::new("team 8", back)], at(4)).unwrap().remove(0).unwrap();
        commit(&mut store, 5, vec![put(plain(6)), put(plain(7))]);
        Self::of(folder, store, (13, 6, 5))
    }

    /// Creates accidents and a few detections in one log.
    pub fn mixed() -> Self {
        let (folder, mut store) = new_store();
        commit(&mut store, 1, vec![put(full_accident(1)), put(accident(2)), put(accident(3))]);
        commit(&mut store, 2, vec![put(full(11)), put(plain(12))]);
        let known = AccidentDetails { injured: Some(2), ..accident(2) };
        let other = AccidentDetails { model: Some("TM-57".into()), ..full_accident(1) };
        let other = because(put_as(other, Expect::Any), "the fragments were examined");
        commit(&mut store, 3, vec![put_as(known, Expect::Any), other, delete_accident(3)]);
        commit(&mut store, 4, vec![delete(12)]);
        let back = vec![put(accident(3)), put(accident(4)), because(delete_accident(4), "entered twice")];
        commit(&mut store, 5, back);
        Self::of(folder, store, (12, 4, 5))
    }

    /// Closes a store of this many changes, records and revisions.
    fn of(folder: tempfile::TempDir, store: Store, (n_changes, n_records, last): (u64, u64, u64)) -> Self {
        let path = store.path().to_owned();
        store.close().unwrap();
        let checked = check(&path, None).unwrap();
        assert_eq!(checked.findings, []);
        let counted = (checked.n_changes, checked.n_records, checked.head.revision);
        assert_eq!(counted, (n_changes, n_records, Revision(last)));
        let copy = folder.path().join("copy.gpkg");
        Self { bytes: fs::read(path).unwrap(), head: checked.head, copy, _folder: folder }
    }

    /// Checks a copy after an edit.
    pub fn edited(&self, edit: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Checked {
        let other = self.open_copy();
        edit(&other).unwrap();
        drop(other);
        check(&self.copy, None).unwrap()
    }

    /// Opens a new copy like another program.
    pub fn open_copy(&self) -> Connection {
        fs::write(&self.copy, &self.bytes).unwrap();
        let other = Connection::open(&self.copy).unwrap();
        other.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF").unwrap();
        other
    }

    pub fn after(&self, sql: &str) -> Checked {
        self.edited(|other| other.execute_batch(sql))
    }

    pub fn finds(&self, sql: &str) {
        assert!(!self.after(sql).is_whole(), "{sql}");
    }

    pub fn rows(&self, table: &str) -> Vec<Vec<Value>> {
        fs::write(&self.copy, &self.bytes).unwrap();
        rows(&self.copy, table).unwrap()
    }
}

/// Returns all rows of a table in a file that nobody has open.
pub fn rows(path: &Path, table: &str) -> rusqlite::Result<Vec<Vec<Value>>> {
    let uri = format!("file:{}?immutable=1", path.display());
    let conn = Connection::open(uri)?;
    let mut statement = conn.prepare(&format!("SELECT * FROM {table}"))?;
    let n = statement.column_count();
    statement.query_map([], |row| (0..n).map(|k| row.get(k)).collect())?.collect()
}

pub fn columns(table: &str) -> Vec<String> {
    let (_folder, store) = new_store();
    let conn = Connection::open(store.path()).unwrap();
    let statement = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
    statement.column_names().into_iter().map(|name| format!("\"{name}\"")).collect()
}

/// Returns the value with each of its bytes changed, one at a time, and as another type.
pub fn changed(value: &Value) -> Vec<Value> {
    let each_byte = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let flipped = |k: usize| {
            let mut bytes = bytes.to_vec();
            bytes[k] ^= 1;
            bytes
        };
        (0..bytes.len()).map(flipped).collect()
    };
    let number = |bytes: Vec<u8>| <[u8; 8]>::try_from(bytes).unwrap();
    match value {
        Value::Null => vec![Value::Integer(0), Value::Text(String::new()), Value::Blob(Vec::new())],
        Value::Integer(n) => each_byte(&n.to_be_bytes())
            .into_iter()
            .map(|b| Value::Integer(i64::from_be_bytes(number(b))))
            .collect(),
        Value::Real(x) => each_byte(&x.to_be_bytes())
            .into_iter()
            .map(|b| Value::Real(f64::from_be_bytes(number(b))))
            .collect(),
        Value::Text(text) => {
            let mut all: Vec<Value> = each_byte(text.as_bytes())
                .into_iter()
                .filter_map(|bytes| String::from_utf8(bytes).ok())
                .map(Value::Text)
                .collect();
            all.extend([
                Value::Blob(text.clone().into_bytes()),
                Value::Text(format!("{text}\0")),
                Value::Null,
            ]);
            all
        }
        Value::Blob(bytes) => {
            let mut all: Vec<Value> = each_byte(bytes).into_iter().map(Value::Blob).collect();
            all.extend([Value::Blob(bytes[1..].to_vec()), Value::Null]);
            all
        }
    }
}

/// Returns the pages of a table, as (offset in the file, bytes).
pub fn pages(bytes: &[u8], tables: [&str; 3]) -> Vec<(usize, usize)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pages.gpkg");
    fs::write(&path, bytes).unwrap();
    let conn = Connection::open(path).unwrap();
    let mut statement =
        conn.prepare("SELECT pgoffset, pgsize FROM dbstat WHERE name IN (?1, ?2, ?3)").unwrap();
    let page = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)? as usize, row.get::<_, i64>(1)? as usize));
    statement.query_map(tables, page).unwrap().collect::<Result<_, _>>().unwrap()
}
