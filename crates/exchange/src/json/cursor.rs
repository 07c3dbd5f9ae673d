//! Walks through a JSON text from value to value.

use std::borrow::Cow;

use super::value::{Fault, Json};

/// The maximum nesting of objects and arrays, counted from the feature.
pub(crate) const MAX_DEPTH: usize = 32;

/// The maximum number of members of one object.
pub(crate) const MAX_MEMBERS: usize = 256;

/// A position in a JSON text.
pub(crate) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    depth: usize,
    /// The keys of every open object, the innermost last.
    keys: Vec<Cow<'a, str>>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, keys: Vec::with_capacity(32) }
    }

    /// Returns the number of bytes consumed so far.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Returns the next byte that is not white space, without consuming it.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Checks that only white space is left.
    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end")),
        }
    }

    /// Reads the next value. Arrays and objects are checked to their end.
    pub(crate) fn value(&mut self) -> Result<Json<'a>, Fault> {
        let next = self.peek();
        let start = self.at;
        match next {
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => Ok(Json::Number(self.number()?)),
            Some(b'{') => {
                self.object(|cursor, _| cursor.value().map(drop))?;
                Ok(Json::Object(&self.text[start..self.at]))
            }
            Some(b'[') => {
                self.array(|cursor| cursor.value().map(drop))?;
                Ok(Json::Array(&self.text[start..self.at]))
            }
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Walks through an object; calls `member` with each key to consume its value.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &Cow<'a, str>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.open(b'{', "an object")?;
        let outer = self.keys.len();
        let mut marks = 0_u64;
        if self.peek() == Some(b'}') {
            return self.close();
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in double quotes"));
            }
            let key = self.string()?;
            // Most keys have a different mark than the ones before and need no comparison.
            let mark = mark(&key);
            if marks & mark != 0 && self.keys[outer..].contains(&key) {
                return Err(self.fault(&key, "", "occurs twice"));
            }
            marks |= mark;
            if self.keys.len() - outer == MAX_MEMBERS {
                let reason = format!("is in an object of more than {MAX_MEMBERS} members");
                return Err(self.fault(&key, "", reason));
            }
            if self.peek() != Some(b':') {
                return Err(self.unexpected("a colon"));
            }
            self.at += 1;
            member(self, &key).map_err(|fault| fault.within(&key))?;
            self.keys.push(key);
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.keys.truncate(outer);
                    return self.close();
                }
                _ => return Err(self.unexpected("a comma or }")),
            }
        }
    }

    /// Walks through an array; calls `element` to consume each value.
    pub(crate) fn array(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.open(b'[', "an array")?;
        if self.peek() == Some(b']') {
            return self.close();
        }
        loop {
            element(self)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => return self.close(),
                _ => return Err(self.unexpected("a comma or ]")),
            }
        }
    }

    fn open(&mut self, bracket: u8, what: &str) -> Result<(), Fault> {
        if self.peek() != Some(bracket) {
            return Err(self.unexpected(what));
        }
        if self.depth == MAX_DEPTH {
            return Err(self.fault("", "", format!("is nested deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "ends both walks, which return a result")]
    fn close(&mut self) -> Result<(), Fault> {
        self.depth -= 1;
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Fault> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.unexpected("a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<&'a str, Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let digits = |mut at: usize| {
            while matches!(bytes.get(at), Some(b'0'..=b'9')) {
                at += 1;
            }
            at
        };
        let mut at = start + usize::from(bytes[start] == b'-');
        let whole = at;
        at = digits(at);
        let mut sound = at > whole && (bytes[whole] != b'0' || at == whole + 1);
        if bytes.get(at) == Some(&b'.') {
            let end = digits(at + 1);
            sound &= end > at + 1;
            at = end;
        }
        let mut may_be_too_large = at - start > 300;
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let exponent = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            at = digits(exponent);
            sound &= at > exponent;
            may_be_too_large = true;
        }
        if !sound {
            return Err(self.unexpected("a number"));
        }
        let text = &self.text[start..at];
        if may_be_too_large && !text.parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(self.fault("", text, "is not a finite number"));
        }
        self.at = at;
        Ok(text)
    }

    pub(crate) fn fault(&self, field: &str, value: &str, reason: impl Into<String>) -> Fault {
        Fault { at: self.at, field: field.to_owned(), value: excerpt(value), reason: reason.into() }
    }

    pub(super) fn unexpected(&self, wanted: &str) -> Fault {
        let rest = self.text.get(self.at..).unwrap_or("");
        let reason = if rest.is_empty() {
            format!("is not JSON: it ends where {wanted} was expected")
        } else {
            format!("is not JSON: {wanted} was expected at byte {}", self.at + 1)
        };
        let shown: String = rest.chars().take(20).collect();
        self.fault("", &shown, reason)
    }
}

/// Returns one bit of 64, the same for equal keys.
fn mark(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
    let mixed = (bytes.len() as u64) << 16 | u64::from(first) << 8 | u64::from(last);
    1 << (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

fn excerpt(value: &str) -> String {
    value.chars().take(80).collect()
}
