//! Geometries in CQL2 text: Well-Known Text, converted to `GeoJSON`.

use serde_json::{Value, json};

use super::{
    shape::{KINDS, MAX_NESTING},
    tokens::{Token, Tokens},
};

type Read<T> = Result<T, String>;

/// The dimensions that may follow the type; heights and measures are ignored.
const DIMENSIONS: [&str; 3] = ["Z", "M", "ZM"];

/// Returns the geometry type that a word names, in `GeoJSON` spelling; `POINT` or, as QGIS writes it,
/// `PointZ`.
pub fn kind(word: &str) -> Option<&'static str> {
    let is_kind = |kind: &str| {
        let (named, dimensions) = word.split_at_checked(kind.len()).unwrap_or((word, ""));
        let has_dimensions = DIMENSIONS.iter().any(|d| d.eq_ignore_ascii_case(dimensions));
        named.eq_ignore_ascii_case(kind) && (dimensions.is_empty() || has_dimensions)
    };
    KINDS.into_iter().find(|kind| is_kind(kind))
}

/// Returns whether this token makes the preceding word a geometry rather than a property's name.
pub fn follows(next: &Token<'_>) -> bool {
    matches!(next, Token::Sign("("))
        || next.is_word("EMPTY")
        || DIMENSIONS.iter().any(|dimensions| next.is_word(dimensions))
}

/// Reads the coordinates of a geometry of this type.
///
/// # Errors
/// When they do not fit the type, or geometries are nested too deeply.
pub fn geometry(tokens: &mut Tokens<'_>, kind: &str, nesting: usize) -> Read<Value> {
    if nesting > MAX_NESTING {
        return Err(format!("has more than {MAX_NESTING} nested geometries"));
    }
    for dimensions in DIMENSIONS {
        if tokens.take_word(dimensions)? {
            break;
        }
    }
    if tokens.peek()?.is_word("EMPTY") {
        return Err("the geometry is wrong: it is empty".to_owned());
    }
    let coordinates = match kind {
        "Point" => bracketed(tokens)?,
        "MultiPoint" => list(tokens, |tokens| match tokens.peek()? {
            Token::Sign("(") => bracketed(tokens),
            _ => position(tokens),
        })?,
        "LineString" => list(tokens, position)?,
        "Polygon" | "MultiLineString" => list(tokens, |tokens| list(tokens, position))?,
        "MultiPolygon" => list(tokens, |tokens| list(tokens, |tokens| list(tokens, position)))?,
        _ => {
            let geometries = list(tokens, |tokens| {
                let Token::Word(word) = tokens.peek()? else { return Err(tokens.expected("a geometry")) };
                let Some(kind) = self::kind(word) else { return Err(tokens.expected("a geometry")) };
                tokens.step()?;
                geometry(tokens, kind, nesting + 1)
            })?;
            return Ok(json!({"type": kind, "geometries": geometries}));
        }
    };
    Ok(json!({"type": kind, "coordinates": coordinates}))
}

/// Reads one position in brackets.
fn bracketed(tokens: &mut Tokens<'_>) -> Read<Value> {
    tokens.expect("(")?;
    let position = position(tokens)?;
    tokens.expect(")")?;
    Ok(position)
}

fn list(tokens: &mut Tokens<'_>, mut item: impl FnMut(&mut Tokens<'_>) -> Read<Value>) -> Read<Value> {
    tokens.expect("(")?;
    let mut items = vec![item(tokens)?];
    while let Token::Sign(",") = tokens.peek()? {
        tokens.step()?;
        items.push(item(tokens)?);
    }
    tokens.expect(")")?;
    Ok(Value::Array(items))
}

/// Reads two numbers, and optionally a height and a measure.
fn position(tokens: &mut Tokens<'_>) -> Read<Value> {
    let mut numbers = Vec::with_capacity(2);
    loop {
        let negative = match tokens.peek()? {
            Token::Sign(sign @ ("+" | "-")) => {
                tokens.step()?;
                sign == "-"
            }
            Token::Number(_) => false,
            _ if (2..=4).contains(&numbers.len()) => return Ok(Value::from(numbers)),
            _ => return Err(tokens.expected("a number of a position")),
        };
        let Token::Number(number) = tokens.peek()? else { return Err(tokens.expected("a number")) };
        tokens.step()?;
        numbers.push(if negative { -number } else { number });
    }
}
