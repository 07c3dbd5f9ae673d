//! Tests of texts: comparisons and patterns, optionally ignoring case and accents.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::comparison::Comparison;

/// What to ignore in a text before testing it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folding {
    /// Upper and lower case.
    pub case: bool,
    /// Accents and other marks on letters.
    pub accents: bool,
}

impl Folding {
    /// Returns the folded text.
    ///
    /// ```
    /// use atlas::Folding;
    /// let fold = |case, accents| Folding { case, accents }.of("Laçın, Şuşa ẞ").into_owned();
    /// assert_eq!(fold(true, false), "laçın, şuşa ss");
    /// assert_eq!(fold(true, true), "lacın, susa ss");
    /// ```
    pub fn of(self, text: &str) -> Cow<'_, str> {
        let mut text = Cow::Borrowed(text);
        if self.accents {
            text = Cow::Owned(text.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect());
        }
        if self.case {
            // Fold through the upper case, so that ß matches SS and ς matches σ. Unicode folding leaves
            // dotless i unchanged, although its upper case is that of i.
            let small = |c: char| if c == 'ẞ' { 'ß' } else { c };
            let mut folded = String::with_capacity(text.len());
            for c in text.chars().map(small) {
                if c == 'ı' {
                    folded.push(c);
                } else {
                    folded.extend(c.to_uppercase().flat_map(char::to_lowercase));
                }
            }
            text = Cow::Owned(folded);
        }
        text
    }

    /// Returns a folding that ignores what either ignores.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { case: self.case || other.case, accents: self.accents || other.accents }
    }
}

/// A test of a text.
#[derive(Clone, Debug)]
pub enum TextTest {
    /// The text compares like this to another, by code points.
    Compare(Comparison, String),
    /// The whole text matches a pattern.
    Like(Pattern),
}

impl TextTest {
    /// Returns `true` if the text passes.
    pub fn passes(&self, text: &str) -> bool {
        match self {
            Self::Compare(is, value) => is.holds(Some(text.cmp(value))),
            Self::Like(pattern) => pattern.fits(text),
        }
    }
}

/// A LIKE pattern: `%` matches any number of characters, `_` matches one, and a backslash escapes the next
/// character.
#[derive(Clone, Debug)]
pub struct Pattern(Vec<Token>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    One,
    Any,
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// ```
    /// let [mine, literal] = ["PMN-_%", r"100\%"].map(atlas::Pattern::new);
    /// assert!(mine.fits("PMN-2") && mine.fits("PMN-2M") && !mine.fits("PMN-"));
    /// assert!(literal.fits("100%") && !literal.fits("1000"));
    /// ```
    pub fn new(text: &str) -> Self {
        let (mut tokens, mut chars) = (Vec::new(), text.chars());
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '%' => Token::Any,
                '_' => Token::One,
                '\\' => Token::Char(chars.next().unwrap_or('\\')),
                c => Token::Char(c),
            });
        }
        tokens.dedup_by(|a, b| *a == Token::Any && *b == Token::Any);
        Self(tokens)
    }

    /// Returns `true` if the whole text matches. O(text times pattern) at worst: only the last `%` is ever
    /// extended.
    pub fn fits(&self, text: &str) -> bool {
        let tokens = &self.0;
        let (mut rest, mut at) = (text.chars(), 0);
        // The position after the last `%`, and the text that it has not matched yet.
        let mut star: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            if tokens.get(at) == Some(&Token::Any) {
                at += 1;
                star = Some((at, rest.clone()));
                continue;
            }
            let here = rest.clone().next();
            let fits = match (tokens.get(at), here) {
                (None, None) => return true,
                (Some(Token::One), Some(_)) => true,
                (Some(Token::Char(wanted)), Some(c)) => *wanted == c,
                _ => false,
            };
            if fits {
                rest.next();
                at += 1;
                continue;
            }
            // At the end of the text, no `%` can match more.
            let Some((behind, taken)) = star.as_mut().filter(|_| here.is_some()) else { return false };
            taken.next();
            (at, rest) = (*behind, taken.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Matches by definition.
    fn is_like(tokens: &[Token], text: &[char]) -> bool {
        match (tokens, text) {
            ([], text) => text.is_empty(),
            ([Token::Any, rest @ ..], text) => (0..=text.len()).any(|taken| is_like(rest, &text[taken..])),
            ([Token::One, rest @ ..], [_, text @ ..]) => is_like(rest, text),
            ([Token::Char(wanted), rest @ ..], [c, text @ ..]) => wanted == c && is_like(rest, text),
            _ => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn a_pattern_fits_what_its_definition_says(pattern in r"[ab%_\\]{0,8}", text in "[abə]{0,8}") {
            let pattern = Pattern::new(&pattern);
            let chars: Vec<char> = text.chars().collect();
            prop_assert_eq!(pattern.fits(&text), is_like(&pattern.0, &chars));
        }
    }

    #[test]
    fn case_and_accents_are_taken_off_by_themselves_and_together() {
        let fold = |case, accents, text: &str| Folding { case, accents }.of(text).into_owned();
        assert_eq!(fold(false, false, "Éß"), "Éß");
        assert_eq!(fold(true, false, "ÉSS ΟΔΟΣ οδος"), "éss οδοσ οδοσ");
        assert_eq!(fold(false, true, "Äöüéáí Ğş"), "Aoueai Gs");
        assert_eq!(fold(true, true, "ÄÖÜ"), fold(true, true, "aou"));
    }
}
