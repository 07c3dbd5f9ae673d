//! What the records of a chunk have in common, stored once: texts such as models and teams, and their
//! commits.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use demining::{Record, Revision};
use jiff::Timestamp;

use super::bytes::{In, Out};

/// Maximum number of shared texts; further ones are stored with their records.
const MOST_TEXTS: usize = 48;

/// A commit as its records refer to it. There may be as many as changes, so it takes only 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commit {
    revision: Revision,
    /// Milliseconds since 1970, the precision of the store, and in the lowest 16 bits the index of the
    /// author's name.
    at_and_by: i64,
}

const NAME_BITS: u32 = 16;

impl Commit {
    fn new(revision: Revision, at: Timestamp, by: u16) -> Self {
        // Jiff's timestamps end in the year 9999, far below 2^47 milliseconds.
        Self { revision, at_and_by: at.as_millisecond() << NAME_BITS | i64::from(by) }
    }

    /// Returns its revision.
    pub fn revision(self) -> Revision {
        self.revision
    }

    /// Returns its time, with millisecond precision.
    pub fn at(self) -> Timestamp {
        Timestamp::from_millisecond(self.at_and_by >> NAME_BITS).expect("it was a time when it was kept")
    }

    /// Returns the index of the author's name.
    fn by(self) -> usize {
        usize::from(self.at_and_by as u16)
    }
}

/// Deduplicated texts, for the duration of a load.
#[derive(Debug, Default)]
pub struct Texts(HashSet<Arc<str>>);

impl Texts {
    /// Returns the shared copy of a text.
    pub fn of(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

/// Shared texts and commits of a chunk.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    pub(super) texts: Vec<Arc<str>>,
    /// The names of the authors of commits.
    names: Vec<Arc<str>>,
    commits: Vec<Commit>,
    /// A hash of the last text that was stored with its record.
    last_own: u64,
}

impl Shared {
    /// Creates a value with these texts and no commits.
    pub(super) fn of(texts: Vec<Arc<str>>) -> Self {
        Self { texts, ..Self::default() }
    }

    /// Returns the number of the record's commit, adding it if necessary.
    pub fn commit(&mut self, record: &Record) -> u64 {
        let by = record.updated_by.as_str();
        self.add_commit(record.revision, record.updated_at, by, || by.into())
    }

    /// Returns the number of this commit, adding it if it is new; `kept` provides the copy of a new name.
    pub(super) fn add_commit(
        &mut self,
        revision: Revision,
        at: Timestamp,
        by: &str,
        kept: impl FnOnce() -> Arc<str>,
    ) -> u64 {
        let name = self.names.iter().position(|name| **name == *by).unwrap_or_else(|| {
            self.names.push(kept());
            self.names.len() - 1
        });
        // A chunk is rebuilt long before it has 2^16 commits, and each adds at most one name.
        let commit = Commit::new(revision, at, name as u16);
        let known = self.commits.iter().rposition(|known| *known == commit);
        let at = known.unwrap_or_else(|| {
            self.commits.push(commit);
            self.commits.len() - 1
        });
        at as u64
    }

    /// Returns the commit with this number, and its author.
    pub fn commit_at(&self, number: u64) -> (Commit, &str) {
        let commit = self.commits[number as usize];
        (commit, &self.names[commit.by()])
    }

    /// Returns all commits with their authors.
    pub fn commits(&self) -> impl ExactSizeIterator<Item = (Commit, &Arc<str>)> {
        self.commits.iter().map(|commit| (*commit, &self.names[commit.by()]))
    }

    /// Returns the number of commits and texts; some may no longer be needed by any record.
    pub fn len(&self) -> usize {
        self.commits.len() + self.texts.len()
    }

    /// Writes a text that other records may share: as its number, or in full if there are too many.
    pub fn write_text(&mut self, text: &str, out: &mut Out<'_>) {
        let known = self.texts.iter().position(|known| **known == *text);
        if known.is_none() && self.texts.len() == MOST_TEXTS {
            out.number(0);
            out.text(text);
            return;
        }
        let at = known.unwrap_or_else(|| {
            self.texts.push(text.into());
            self.texts.len() - 1
        });
        out.number(at as u64 + 1);
    }

    /// Writes a text that is usually unique, such as a note: it is shared only when it repeats immediately.
    pub fn write_own_text(&mut self, text: &str, out: &mut Out<'_>) {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let before = std::mem::replace(&mut self.last_own, hasher.finish());
        if self.last_own == before || self.texts.iter().any(|known| **known == *text) {
            self.write_text(text, out);
        } else {
            out.number(0);
            out.text(text);
        }
    }

    /// Reads a text that was written in either way.
    pub fn read_text<'a>(&'a self, read: &mut In<'a>) -> &'a str {
        match read.number() {
            0 => read.text(),
            more => &self.texts[more as usize - 1],
        }
    }

    /// Returns all texts, including the authors of commits.
    pub fn all_texts(&self) -> impl Iterator<Item = &Arc<str>> {
        self.texts.iter().chain(&self.names)
    }

    /// Shares its texts with other chunks.
    pub fn share(&mut self, texts: &mut Texts) {
        for text in self.texts.iter_mut().chain(&mut self.names) {
            *text = texts.of(text);
        }
    }

    /// Frees unused capacity.
    pub fn shrink(&mut self) {
        self.texts.shrink_to_fit();
        self.names.shrink_to_fit();
        self.commits.shrink_to_fit();
    }
}
