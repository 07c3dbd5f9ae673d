//! `filter`, `filter-lang` and `filter-crs`: conditions in CQL2 (OGC 21-065r2), as text or as JSON.
//!
//! The text is parsed by another crate, and what it says is held against the properties of a record
//! here: what there is no such property, type or place of is refused by name.

mod shape;
mod terms;
#[cfg(test)]
mod tests;

use std::num::NonZero;

use atlas::{Condition, Ground, Scope};
use cql2::Expr;

use crate::{
    ogc::systems::{self, System},
    params::Params,
    problem::{Answer, Problem},
};
use terms::Reading;

/// Bytes of a filter, at most.
pub const MAX_BYTES: usize = 16 * 1024;
/// Brackets within brackets, at most: the parser tries each twice, so that one more doubles its time.
pub const MAX_BRACKETS: usize = 12;
/// Operations within operations, at most.
pub const MAX_DEPTH: usize = 32;
/// Operations, properties and values, at most.
pub const MAX_TERMS: usize = 1_000;
/// Positions in all geometries, at most; a filter of [`MAX_BYTES`] has hardly more.
pub const MAX_POSITIONS: usize = 4_000;

/// Tests of texts with LIKE, CASEI or ACCENTI, at most: each goes through the whole text of each record.
pub const MAX_SEARCHES: usize = 20;

/// Steps of the parser, at most: a filter as long as it may be needs a tenth of them.
const MAX_STEPS: usize = 2_000_000;

/// Room for the parser, which goes down a step for each operation before they can be counted.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// The languages, by their names; a draft of the standard had the second.
const TEXT: [&str; 2] = ["cql2-text", "cql-text"];
const JSON: &str = "cql2-json";

/// Takes the condition out of the parameters. It can name what the scope shows of a record.
///
/// # Errors
/// 400 that names the parameter and what is wrong with it.
pub fn take(params: &mut Params, ground: &Ground, scope: Scope) -> Answer<Option<Condition>> {
    let is_json = params.parse("filter-lang", |language| match language {
        JSON => Ok(true),
        text if TEXT.contains(&text) => Ok(false),
        _ => Err(format!("is not {} or {JSON}", TEXT[0])),
    })?;
    let system = params.parse("filter-crs", systems::parse)?.unwrap_or_default();
    let Some(text) = params.take("filter") else { return Ok(None) };
    let wrong = |reason: String| Problem::parameter("filter", &text, &reason);
    if text.len() > MAX_BYTES {
        return Err(wrong(format!("has {} bytes; {MAX_BYTES} are the most", text.len())));
    }
    let read = || read(&text, is_json.unwrap_or(false), (ground, scope), system);
    stacker::grow(STACK_BYTES, read).map(Some).map_err(wrong)
}

/// The condition that the text says.
fn read(
    text: &str,
    is_json: bool,
    (ground, scope): (&Ground, Scope),
    system: System,
) -> Result<Condition, String> {
    let expression: Expr = if is_json {
        cql2::parse_json(text).map_err(|error| format!("is no CQL2 JSON: {error}"))?
    } else {
        brackets(text)?;
        // Of the whole process, in which nothing else is parsed so.
        pest::set_call_limit(NonZero::new(MAX_STEPS));
        cql2::parse_text(text).map_err(|error| format!("is no CQL2 text: {}", short(&error.to_string())))?
    };
    Reading::new(ground, scope, system).condition(&expression)
}

/// Counts how deep brackets lie in each other, those in quotes left out.
fn brackets(text: &str) -> Result<(), String> {
    let (mut depth, mut quote) = (0_usize, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (Some(_) | None, _) => {}
        }
        if depth > MAX_BRACKETS {
            return Err(format!("has more than {MAX_BRACKETS} brackets within each other"));
        }
    }
    Ok(())
}

/// What the parser says, in one line.
fn short(error: &str) -> String {
    let lines: Vec<&str> = error.lines().map(|line| line.trim_matches([' ', '|', '='])).collect();
    match lines[..] {
        [at, .., expected] if at.starts_with("-->") => {
            format!("at line and column {}: {expected}", at.trim_start_matches(['-', '>', ' ']))
        }
        _ => lines.join(" "),
    }
}
