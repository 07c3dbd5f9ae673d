//! Counts, grouped.

use atlas::{Group, Grouping, Summary};
use demining::{Kind, Revision, Status};
use serde::{Serialize, Serializer};
use serde_json::Value;

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

/// A summary as JSON.
#[derive(Serialize)]
pub struct Body<'a> {
    revision: u64,
    by: &'a [&'a str],
    rows: Rows<'a>,
    total: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    area_m2: Option<f64>,
}

/// Written one by one: all groups together can be hundreds of thousands.
struct Rows<'a>(&'a Summary);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.rows.iter().map(Row::of))
    }
}

/// A row: its groups first, then counts. What is not grouped by is left out; null is outside every region,
/// and no operator.
#[derive(Serialize)]
#[allow(clippy::option_option)] // Not grouped by, and outside every region, are two things.
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<Option<&'a str>>,
    records: u64,
    quantity: u64,
}

impl<'a> Row<'a> {
    fn of(group: &'a Group) -> Self {
        Self {
            region: group.region.as_ref().map(Option::as_deref),
            status: group.status.map(Status::word),
            kind: group.kind.map(Kind::word),
            month: group.month.map(|month| month.to_string()),
            operator: group.operator.as_ref().map(Option::as_deref),
            records: group.counts.records,
            quantity: group.counts.quantity,
        }
    }

    /// The groups, in the order of [`GROUPS`]; none is one that is not grouped by.
    fn groups(&self) -> [Option<&str>; 5] {
        let named = |name: Option<Option<&'a str>>| name.map(Option::unwrap_or_default);
        [named(self.region), self.status, self.kind, self.month.as_deref(), named(self.operator)]
    }
}

/// The summary as JSON; `area_m2` is the size of the area that was asked about.
pub fn json<'a>(summary: &'a Summary, by: &'a [&str], revision: Revision, area_m2: Option<f64>) -> Body<'a> {
    Body { revision: revision.0, by, rows: Rows(summary), total: counts(summary.total), area_m2 }
}

/// The summary as CSV: a line a row, and none for the total. Text that a spreadsheet could take for
/// a formula is marked by an apostrophe.
pub fn csv(summary: &Summary, by: &[&str]) -> Vec<u8> {
    let columns: Vec<&str> =
        GROUPS.into_iter().filter(|g| by.contains(g)).chain(["records", "quantity"]).collect();
    let mut text = columns.join(",").into_bytes();
    text.extend_from_slice(b"\r\n");
    for row in summary.rows.iter().map(Row::of) {
        for group in row.groups().into_iter().flatten() {
            text.extend_from_slice(exchange::csv::cell(group).as_bytes());
            text.push(b',');
        }
        text.extend_from_slice(format!("{},{}\r\n", row.records, row.quantity).as_bytes());
    }
    text
}
