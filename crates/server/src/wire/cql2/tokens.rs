//! The words, signs and literals of a CQL2 text.

use std::fmt;

use crate::wire::shown::shown;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Token<'a> {
    /// A name, a keyword or a function.
    Word(&'a str),
    /// A name in double quotes.
    Name(Quoted<'a>),
    /// A text in single quotes.
    Text(Quoted<'a>),
    /// A number without a sign.
    Number(f64),
    /// An operator, a bracket or a comma.
    Sign(&'static str),
    /// The end of the text.
    End,
}

/// The content of quotes. A quote inside is doubled or, in a text, preceded by a backslash; a backslash
/// before any other character is literal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quoted<'a> {
    inner: &'a str,
    quote: char,
}

/// The signs, longer ones first.
const SIGNS: [&str; 15] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%", "^"];

impl Token<'_> {
    /// Returns whether the token is this keyword, ignoring case.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(here) if here.eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(f, "{:?}", shown(word)),
            Self::Name(name) => write!(f, "{:?}", shown(name.inner)),
            Self::Text(text) => write!(f, "the text '{}'", shown(text.inner)),
            Self::Number(number) => write!(f, "{number}"),
            Self::Sign(sign) => write!(f, "{sign:?}"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// Splits a text into tokens, with one token of lookahead.
pub struct Tokens<'a> {
    text: &'a str,
    /// The byte where the next token begins, after white space, and the one where it ends.
    next: usize,
    behind: usize,
    ahead: Option<Token<'a>>,
}

impl<'a> Tokens<'a> {
    /// Creates the tokens of a text.
    pub fn new(text: &'a str) -> Self {
        Self { text, next: 0, behind: 0, ahead: None }
    }

    /// Returns the next token without consuming it.
    ///
    /// # Errors
    /// When the token is invalid or unterminated.
    pub fn peek(&mut self) -> Result<Token<'a>, String> {
        if let Some(token) = self.ahead {
            return Ok(token);
        }
        let rest = &self.text[self.behind..];
        self.next = self.behind + (rest.len() - rest.trim_start().len());
        let (token, length) = self.read()?;
        self.behind = self.next + length;
        self.ahead = Some(token);
        Ok(token)
    }

    /// Consumes the next token.
    ///
    /// # Errors
    /// As [`Self::peek`].
    pub fn step(&mut self) -> Result<(), String> {
        self.peek()?;
        self.ahead = None;
        Ok(())
    }

    /// Consumes a keyword, if it is the next token.
    ///
    /// # Errors
    /// As [`Self::peek`].
    pub fn take_word(&mut self, word: &str) -> Result<bool, String> {
        let is_it = self.peek()?.is_word(word);
        if is_it {
            self.ahead = None;
        }
        Ok(is_it)
    }

    /// Consumes a keyword.
    ///
    /// # Errors
    /// When another token is next.
    pub fn expect_word(&mut self, word: &str) -> Result<(), String> {
        if self.take_word(word)? { Ok(()) } else { Err(self.expected(word)) }
    }

    /// Consumes a sign.
    ///
    /// # Errors
    /// When another token is next.
    pub fn expect(&mut self, sign: &str) -> Result<(), String> {
        match self.peek()? {
            Token::Sign(here) if here == sign => self.step(),
            _ => Err(self.expected(&format!("{sign:?}"))),
        }
    }

    /// Describes the expected and the actual token.
    pub fn expected(&mut self, what: &str) -> String {
        match self.peek() {
            Ok(token) => self.wrong(&format!("{what} is expected, not {token}")),
            Err(error) => error,
        }
    }

    fn wrong(&self, reason: &str) -> String {
        let character = self.text[..self.next].chars().count() + 1;
        format!("is not valid CQL2 text: at character {character}, {reason}")
    }

    /// Reads the token at `next`, and its length in bytes.
    fn read(&self) -> Result<(Token<'a>, usize), String> {
        let rest = &self.text[self.next..];
        let Some(first) = rest.chars().next() else { return Ok((Token::End, 0)) };
        let length_of = |is_part: fn(char) -> bool| rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        match first {
            '\'' | '"' => {
                let quoted =
                    Quoted::begins(rest, first).ok_or_else(|| self.wrong("a quote is not closed"))?;
                let token = if first == '"' { Token::Name(quoted) } else { Token::Text(quoted) };
                Ok((token, quoted.inner.len() + 2))
            }
            c if begins_name(c) => {
                let length = length_of(continues_name);
                Ok((Token::Word(&rest[..length]), length))
            }
            c if c.is_ascii_digit() || c == '.' => {
                let length = number_length(rest);
                let number: f64 = rest[..length].parse().map_err(|_| self.wrong("a number is expected"))?;
                if number.is_finite() {
                    Ok((Token::Number(number), length))
                } else {
                    Err("contains a number that is too large".to_owned())
                }
            }
            c => {
                let sign = SIGNS.iter().copied().find(|sign| rest.starts_with(*sign));
                let sign = sign.ok_or_else(|| self.wrong(&format!("{c:?} is not allowed")))?;
                Ok((Token::Sign(sign), sign.len()))
            }
        }
    }
}

fn begins_name(c: char) -> bool {
    c == ':' || c == '_' || c.is_ascii_alphabetic() || (c >= '\u{c0}' && c.is_alphabetic())
}

fn continues_name(c: char) -> bool {
    begins_name(c)
        || c == '.'
        || c.is_ascii_digit()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// Returns the length of a number in bytes: digits, a fraction, an exponent.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') {
        length += 1 + digits(length + 1);
    }
    if let Some(b'e' | b'E') = bytes.get(length) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = bytes.get(length + 1 + sign..).map_or(0, |_| digits(length + 1 + sign));
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

impl<'a> Quoted<'a> {
    /// Reads from an opening quote at the start to the closing one; `None` if it is missing.
    fn begins(text: &'a str, quote: char) -> Option<Self> {
        let mut chars = text.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            let before_quote = chars.peek().is_some_and(|(_, next)| *next == quote);
            if before_quote && escapes(c, quote) {
                chars.next();
            } else if c == quote {
                return Some(Self { inner: &text[1..at], quote });
            }
        }
        None
    }

    /// Returns the text with its escapes resolved.
    pub fn unquoted(self) -> String {
        let (mut text, mut chars) = (String::with_capacity(self.inner.len()), self.inner.chars().peekable());
        while let Some(c) = chars.next() {
            if escapes(c, self.quote) && chars.next_if_eq(&self.quote).is_some() {
                text.push(self.quote);
            } else {
                text.push(c);
            }
        }
        text
    }
}

/// Returns whether this character escapes a quote after it.
fn escapes(c: char, quote: char) -> bool {
    c == quote || (c == '\\' && quote == '\'')
}
