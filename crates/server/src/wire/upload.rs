//! The report of an upload, row by row.

use demining::{FieldProblem, Outcome, QuarantineReason};
use serde::Serialize;
use service::intake::{self, DAYS, Notice, REASON, ReportedProblem, Seen, What};
use store::{Decided, QuarantinedWrite, Settled};
use uuid::Uuid;

use crate::http::row_problem::RowProblem;

/// The problem of a record that the store refused or set aside; none when it stands.
pub fn refused(row: u64, id: Uuid, outcome: Outcome) -> Option<RowProblem> {
    ReportedProblem::of(row, id, outcome).map(RowProblem::from)
}

impl From<FieldProblem> for RowProblem {
    fn from(problem: FieldProblem) -> Self {
        ReportedProblem::from(problem).into()
    }
}

impl From<ReportedProblem> for RowProblem {
    fn from(ReportedProblem { row, id, what }: ReportedProblem) -> Self {
        let (field, reason, why) = match what {
            What::Value { field, value, reason, code } => {
                return Self { row, id, field, value, reason, code };
            }
            What::Conflict { current } => (
                "id",
                format!("a record with this id is there with other content, at revision {current}"),
                QuarantineReason::Conflict,
            ),
            What::Quarantined { why } => ("id", format!("is set aside for a manager: {}", told(why)), why),
            What::Missing => ("id", "no record has this id".to_owned(), QuarantineReason::Missing),
            What::NeedsReason => (
                REASON,
                "is missing: what was approved, neutralised or discounted is corrected only with a reason; \
                 give ?reason= or a property reason"
                    .to_owned(),
                QuarantineReason::NeedsReason,
            ),
            What::IllegalChange { from, to } => (
                "status",
                format!("goes from {from} to {to}: it must go back to detected first"),
                QuarantineReason::IllegalChange,
            ),
        };
        let (value, code) = (id.clone().unwrap_or_default(), Some(why.word().to_owned()));
        Self { row, id, field: field.to_owned(), value, reason, code }
    }
}

/// Something about a row that stands and that its sender should look at.
#[derive(Debug, Serialize)]
pub struct RowNotice {
    /// The feature counted from 1, or the line in a table.
    pub row: u64,
    /// The record's id.
    pub id: Uuid,
    /// The field.
    pub field: String,
    /// The name of the notice, for clients that word it themselves.
    pub code: &'static str,
    /// What it is, as a sentence.
    pub message: String,
}

impl From<Notice> for RowNotice {
    fn from(Notice { row, id, seen }: Notice) -> Self {
        let (field, code, message) = match seen {
            Seen::Derived { field, given, stands } => {
                let stands = if stands.is_empty() { "none".to_owned() } else { stands };
                let message =
                    format!("{field} is derived by the server: {given} was ignored, it is {stands}");
                (field, "derived", message)
            }
            Seen::AxesSwapped { lon, lat, region } => {
                let message = format!(
                    "longitude {lon}, latitude {lat} lies in no region; with the two exchanged it lies in {region}: \
                     are the axes swapped?"
                );
                ("location".to_owned(), "axes_swapped", message)
            }
            Seen::NotShown { name } => {
                let message = format!("{name} is no photo: it is kept for {DAYS} days, and not shown");
                ("file".to_owned(), "not_shown", message)
            }
        };
        Self { row, id, field, code, message }
    }
}

/// Why something is set aside.
pub fn told(why: QuarantineReason) -> &'static str {
    match why {
        QuarantineReason::Conflict => "the record has changed since, or another has its id",
        QuarantineReason::Missing => "the record that it changes is not there",
        QuarantineReason::Approved => "the record is approved",
        QuarantineReason::Foreign => "the record was made by somebody else",
        QuarantineReason::Outside => "it lies outside the regions of its sender",
        QuarantineReason::Operator => "it is of another operator than its sender's",
        QuarantineReason::NeedsReason => "it takes back what was said, and does not say why",
        QuarantineReason::IllegalChange => "no record goes from the one status to the other",
    }
}

/// What a manager made of a row that was set aside.
#[derive(Debug, Serialize)]
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
    pub fn of(row: u64, held: &QuarantinedWrite) -> Option<Self> {
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
#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
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
    /// What senders should look at in rows that stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<RowNotice>,
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

impl From<intake::Report> for Report {
    fn from(report: intake::Report) -> Self {
        Self {
            upload: report.upload,
            revision: report.revision,
            dry_run: report.dry_run,
            rows: report.rows,
            created: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            held: report.held,
            refused: report.refused,
            ids: report.ids,
            problems: report.troubles.into_iter().map(RowProblem::from).collect(),
            problems_left_out: report.troubles_left_out,
            notices: report.notices.into_iter().map(RowNotice::from).collect(),
            decisions: Vec::new(),
            settled: None,
        }
    }
}
