//! Vocabularies: closed lists of words.

use std::{fmt, ptr};

use super::Titles;

/// A type whose values are the words of a vocabulary.
pub(crate) trait Vocabulary: Copy + 'static {
    /// Its words.
    const WORDS: Words;

    /// The position of a value.
    fn position(self) -> usize;

    /// The value at a position.
    fn at(index: usize) -> Option<Self>;
}

/// A word of a vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its position in the vocabulary.
    pub index: usize,
    /// As it is written.
    pub text: &'static str,
}

/// A vocabulary: a closed list of words.
pub struct Words {
    /// The words, as they are written.
    pub all: &'static [&'static str],
    /// What people read in their place, in the same order; empty where the page has its own texts.
    pub titles: &'static [Titles],
    /// The position of a word or of one of its other spellings; the reason is a sentence's end.
    pub(crate) read: fn(&str) -> Result<usize, String>,
}

impl Words {
    /// The word at a position.
    pub fn at(&self, index: usize) -> Option<Word> {
        self.all.get(index).map(|text| Word { index, text })
    }

    /// The word that is written so.
    pub fn find(&self, text: &str) -> Option<Word> {
        self.at(self.all.iter().position(|word| *word == text)?)
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.all, other.all)
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all).finish()
    }
}
