//! CQL2 text (OGC 21-065r2, annex B), by recursive descent over its [tokens](super::tokens), each of which is
//! read once.

use super::{
    MAX_DEPTH,
    expression::{Expression, Function, arithmetic, comparison, exactly},
    tokens::{Token, Tokens},
    wkt,
};

type Read<T> = Result<T, String>;

/// Words that are names only in quotes.
const RESERVED: [&str; 9] = ["AND", "OR", "NOT", "LIKE", "ILIKE", "BETWEEN", "IN", "IS", "DIV"];

/// Reads a filter.
///
/// # Errors
/// Where the text violates the grammar, or which part is not supported.
pub fn parse(text: &str) -> Read<Expression> {
    let mut parser = Parser { tokens: Tokens::new(text), depth: 0 };
    let expression = parser.any()?;
    match parser.tokens.peek()? {
        Token::End => Ok(expression),
        _ => Err(parser.tokens.expected("AND, OR or the end")),
    }
}

struct Parser<'a> {
    tokens: Tokens<'a>,
    depth: usize,
}

impl Parser<'_> {
    /// Reads one level deeper.
    fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("has more than {MAX_DEPTH} nested operations or brackets"));
        }
        let done = read(self)?;
        self.depth -= 1;
        Ok(done)
    }

    /// Reads `a OR b OR c`, which binds most loosely.
    fn any(&mut self) -> Read<Expression> {
        self.within(|parser| {
            let first = parser.all()?;
            if !parser.tokens.peek()?.is_word("OR") {
                return Ok(first);
            }
            let mut parts = flat(first, |part| match part {
                Expression::Any(parts) => Ok(parts),
                other => Err(other),
            });
            while parser.tokens.take_word("OR")? {
                parts.push(parser.all()?);
            }
            Ok(Expression::Any(parts))
        })
    }

    /// Reads `a AND b AND c`.
    fn all(&mut self) -> Read<Expression> {
        let first = self.not()?;
        if !self.tokens.peek()?.is_word("AND") {
            return Ok(first);
        }
        let mut parts = flat(first, |part| match part {
            Expression::All(parts) => Ok(parts),
            other => Err(other),
        });
        while self.tokens.take_word("AND")? {
            parts.push(self.not()?);
        }
        Ok(Expression::All(parts))
    }

    /// Reads `NOT a`.
    fn not(&mut self) -> Read<Expression> {
        if !self.tokens.take_word("NOT")? {
            return self.predicate();
        }
        Ok(Expression::Not(self.within(Self::not)?.into()))
    }

    /// Reads a value or a comparison.
    fn predicate(&mut self) -> Read<Expression> {
        let value = self.operand()?;
        if let Token::Sign(sign) = self.tokens.peek()?
            && let Some(is) = comparison(sign)
        {
            self.tokens.step()?;
            return Ok(Expression::Compare(is, [value, self.operand()?].into()));
        }
        if self.tokens.take_word("IS")? {
            let negated = self.tokens.take_word("NOT")?;
            self.tokens.expect_word("NULL")?;
            return Ok(negate(negated, Expression::Missing(value.into())));
        }
        let negated = self.tokens.take_word("NOT")?;
        let predicate = if self.tokens.take_word("LIKE")? {
            Expression::Like([value, self.operand()?].into())
        } else if self.tokens.take_word("ILIKE")? {
            // GDAL sends ILIKE, although the standard has CASEI for this.
            let pair = [value, self.operand()?];
            let folded = Function::named("casei")?;
            let [text, pattern] = pair.map(|text| folded.of("casei", vec![text]));
            Expression::Like([text?, pattern?].into())
        } else if self.tokens.take_word("BETWEEN")? {
            let low = self.operand()?;
            self.tokens.expect_word("AND")?;
            Expression::Between([value, low, self.operand()?].into())
        } else if self.tokens.take_word("IN")? {
            self.tokens.expect("(")?;
            Expression::In(value.into(), self.list(Self::operand)?)
        } else if negated {
            return Err(self.tokens.expected("LIKE, BETWEEN or IN"));
        } else {
            return Ok(value);
        };
        Ok(negate(negated, predicate))
    }

    /// Reads a value with its sign.
    fn operand(&mut self) -> Read<Expression> {
        let (mut signed, mut negative) = (false, false);
        while let Token::Sign(sign @ ("+" | "-")) = self.tokens.peek()? {
            self.tokens.step()?;
            (signed, negative) = (true, negative ^ (sign == "-"));
        }
        let value = match self.value()? {
            Expression::Number(value) if negative => Expression::Number(-value),
            value @ Expression::Number(_) => value,
            _ if signed => return Err(arithmetic("-")),
            value => value,
        };
        match self.tokens.peek()? {
            Token::Sign(sign @ ("+" | "-" | "*" | "/" | "%" | "^")) => Err(arithmetic(sign)),
            token if token.is_word("DIV") => Err(arithmetic("div")),
            _ => Ok(value),
        }
    }

    fn value(&mut self) -> Read<Expression> {
        Ok(match self.tokens.peek()? {
            Token::Number(value) => {
                self.tokens.step()?;
                Expression::Number(value)
            }
            Token::Text(text) => {
                self.tokens.step()?;
                Expression::Text(text.unquoted())
            }
            Token::Name(name) => {
                self.tokens.step()?;
                Expression::Property(name.unquoted())
            }
            Token::Sign("(") => {
                self.tokens.step()?;
                let inner = self.any()?;
                if let Token::Sign(",") = self.tokens.peek()? {
                    return Err("a list is allowed only after IN".to_owned());
                }
                self.tokens.expect(")")?;
                inner
            }
            Token::Word(word) if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word)) => {
                return Err(self.tokens.expected("a property or a value"));
            }
            Token::Word(word) => {
                self.tokens.step()?;
                self.word(word)?
            }
            Token::Sign(_) | Token::End => return Err(self.tokens.expected("a property or a value")),
        })
    }

    /// Reads what a word begins: a literal, a geometry, a function or a property's name.
    fn word(&mut self, word: &str) -> Read<Expression> {
        if let Some(kind) = wkt::kind(word)
            && wkt::follows(&self.tokens.peek()?)
        {
            return wkt::geometry(&mut self.tokens, kind, 0).map(Expression::Geometry);
        }
        let upper = word.to_ascii_uppercase();
        if !matches!(self.tokens.peek()?, Token::Sign("(")) {
            return Ok(match upper.as_str() {
                "TRUE" => Expression::Bool(true),
                "FALSE" => Expression::Bool(false),
                "NULL" => return Err("NULL cannot be compared: use IS NULL".to_owned()),
                _ => Expression::Property(word.to_owned()),
            });
        }
        match upper.as_str() {
            "DATE" => self.quoted("DATE needs a day").map(Expression::Date),
            "TIMESTAMP" => self.quoted("TIMESTAMP needs an instant").map(Expression::Timestamp),
            "INTERVAL" => Ok(Expression::Interval(exactly("INTERVAL", self.arguments()?)?)),
            "BBOX" => {
                self.tokens.expect("(")?;
                let numbers = self.list(|parser| match parser.operand()? {
                    Expression::Number(number) => Ok(number),
                    _ => Err("BBOX needs four numbers: west, south, east, north".to_owned()),
                });
                numbers.map(Expression::Box)
            }
            // Check the function before its arguments, whose types may be unsupported too.
            _ => Function::named(word)?.of(word, self.arguments()?),
        }
    }

    /// Reads a text in brackets.
    fn quoted(&mut self, what: &str) -> Read<String> {
        self.tokens.expect("(")?;
        let Token::Text(text) = self.tokens.peek()? else {
            return Err(format!("{what} in quotes, not {}", self.tokens.peek()?));
        };
        self.tokens.step()?;
        self.tokens.expect(")")?;
        Ok(text.unquoted())
    }

    fn arguments(&mut self) -> Read<Vec<Expression>> {
        self.tokens.expect("(")?;
        self.list(Self::any)
    }

    /// Reads comma-separated items up to a closing bracket.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut items = vec![item(self)?];
        while let Token::Sign(",") = self.tokens.peek()? {
            self.tokens.step()?;
            items.push(item(self)?);
        }
        self.tokens.expect(")")?;
        Ok(items)
    }
}

fn negate(negated: bool, expression: Expression) -> Expression {
    if negated { Expression::Not(expression.into()) } else { expression }
}

/// Flattens a nested first part: `(a AND b) AND c`, as clients write it, becomes one list.
fn flat(
    first: Expression,
    parts: impl FnOnce(Expression) -> Result<Vec<Expression>, Expression>,
) -> Vec<Expression> {
    parts(first).unwrap_or_else(|other| vec![other])
}
