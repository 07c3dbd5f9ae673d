//! Counts of accidents and of the people they hurt, by group.

use atlas::{
    AccidentCounts, GroupBy, GroupKey, Property, PublicCell, PublicCounts, VictimCounts, VictimGrouping,
};
use demining::AccidentDetails;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The group of a record's region.
const REGION: &str = "region";

/// The group of a record's month.
const MONTH: &str = "month";

/// The columns of counts.
const COUNTS: [&str; 3] = ["accidents", "killed", "injured"];

/// The groups of the public.
pub const PUBLIC_GROUPS: [&str; 2] = [REGION, MONTH];

/// What victims can be grouped by.
pub const VICTIM_GROUPS: [&str; 4] = ["outcome", "sex", "age_group", "status"];

/// Counts by group.
#[derive(Debug)]
pub struct Table<'a> {
    /// The names of the groups.
    pub by: &'a [String],
    rows: Vec<Row>,
    total: Option<AccidentCounts>,
}

/// The group of a row, in the order of [`Table::by`], and its counts; `None` if they are withheld.
#[derive(Debug)]
struct Row {
    group: Vec<Option<String>>,
    counts: Option<AccidentCounts>,
}

/// Counts as JSON.
#[derive(Serialize)]
struct Counts {
    accidents: Option<u64>,
    killed: Option<u64>,
    injured: Option<u64>,
}

impl From<Option<AccidentCounts>> for Counts {
    fn from(counts: Option<AccidentCounts>) -> Self {
        Self {
            accidents: counts.map(|counts| counts.accidents),
            killed: counts.map(|counts| counts.killed),
            injured: counts.map(|counts| counts.injured),
        }
    }
}

/// Reads a word of `by` for readers who see records.
///
/// # Errors
/// When records have no such property, or it is neither a text nor a word.
pub fn group(word: &str) -> Result<GroupBy<AccidentDetails>, String> {
    if word == MONTH {
        return Ok(GroupBy::Month);
    }
    let property = Property::named(word).filter(|property| property.is_text());
    let unknown = || {
        let known = Property::<AccidentDetails>::all().filter(|property| property.is_text());
        let names: Vec<&str> = known.map(|property| property.spec().name).collect();
        format!("{word:?} is not one of {MONTH}, {}", names.join(", "))
    };
    property.map(GroupBy::Property).ok_or_else(unknown)
}

/// Returns the grouping of victims by these words.
pub fn victim_grouping(words: &[&str]) -> VictimGrouping {
    let has = |word| words.contains(&word);
    VictimGrouping {
        outcome: has("outcome"),
        sex: has("sex"),
        age_group: has("age_group"),
        status: has("status"),
    }
}

impl<'a> Table<'a> {
    /// Creates a table of counts that are all known.
    pub fn of(
        by: &'a [String],
        (rows, total): (Vec<(Vec<GroupKey>, AccidentCounts)>, AccidentCounts),
    ) -> Self {
        let rows = rows.into_iter().map(|(group, counts)| Row {
            group: group.iter().map(GroupKey::text).collect(),
            counts: Some(counts),
        });
        Self { by, rows: rows.collect(), total: Some(total) }
    }

    /// Creates a table of public counts by region, by month, by both in any order, or by neither.
    pub fn of_public(by: &'a [String], counts: PublicCounts) -> Self {
        let PublicCounts { cells, regions, months, total } = counts;
        let is_by = |name| by.iter().any(|by| by == name);
        let rows = match (is_by(REGION), is_by(MONTH)) {
            (true, true) => {
                let row = |PublicCell { region, month, counts }| {
                    let value = |name: &String| {
                        if name == REGION {
                            region.as_deref().map(str::to_owned)
                        } else {
                            Some(month.to_string())
                        }
                    };
                    Row { group: by.iter().map(value).collect(), counts }
                };
                cells.into_iter().map(row).collect()
            }
            (true, false) => {
                let group = |(region, counts): (Option<std::sync::Arc<str>>, _)| Row {
                    group: vec![region.as_deref().map(str::to_owned)],
                    counts,
                };
                regions.into_iter().map(group).collect()
            }
            (false, true) => {
                let row =
                    |(month, counts): (atlas::Month, _)| Row { group: vec![Some(month.to_string())], counts };
                months.into_iter().map(row).collect()
            }
            (false, false) => Vec::new(),
        };
        Self { by, rows, total }
    }

    /// Formats the table as JSON: its groups, rows and total. Counts that are withheld are null.
    pub fn json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let groups = self.by.iter().cloned().zip(row.group.iter().map(|value| json!(value)));
                let mut members: Map<String, Value> = groups.collect();
                if let Value::Object(counts) = json!(Counts::from(row.counts)) {
                    members.extend(counts);
                }
                Value::Object(members)
            })
            .collect();
        json!({"by": self.by, "rows": rows, "total": Counts::from(self.total)})
    }

    /// Formats the rows as CSV. Counts that are withheld are empty, and `withheld` is true. Text that a
    /// spreadsheet could take for a formula begins with an apostrophe.
    pub fn csv(&self) -> Vec<u8> {
        let names = self.by.iter().map(String::as_str).chain(COUNTS).chain(["withheld"]);
        let mut text = names.collect::<Vec<_>>().join(",");
        text.push_str("\r\n");
        for Row { group, counts } in &self.rows {
            let groups = group.iter().map(|value| exchange::csv::cell(value.as_deref().unwrap_or_default()));
            let cells = match counts {
                Some(AccidentCounts { accidents, killed, injured }) => {
                    [accidents.to_string(), killed.to_string(), injured.to_string(), "false".to_owned()]
                }
                None => [String::new(), String::new(), String::new(), "true".to_owned()],
            };
            let line = groups.chain(cells).collect::<Vec<_>>().join(",");
            text.push_str(&line);
            text.push_str("\r\n");
        }
        text.into_bytes()
    }
}

/// Formats the victims of accidents by group.
pub fn victims(by: &[&str], counts: &VictimCounts) -> Value {
    let rows = counts.groups.iter().map(|(group, victims)| {
        let word = |name: &str| match name {
            "outcome" => group.outcome.map(demining::VictimOutcome::word),
            "sex" => group.sex.map(demining::Sex::word),
            "age_group" => group.age_group.map(demining::AgeGroup::word),
            _ => group.status.map(demining::VictimStatus::word),
        };
        let mut members: Map<String, Value> =
            by.iter().map(|name| ((*name).to_owned(), json!(word(name)))).collect();
        members.insert("victims".to_owned(), json!(victims));
        Value::Object(members)
    });
    json!({
        "by": by, "rows": rows.collect::<Vec<_>>(), "listed": counts.listed,
        "killed_unlisted": counts.killed_unlisted, "injured_unlisted": counts.injured_unlisted,
    })
}
