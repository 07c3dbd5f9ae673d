//! A strict reader of JSON text that keeps numbers as they were written.
//!
//! It reads one value that lies in memory in one pass, and refuses what other readers let pass:
//! a key that stands twice in an object, a number that no `f64` holds, nesting beyond a limit.
//! It never recurses deeper than [`MAX_DEPTH`].

use std::borrow::Cow;

/// Objects and arrays within each other, at most, counted from the feature.
pub(crate) const MAX_DEPTH: usize = 32;

/// Members of one object, at most.
pub(crate) const MAX_MEMBERS: usize = 256;

/// Why a text is no JSON that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where in the text, bytes from its beginning.
    pub at: usize,
    /// The innermost member it is about, if any.
    pub field: String,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
}

/// One value: scalars decoded, arrays and objects as their text, which was checked to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    Array(&'a str),
    Object(&'a str),
}

impl Json<'_> {
    /// What it is, with its article, for a message.
    pub(crate) fn what(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// Its text, for a message.
    pub(crate) fn shown(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Number(text) | Self::Array(text) | Self::Object(text) => text,
            Self::Text(text) => text,
        }
    }
}

/// A place in a JSON text.
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// The keys of every object that is open, the innermost last.
    keys: Vec<Cow<'a, str>>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, keys: Vec::with_capacity(32) }
    }

    /// Bytes taken so far.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The next byte that is no white space, without taking it.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// That nothing but white space is left.
    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end")),
        }
    }

    /// The next value. Arrays and objects are checked to their end.
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

    /// Walks through an object; `member` is given each key and takes its value.
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
            // Most keys differ from the ones before in their mark, and need no comparing.
            let mark = mark(&key);
            if marks & mark != 0 && self.keys[outer..].contains(&key) {
                return Err(self.fault(&key, "", "stands twice"));
            }
            marks |= mark;
            if self.keys.len() - outer == MAX_MEMBERS {
                let reason = format!("is one of more than {MAX_MEMBERS} members of an object");
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

    /// Walks through an array; `element` takes each value.
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

    /// The string that begins here, unescaped.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let end = start + plain_length(&bytes[start..]);
        self.at = end;
        match bytes.get(end) {
            Some(b'"') => {
                self.at = end + 1;
                Ok(Cow::Borrowed(&self.text[start..end]))
            }
            Some(b'\\') => self.escaped_string(start),
            Some(_) => Err(self.fault("", "", "holds a control character that is not escaped")),
            None => Err(self.unexpected("a closing quote")),
        }
    }

    fn escaped_string(&mut self, start: usize) -> Result<Cow<'a, str>, Fault> {
        let bytes = self.text.as_bytes();
        let mut whole = String::from(&self.text[start..self.at]);
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(whole));
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    whole.push(c);
                }
                Some(0..0x20) => {
                    return Err(self.fault("", "", "holds a control character that is not escaped"));
                }
                Some(_) => {
                    let plain = self.at + plain_length(&bytes[self.at..]);
                    whole.push_str(&self.text[self.at..plain]);
                    self.at = plain;
                }
                None => return Err(self.unexpected("a closing quote")),
            }
        }
    }

    /// The character of the escape sequence that begins here.
    fn escape(&mut self) -> Result<char, Fault> {
        let plain = match self.text.as_bytes().get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.unexpected("an escape sequence")),
        };
        self.at += 2;
        Ok(plain)
    }

    /// `\uXXXX`, or two of them that are a surrogate pair.
    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let unit = |at: usize| {
            let hex = self.text.as_bytes().get(at..at + 6)?.strip_prefix(b"\\u")?;
            hex.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
        };
        let (code, length) = match (unit(self.at), unit(self.at + 6)) {
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                (0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12)
            }
            (Some(code), _) => (code, 6),
            (None, _) => return Err(self.unexpected("four hexadecimal digits")),
        };
        let Some(c) = char::from_u32(code) else {
            return Err(self.fault("", &format!("\\u{code:04x}"), "is half of a surrogate pair"));
        };
        self.at += length;
        Ok(c)
    }

    pub(crate) fn fault(&self, field: &str, value: &str, reason: impl Into<String>) -> Fault {
        Fault { at: self.at, field: field.to_owned(), value: excerpt(value), reason: reason.into() }
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let rest = self.text.get(self.at..).unwrap_or("");
        let reason = if rest.is_empty() {
            format!("is not JSON: it ends where {wanted} should stand")
        } else {
            format!("is not JSON: {wanted} should stand at byte {}", self.at + 1)
        };
        let shown: String = rest.chars().take(20).collect();
        self.fault("", &shown, reason)
    }
}

