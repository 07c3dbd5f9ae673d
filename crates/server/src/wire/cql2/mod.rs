//! `filter`, `filter-lang` and `filter-crs`: conditions in CQL2 (OGC 21-065r2), as text or as JSON.
//!
//! A filter is read in two steps. [`text`] or [`json`] parses it into an
//! [`Expression`](expression::Expression), in time linear in its length and with bounded depth, so that it
//! needs neither a timeout nor a separate stack. Then [`terms`] checks it against the properties of one
//! collection and converts it to a condition.

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

/// The most bytes of a filter.
pub const MAX_BYTES: usize = 16 * 1024;
/// The most nested operations and brackets. In JSON each takes two of the 128 permitted levels.
pub const MAX_DEPTH: usize = 60;
/// The most operations, properties and values.
pub const MAX_TERMS: usize = 1_000;
/// The most positions in all geometries; a filter of [`MAX_BYTES`] has hardly more.
pub const MAX_POSITIONS: usize = 4_000;

/// The most text tests with LIKE, CASEI or ACCENTI: each scans the whole text of every record.
pub const MAX_SEARCHES: usize = 20;

/// The names of the languages; the second comes from a draft of the standard.
const TEXT: [&str; 2] = ["cql2-text", "cql-text"];
const JSON: &str = "cql2-json";

/// Reads the condition from the parameters. It may name the properties of the vocabulary.
///
/// # Errors
/// 400 that names the parameter and the problem.
pub fn take<V: Vocabulary>(params: &mut Params, vocabulary: &V) -> Answer<Option<Condition<V::Of>>> {
    let is_json = params.parse("filter-lang", |language| match language {
        JSON => Ok(true),
        text if TEXT.contains(&text) => Ok(false),
        _ => Err(format!("is not {} or {JSON}", TEXT[0])),
    })?;
    let system = params.parse("filter-crs", systems::parse)?.unwrap_or_default();
    params.parse("filter", |text| read(text, is_json.unwrap_or(false), vocabulary, system))
}

/// Parses a filter into a condition.
fn read<V: Vocabulary>(
    text: &str,
    is_json: bool,
    vocabulary: &V,
    system: System,
) -> Result<Condition<V::Of>, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("has {} bytes; at most {MAX_BYTES} are allowed", text.len()));
    }
    let expression = if is_json { json::parse(text) } else { text::parse(text) }?;
    terms::Reading::new(vocabulary, system).condition(&expression)
}
