//! Counts, grouped: of records, or of what happened to them in a period.

use atlas::{Counts, Dates, Events, Group, Grouping, Summary};
use demining::{Kind, Revision, Status};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::wire::regions;

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

/// What is counted in a group, as it is written.
pub trait Counted: Copy {
    /// As members of a JSON object.
    type Members: Serialize;
    /// The columns of a CSV file.
    const COLUMNS: &'static [&'static str];
    /// The members.
    fn members(self) -> Self::Members;
    /// The cells of the columns, in their order.
    fn cells(self) -> Vec<u64>;
}

/// Records and items.
#[derive(Serialize)]
pub struct OfRecords {
    records: u64,
    quantity: u64,
}

/// What was found and what was neutralised in a period.
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
    /// The period, of events.
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Value>,
    rows: Rows<'a, C>,
    total: C::Members,
    #[serde(skip_serializing_if = "Option::is_none")]
    area_m2: Option<f64>,
}

/// Written one by one: all groups together can be hundreds of thousands.
struct Rows<'a, C>(&'a Summary<C>);

impl<C: Counted> Serialize for Rows<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.rows.iter().map(Row::of))
    }
}

/// A row: its groups first, then counts. What is not grouped by is left out; null is outside every region,
/// and no operator.
#[derive(Serialize)]
#[allow(clippy::option_option)] // Not grouped by, and outside every region, are two things.
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

    /// The groups, in the order of [`GROUPS`]; none is one that is not grouped by.
    fn groups(&self) -> [Option<&str>; 5] {
        let named = |name: Option<Option<&'a str>>| name.map(Option::unwrap_or_default);
        [named(self.region), self.status, self.kind, self.month.as_deref(), named(self.operator)]
    }
}

/// The summary as JSON; `area_m2` is the size of the area that was asked about.
pub fn json<'a>(
    summary: &'a Summary,
    by: &'a [&str],
    revision: Revision,
    area_m2: Option<f64>,
) -> Body<'a, Counts> {
    let total = summary.total.members();
    Body { revision: revision.0, by, events: None, rows: Rows(summary), total, area_m2 }
}

/// What happened in these days, as JSON.
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

/// The summary as CSV: a line a row, and none for the total. Text that a spreadsheet could take for
/// a formula is marked by an apostrophe.
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
