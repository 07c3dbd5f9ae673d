//! Vocabularies: closed lists of words.

use std::{fmt, ptr};

use super::{Titles, name::is_equal};

/// A type whose values are the words of a vocabulary.
pub(crate) trait Vocabulary: Copy + 'static {
    /// Its words.
    const WORDS: Words;

    /// Returns the position of the value.
    fn position(self) -> usize;

    /// Returns the value at a position.
    fn at(index: usize) -> Option<Self>;
}

/// A word of a vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its position in the vocabulary.
    pub index: usize,
    /// Its text.
    pub text: &'static str,
}

/// A vocabulary: a closed list of words.
pub struct Words {
    /// The words.
    pub all: &'static [&'static str],
    /// The titles shown to users, in the same order; empty if the page has its own texts.
    pub titles: &'static [Titles],
    /// Returns the position of a word or one of its alternative spellings; the error is a reason that
    /// completes a sentence.
    pub(crate) read: fn(&str) -> Result<usize, String>,
}

impl Words {
    /// Returns the word at a position.
    pub fn at(&self, index: usize) -> Option<Word> {
        self.all.get(index).map(|text| Word { index, text })
    }

    /// Returns whether a text is a word or one of its alternative spellings.
    pub fn knows(&self, text: &str) -> bool {
        (self.read)(text).is_ok()
    }

    /// Returns the word with exactly this text, in UTF-8.
    pub fn find(&self, text: &[u8]) -> Option<Word> {
        self.at(self.all.iter().position(|word| is_equal(word.as_bytes(), text))?)
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
