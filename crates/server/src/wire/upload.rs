//! The report of an upload, row by row.

use demining::{Aside, Outcome, Problem, Revision};
use serde::{Deserialize, Serialize};
use store::{Decided, Held, Settled};
use uuid::Uuid;

/// A problem of a row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RowProblem {
    /// The feature counted from 1, or the line in a CSV file.
    pub row: u64,
    /// The record's id, if the row had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The field.
    pub field: String,
    /// The value as it came.
    pub value: String,
    /// Why it cannot stand.
    pub reason: String,
    /// The name of the problem, for whoever says it in other words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl From<Problem> for RowProblem {
    fn from(p: Problem) -> Self {
        let code = p.code.map(str::to_owned);
        Self { row: p.row, id: p.id, field: p.field, value: p.value, reason: p.reason, code }
    }
}

impl RowProblem {
    /// What it says, as a sentence for a person.
    pub fn sentence(&self) -> String {
        let Self { field, value, reason, .. } = self;
        let shown: String = value.chars().take(80).collect();
        format!("{field} {shown} {reason}")
    }

    /// The problem of a record that the store refused or set aside; none when it stands.
    pub fn refused(row: u64, id: Uuid, outcome: Outcome) -> Option<Self> {
        let (why, field, reason) = match outcome {
            Outcome::Created | Outcome::Updated | Outcome::Unchanged | Outcome::Deleted => return None,
            Outcome::Conflict { current } => (
                Aside::Conflict,
                "id",
                format!("a record with this id is there with other content, at revision {}", current.0),
            ),
            Outcome::Held(why) => (why, "id", format!("is set aside for a manager: {}", told(why))),
            Outcome::Missing => (Aside::Missing, "id", "no record has this id".to_owned()),
            Outcome::NeedsReason => (
                Aside::NeedsReason,
                "reason",
                "is missing: what was approved, neutralised or discounted is corrected only with a reason; \
                 give ?reason= or a property reason"
                    .to_owned(),
            ),
            Outcome::IllegalChange { from, to } => {
                let reason = format!("goes from {from} to {to}: it must go back to detected first");
                (Aside::IllegalChange, "status", reason)
            }
        };
        let id = id.to_string();
        let code = Some(why.word().to_owned());
        Some(Self { row, id: Some(id.clone()), field: field.into(), value: id, reason, code })
    }
}

/// Why something is set aside.
pub fn told(why: Aside) -> &'static str {
    match why {
        Aside::Conflict => "the record has changed since, or another has its id",
        Aside::Missing => "the record that it changes is not there",
        Aside::Approved => "the record is approved",
        Aside::Foreign => "the record was made by somebody else",
        Aside::Outside => "it lies outside the regions of its sender",
        Aside::Operator => "it is of another operator than its sender's",
        Aside::NeedsReason => "it takes back what was said, and does not say why",
        Aside::IllegalChange => "no record goes from the one status to the other",
    }
}

/// What a manager made of a row that was set aside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RowDecision {
    /// The row of the upload.
    pub row: u64,
    /// The record's id.
    pub id: Uuid,
    /// `accepted`: the record was put in its place; `dismissed`: it was not.
    pub decision: String,
    /// Why, in the manager's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When.
    pub decided_at: String,
}

impl RowDecision {
    /// What was made of a record; none as long as it waits. `row` is that of the upload whose report is told.
    pub fn of(row: u64, held: &Held) -> Option<Self> {
        let Decided { at, is_accepted, reason, .. } = held.decided.as_ref()?;
        let decision = if *is_accepted { "accepted" } else { "dismissed" };
        Some(Self {
            row,
            id: held.wanted.id,
            decision: decision.to_owned(),
            reason: reason.clone(),
            decided_at: at.to_string(),
        })
    }
}

/// What a manager did about an upload that could not stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settlement {
    /// What, in the manager's words.
    pub reason: String,
    /// When.
    pub settled_at: String,
}

impl From<Settled> for Settlement {
    fn from(Settled { at, how, .. }: Settled) -> Self {
        Self { reason: how, settled_at: at.to_string() }
    }
}

/// What became of an upload.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The upload's own id: `GET /uploads/{id}` gives this report again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload: Option<Uuid>,
    /// The revision at which all of it is visible.
    pub revision: u64,
    /// Whether nothing was written because it was only tried.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// Rows read.
    pub rows: u64,
    /// New records.
    pub created: u64,
    /// Records with a new revision.
    pub updated: u64,
    /// Records that were there with the same content.
    pub unchanged: u64,
    /// Rows that were received and set aside for a manager.
    pub held: u64,
    /// Rows that could not stand.
    pub refused: u64,
    /// Ids of the new records, in the order of the rows.
    pub ids: Vec<Uuid>,
    /// What was wrong, with row, field, value and reason.
    pub problems: Vec<RowProblem>,
    /// Problems beyond those listed.
    #[serde(skip_serializing_if = "is_zero")]
    pub problems_left_out: u64,
    /// What managers have made, until it was asked, of the rows that were set aside and are listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<RowDecision>,
    /// What a manager has done, until it was asked, about what could not stand and its sender cannot mend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<Settlement>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Report {
    /// Problems listed in one report, at most; the others are counted.
    pub const MOST_PROBLEMS: usize = 1_000;

    /// The report with what the store said of each row that could be read.
    #[must_use]
    pub fn complete(mut self, rows: &[(u64, Uuid)], outcomes: &[Outcome], revision: Revision) -> Self {
        self.revision = revision.0;
        for (&(row, id), &outcome) in rows.iter().zip(outcomes) {
            self.count(row, id, outcome);
        }
        self.sort();
        self
    }

    fn count(&mut self, row: u64, id: Uuid, outcome: Outcome) {
        match outcome {
            Outcome::Created => {
                self.created += 1;
                self.ids.push(id);
            }
            Outcome::Updated | Outcome::Deleted => self.updated += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Held(_) => {
                self.held += 1;
                self.list(RowProblem::refused(row, id, outcome));
            }
            _ => {
                self.refused += 1;
                self.list(RowProblem::refused(row, id, outcome));
            }
        }
    }

    /// Counts a row that could not be read, with all its problems.
    pub fn refuse(&mut self, problems: Vec<Problem>) {
        self.refused += 1;
        self.list(problems.into_iter().map(RowProblem::from));
    }

    fn list(&mut self, problems: impl IntoIterator<Item = RowProblem>) {
        for problem in problems {
            if self.problems.len() < Self::MOST_PROBLEMS {
                self.problems.push(problem);
            } else {
                self.problems_left_out += 1;
            }
        }
    }

    /// Problems in the order of the rows.
    pub fn sort(&mut self) {
        self.problems.sort_by_key(|p| p.row);
    }

    /// Whether no row stands.
    pub fn nothing_stands(&self) -> bool {
        self.created + self.updated + self.unchanged + self.held == 0 && self.refused > 0
    }
}
