//! What the records of a chunk have in common, kept once: texts such as models and teams, and the
//! commits they came with.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use demining::{Record, Revision};
use jiff::Timestamp;

use super::bytes::{In, Out};

/// Texts that are kept once; the rest stand with their records.
const MOST_TEXTS: usize = 48;

/// A commit, as its records carry it. As many changes, many commits: hence 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commit {
    revision: Revision,
    /// Milliseconds since 1970, which is what a store keeps, and in the lowest 16 bits which of the names.
    at_and_by: i64,
}

const NAME_BITS: u32 = 16;

impl Commit {
    fn new(revision: Revision, at: Timestamp, by: u16) -> Self {
        // Jiff's timestamps end in the year 9999, far below 2^47 milliseconds.
        Self { revision, at_and_by: at.as_millisecond() << NAME_BITS | i64::from(by) }
    }

    /// Its revision.
    pub fn revision(self) -> Revision {
        self.revision
    }

    /// When it was made, to the millisecond.
    pub fn at(self) -> Timestamp {
        Timestamp::from_millisecond(self.at_and_by >> NAME_BITS).expect("it was a time when it was kept")
    }

    /// Which of the names is that of who made it.
    fn by(self) -> usize {
        usize::from(self.at_and_by as u16)
    }
}

/// Texts, each kept once. For as long as a load takes.
#[derive(Debug, Default)]
pub struct Texts(HashSet<Arc<str>>);

impl Texts {
    /// The one text like this.
    pub fn of(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

/// Texts and commits of a chunk.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    pub(super) texts: Vec<Arc<str>>,
    /// Who made the commits.
    names: Vec<Arc<str>>,
    commits: Vec<Commit>,
    /// A hash of the last text that stood with its record.
    last_own: u64,
}

impl Shared {
    /// These texts, and no commit yet.
    pub(super) fn of(texts: Vec<Arc<str>>) -> Self {
        Self { texts, ..Self::default() }
    }

    /// The number of the record's commit.
    pub fn commit(&mut self, record: &Record) -> u64 {
        let by = record.updated_by.as_str();
        self.add_commit(record.revision, record.updated_at, by, || by.into())
    }

    /// The number of this commit, which is added unless it is there; a name that is new is kept as `kept`.
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
        // A chunk is renewed long before it has 2^16 commits, and each brings one name at most.
        let commit = Commit::new(revision, at, name as u16);
        let known = self.commits.iter().rposition(|known| *known == commit);
        let at = known.unwrap_or_else(|| {
            self.commits.push(commit);
            self.commits.len() - 1
        });
        at as u64
    }

    /// The commit with this number, and who made it.
    pub fn commit_at(&self, number: u64) -> (Commit, &str) {
        let commit = self.commits[number as usize];
        (commit, &self.names[commit.by()])
    }

    /// All commits, each with who made it.
    pub fn commits(&self) -> impl ExactSizeIterator<Item = (Commit, &Arc<str>)> {
        self.commits.iter().map(|commit| (*commit, &self.names[commit.by()]))
    }

    /// How many commits and texts are kept; records that left may have been the last to need one.
    pub fn len(&self) -> usize {
        self.commits.len() + self.texts.len()
    }

    /// Writes a text that others may have too: as its number, or as it is when there are many.
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

    /// Writes a text that is most often only its own record's, such as a note: kept once from the
    /// second time in a row on.
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

    /// Reads a text that was written in one of these ways.
    pub fn read_text<'a>(&'a self, read: &mut In<'a>) -> &'a str {
        match read.number() {
            0 => read.text(),
            more => &self.texts[more as usize - 1],
        }
    }

    /// All texts, the names on commits among them.
    pub fn all_texts(&self) -> impl Iterator<Item = &Arc<str>> {
        self.texts.iter().chain(&self.names)
    }

    /// Shares its texts with others.
    pub fn share(&mut self, texts: &mut Texts) {
        for text in self.texts.iter_mut().chain(&mut self.names) {
            *text = texts.of(text);
        }
    }

    /// Gives back room that is not needed.
    pub fn shrink(&mut self) {
        self.texts.shrink_to_fit();
        self.names.shrink_to_fit();
        self.commits.shrink_to_fit();
    }
}
