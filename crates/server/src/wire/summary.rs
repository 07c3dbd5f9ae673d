//! Counts, grouped.

use atlas::{Grouping, Summary};
use demining::Revision;
use serde_json::{Map, Value, json};

use crate::wire::regions::counts;

/// The words of `by`, in the order they are shown.
const GROUPS: [&str; 5] = ["region", "status", "kind", "month", "operator"];

/// Reads one word of `by`.
///
/// # Errors
/// When there is no such group.
pub fn group(word: &str) -> Result<&'static str, String> {
    GROUPS
        .into_iter()
        .find(|g| *g == word)
        .ok_or_else(|| format!("{word:?} is not one of {}", GROUPS.join(", ")))
}

/// The grouping of these words.
pub fn grouping(words: &[&str]) -> Grouping {
    let has = |word| words.contains(&word);
    Grouping {
        region: has("region"),
        status: has("status"),
        kind: has("kind"),
        month: has("month"),
        operator: has("operator"),
    }
}

/// The rows of a summary as JSON objects: groups first, then counts.
fn rows(summary: &Summary) -> Vec<Map<String, Value>> {
    let row = |group: &atlas::Group| {
        let mut row = Map::new();
        if let Some(region) = &group.region {
            row.insert("region".into(), json!(region.as_deref()));
        }
        if let Some(status) = group.status {
            row.insert("status".into(), json!(status.word()));
        }
        if let Some(kind) = group.kind {
            row.insert("kind".into(), json!(kind.word()));
        }
        if let Some(month) = group.month {
            row.insert("month".into(), json!(month.to_string()));
        }
        if let Some(operator) = &group.operator {
            row.insert("operator".into(), json!(operator.as_deref()));
        }
        row.insert("records".into(), json!(group.counts.records));
        row.insert("quantity".into(), json!(group.counts.quantity));
        row
    };
    summary.rows.iter().map(row).collect()
}

/// The summary as JSON.
pub fn json(summary: &Summary, by: &[&str], revision: Revision) -> Value {
    json!({"revision": revision.0, "by": by, "rows": rows(summary), "total": counts(summary.total)})
}

/// The summary as CSV: a line a row, and none for the total. Text that a spreadsheet could take for
/// a formula is marked by an apostrophe.
pub fn csv(summary: &Summary, by: &[&str]) -> Vec<u8> {
    let columns: Vec<&str> =
        GROUPS.into_iter().filter(|g| by.contains(g)).chain(["records", "quantity"]).collect();
    let mut text = columns.join(",").into_bytes();
    text.extend_from_slice(b"\r\n");
    for row in rows(summary) {
        for (nth, column) in columns.iter().enumerate() {
            if nth > 0 {
                text.push(b',');
            }
            match row.get(*column) {
                Some(Value::String(cell)) => text.extend_from_slice(exchange::csv::cell(cell).as_bytes()),
                Some(Value::Number(number)) => text.extend_from_slice(number.to_string().as_bytes()),
                _ => {}
            }
        }
        text.extend_from_slice(b"\r\n");
    }
    text
}
