//! Grouped counts: of records, or of events in a period.

use atlas::{Counts, Dates, Events, Group, Grouping, Summary};
use demining::{Kind, Revision, Status};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::wire::regions;

/// The words of `by`, in display order.
const GROUPS: [&str; 5] = ["region", "status", "kind", "month", "operator"];

/// Parses one word of `by`.
///
/// # Errors
/// When the group does not exist.
pub fn group(word: &str) -> Result<&'static str, String> {
    GROUPS
        .into_iter()
        .find(|g| *g == word)
        .ok_or_else(|| format!("{word:?} is not one of {}", GROUPS.join(", ")))
}

/// Returns the grouping of these words.
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

/// A count of a group that can be formatted.
pub trait Counted: Copy {
    /// The members of a JSON object.
    type Members: Serialize;
    /// The columns of a CSV file.
    const COLUMNS: &'static [&'static str];
    /// Returns the members.
    fn members(self) -> Self::Members;
    /// Returns the cells of the columns, in order.
    fn cells(self) -> Vec<u64>;
}

/// Counts of records and items.
#[derive(Serialize)]
pub struct OfRecords {
    records: u64,
    quantity: u64,
}

/// Counts of what was found and neutralised in a period.
#[derive(Serialize)]
pub struct OfEvents {
    found: OfRecords,
    neutralised: OfRecords,
}

impl Counted for Counts {
    type Members = OfRecords;
    const COLUMNS: &'static [&'static str] = &["records", "quantity"];

    fn members(self) -> OfRecords {
        OfRecords { records: self.records, quantity: self.quantity }
    }

    fn cells(self) -> Vec<u64> {
        vec![self.records, self.quantity]
    }
}

impl Counted for Events {
    type Members = OfEvents;
    const COLUMNS: &'static [&'static str] =
        &["found_records", "found_quantity", "neutralised_records", "neutralised_quantity"];

    fn members(self) -> OfEvents {
        OfEvents { found: self.found.members(), neutralised: self.neutralised.members() }
    }

    fn cells(self) -> Vec<u64> {
        [self.found.cells(), self.neutralised.cells()].concat()
    }
}

/// A summary as JSON.
#[derive(Serialize)]
#[serde(bound = "")]
pub struct Body<'a, C: Counted> {
    revision: u64,
    by: &'a [&'a str],
    /// The period, for events.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Value>,
    rows: Rows<'a, C>,
    total: C::Members,
    #[serde(skip_serializing_if = "Option::is_none")]
    area_m2: Option<f64>,
}

/// Serialises rows one by one: all groups together may have hundreds of thousands.
struct Rows<'a, C>(&'a Summary<C>);

impl<C: Counted> Serialize for Rows<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.rows.iter().map(Row::of))
    }
}

/// A row: its groups, then its counts. Groups not requested are omitted; null means outside every region, or
/// no operator.
#[derive(Serialize)]
#[allow(clippy::option_option)] // "Not grouped by region" differs from "outside every region".
struct Row<'a, M> {
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
    #[serde(flatten)]
    counts: M,
}

impl<'a, M> Row<'a, M> {
    fn of<C: Counted<Members = M>>(group: &'a Group<C>) -> Self {
        Self {
            region: group.region.as_ref().map(Option::as_deref),
            status: group.status.map(Status::word),
            kind: group.kind.map(Kind::word),
            month: group.month.map(|month| month.to_string()),
            operator: group.operator.as_ref().map(Option::as_deref),
            counts: group.counts.members(),
        }
    }

    /// Returns the groups in the order of [`GROUPS`]; `None` if not grouped by it.
    fn groups(&self) -> [Option<&str>; 5] {
        let named = |name: Option<Option<&'a str>>| name.map(Option::unwrap_or_default);
        [named(self.region), self.status, self.kind, self.month.as_deref(), named(self.operator)]
    }
}

/// Formats a summary as JSON; `area_m2` is the size of the requested area.
pub fn json<'a>(
    summary: &'a Summary,
    by: &'a [&str],
    revision: Revision,
    area_m2: Option<f64>,
) -> Body<'a, Counts> {
    let total = summary.total.members();
    Body { revision: revision.0, by, events: None, rows: Rows(summary), total, area_m2 }
}

/// Formats a summary of events in a period as JSON.
pub fn json_of_events<'a>(
    summary: &'a Summary<Events>,
    by: &'a [&str],
    dates: Dates,
    revision: Revision,
    area_m2: Option<f64>,
) -> Body<'a, Events> {
    let (events, total) = (Some(regions::period(dates)), summary.total.members());
    Body { revision: revision.0, by, events, rows: Rows(summary), total, area_m2 }
}

/// Formats a summary as CSV: a line for each row, none for the total. Text that a spreadsheet could take for
/// a formula begins with an apostrophe.
pub fn csv<C: Counted>(summary: &Summary<C>, by: &[&str]) -> Vec<u8> {
    let groups = GROUPS.into_iter().filter(|g| by.contains(g));
    let columns: Vec<&str> = groups.chain(C::COLUMNS.iter().copied()).collect();
    let mut text = columns.join(",").into_bytes();
    text.extend_from_slice(b"\r\n");
    for group in &summary.rows {
        let row = Row::of(group);
        let names = row.groups().into_iter().flatten().map(exchange::csv::cell);
        let counts = group.counts.cells().into_iter().map(|n| n.to_string());
        text.extend_from_slice(names.chain(counts).collect::<Vec<_>>().join(",").as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text
}
