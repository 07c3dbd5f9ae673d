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

/// A commit, as its records carry it.
#[derive(Clone, Debug)]
pub struct Commit {
    pub revision: Revision,
    pub at: Timestamp,
    pub by: Arc<str>,
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
    pub(super) commits: Vec<Commit>,
    /// A hash of the last text that stood with its record.
    pub(super) last_own: u64,
}

impl Shared {
    /// The number of the record's commit.
    pub fn commit(&mut self, record: &Record) -> u64 {
        let same = |commit: &Commit| {
            commit.revision == record.revision
                && commit.at == record.updated_at
                && *commit.by == *record.updated_by
        };
        let at = self.commits.iter().rposition(same).unwrap_or_else(|| {
            let known = self.commits.last().filter(|last| *last.by == *record.updated_by);
            let by = known.map_or_else(|| record.updated_by.as_str().into(), |last| Arc::clone(&last.by));
            self.commits.push(Commit { revision: record.revision, at: record.updated_at, by });
            self.commits.len() - 1
        });
        at as u64
    }

    /// The commit with this number.
    pub fn commit_at(&self, number: u64) -> &Commit {
        &self.commits[number as usize]
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
        self.texts.iter().chain(self.commits.iter().map(|commit| &commit.by))
    }

    /// Shares its texts with others.
    pub fn share(&mut self, texts: &mut Texts) {
        let names = self.commits.iter_mut().map(|commit| &mut commit.by);
        for text in self.texts.iter_mut().chain(names) {
            *text = texts.of(text);
        }
    }

    /// Gives back room that is not needed.
    pub fn shrink(&mut self) {
        self.texts.shrink_to_fit();
        self.commits.shrink_to_fit();
    }
}