impl Fault {
    /// The same, said of the member `key` unless it names a member further inside.
    pub(crate) fn within(mut self, key: &str) -> Self {
        if self.field.is_empty() {
            key.clone_into(&mut self.field);
        }
        self
    }
}

/// One bit of 64, the same for equal keys.
fn mark(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
    let mixed = (bytes.len() as u64) << 16 | u64::from(first) << 8 | u64::from(last);
    1 << (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

/// How many bytes from the beginning stand in a string for themselves.
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(bytes.len())
}

fn excerpt(value: &str) -> String {
    value.chars().take(80).collect()
}

/// The same JSON without white space between its parts: one line, and one text for one content.
pub(crate) fn compact(json: &str) -> String {
    let mut compact = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(quote) = rest.find('"') {
        compact.extend(rest[..quote].split_ascii_whitespace());
        let mut end = quote + 1;
        loop {
            end += plain_length(&rest.as_bytes()[end..]);
            match rest.as_bytes().get(end) {
                Some(b'\\') => end += 2,
                _ => break,
            }
        }
        let end = (end + 1).min(rest.len());
        compact.push_str(&rest[quote..end]);
        rest = &rest[end..];
    }
    compact.extend(rest.split_ascii_whitespace());
    compact
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Json<'_>, Fault> {
        let mut cursor = Cursor::new(text);
        let value = cursor.value()?;
        cursor.finish()?;
        Ok(value)
    }

    fn check(text: &str, reason: &str) {
        let fault = read(text).unwrap_err();
        assert_eq!(format!("{} {:?} {}", fault.field, fault.value, fault.reason), reason, "{text}");
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        check("NaN", r#" "NaN" is not JSON: a value should stand at byte 1"#);
        check("", r#" "" is not JSON: it ends where a value should stand"#);
        check("01", r#" "01" is not JSON: a number should stand at byte 1"#);
        check("[1,]", r#" "]" is not JSON: a value should stand at byte 4"#);
        check("{\"a\":1", r#" "" is not JSON: it ends where a comma or } should stand"#);
        check("{a:1}", r#" "a:1}" is not JSON: a key in double quotes should stand at byte 2"#);
        check(r#"{"a":"\x"}"#, r#"a "\\x\"}" is not JSON: an escape sequence should stand at byte 7"#);
        check(r#"{"a":"\ud800x"}"#, r#"a "\\ud800" is half of a surrogate pair"#);
        check("1 2", r#" "2" is not JSON: the end should stand at byte 3"#);
    }

    #[test]
    fn what_other_readers_let_pass_is_refused() {
        check(r#"{"a":1,"b":{"c":1,"\u0063":2}}"#, r#"c "" stands twice"#);
        check(r#"{"a":[1e999]}"#, r#"a "1e999" is not a finite number"#);
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        check(&deep, r#" "" is nested deeper than 32 levels"#);
    }

    #[test]
    fn numbers_stay_as_written_and_strings_are_unescaped() {
        assert_eq!(read(" -1.50E+2 "), Ok(Json::Number("-1.50E+2")));
        assert_eq!(
            read(r#""K\u0259lb\u0259c\u0259r \ud83d\ude00\n\/""#),
            Ok(Json::Text("Kəlbəcər 😀\n/".into()))
        );
    }

    #[test]
    fn compacting_leaves_the_inside_of_strings_alone() {
        assert_eq!(
            compact("{ \"a b\" : [ 1 ,\n \" x \\\" y \" ] , \"c\\\\\" : null }"),
            "{\"a b\":[1,\" x \\\" y \"],\"c\\\\\":null}"
        );
    }

    proptest! {
        #[test]
        fn it_agrees_with_serde_json_on_what_is_json(
            text in r#"[\[\]{}",:0-9eE.+\-truefalsn\\u \n]{0,12}|\{"[ab]":(1|"x\\n"|[\[{]|null|-0\.5e3)[,}\] ]{0,3}"#
        ) {
            let ours = read(&text).is_ok();
            let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            prop_assert_eq!(ours, theirs, "{}", text);
        }

        #[test]
        fn any_string_comes_back(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(read(&json), Ok(Json::Text(text.into())));
        }
    }
}
