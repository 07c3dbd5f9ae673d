//! `filter`, `filter-lang` and `filter-crs`: conditions in CQL2 (OGC 21-065r2), as text or as JSON.
//!
//! A filter goes through two steps. [`text`] or [`json`] reads it into one [`Expression`](expression::Expression), in
//! time linear in its length and with a bounded depth, so that it needs neither a clock nor a stack of its own. Then
//! [`terms`] checks it against the properties of one collection and makes a condition of it.

mod expression;
mod json;
mod shape;
mod terms;
#[cfg(test)]
mod tests;
mod text;
mod tokens;
mod wkt;

use atlas::Condition;

use crate::{
    http::{params::Params, problem::Answer},
    wire::systems::{self, System},
};
pub use terms::{Vocabulary, equals};

/// Bytes of a filter, at most.
pub const MAX_BYTES: usize = 16 * 1024;
/// Operations and brackets within each other, at most. In JSON each is two levels of the 128 that may be nested.
pub const MAX_DEPTH: usize = 60;
/// Operations, properties and values, at most.
pub const MAX_TERMS: usize = 1_000;
/// Positions in all geometries, at most; a filter of [`MAX_BYTES`] has hardly more.
pub const MAX_POSITIONS: usize = 4_000;

/// Tests of texts with LIKE, CASEI or ACCENTI, at most: each goes through the whole text of each record.
pub const MAX_SEARCHES: usize = 20;

/// The languages, by their names; a draft of the standard had the second.
const TEXT: [&str; 2] = ["cql2-text", "cql-text"];
const JSON: &str = "cql2-json";

/// Takes the condition out of the parameters. It can name the properties of the vocabulary.
///
/// # Errors
/// 400 that names the parameter and what is wrong with it.
pub fn take<V: Vocabulary>(params: &mut Params, vocabulary: &V) -> Answer<Option<Condition<V::Of>>> {
    let is_json = params.parse("filter-lang", |language| match language {
        JSON => Ok(true),
        text if TEXT.contains(&text) => Ok(false),
        _ => Err(format!("is not {} or {JSON}", TEXT[0])),
    })?;
    let system = params.parse("filter-crs", systems::parse)?.unwrap_or_default();
    params.parse("filter", |text| read(text, is_json.unwrap_or(false), vocabulary, system))
}

/// The condition that the text says.
fn read<V: Vocabulary>(
    text: &str,
    is_json: bool,
    vocabulary: &V,
    system: System,
) -> Result<Condition<V::Of>, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("has {} bytes; {MAX_BYTES} are the most", text.len()));
    }
    let expression = if is_json { json::parse(text) } else { text::parse(text) }?;
    terms::Reading::new(vocabulary, system).condition(&expression)
}
