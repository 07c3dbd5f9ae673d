//! The report of an upload, row by row.

use demining::{Content, FieldProblem, Judged, Outcome, QuarantineReason};
use serde::Serialize;
use service::intake::{self, DAYS, Notice, REASON, ReportedProblem, Seen, What};
use store::{Decided, QuarantinedWrite, Settled};
use uuid::Uuid;

use crate::http::row_problem::RowProblem;

/// Returns the problem of a record that was refused or quarantined; `None` if it was accepted.
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
                format!("a record with this id exists with other content, at revision {current}"),
                QuarantineReason::Conflict,
            ),
            What::Quarantined { why } => ("id", format!("waits for a manager: {}", told(why)), why),
            What::Missing => ("id", "no record has this id".to_owned(), QuarantineReason::Missing),
            What::NeedsReason => (
                REASON,
                "is missing: correcting an approved, neutralised or discounted record requires a reason; \
                 send ?reason= or a property reason"
                    .to_owned(),
                QuarantineReason::NeedsReason,
            ),
            What::IllegalChange { from, to } => (
                "status",
                format!("cannot change from {from} to {to}; change it back to detected first"),
                QuarantineReason::IllegalChange,
            ),
            What::OtherCollection { of } => (
                "id",
                format!("belongs to a record of {of}; an id is used in one collection only"),
                QuarantineReason::Conflict,
            ),
        };
        let (value, code) = (id.clone().unwrap_or_default(), Some(why.word().to_owned()));
        Self { row, id, field: field.to_owned(), value, reason, code }
    }
}

/// A notice about an accepted row that its sender should check.
#[derive(Debug, Serialize)]
pub struct RowNotice {
    /// The feature counted from 1, or the line in a table.
    pub row: u64,
    /// The record's id.
    pub id: Uuid,
    /// The field's name.
    pub field: String,
    /// The notice's code, for clients that word it themselves.
    pub code: &'static str,
    /// The notice as a sentence.
    pub message: String,
}

impl From<Notice> for RowNotice {
    fn from(Notice { row, id, seen }: Notice) -> Self {
        let (field, code, message) = match seen {
            Seen::Derived { field, given, stands } => {
                let stands = if stands.is_empty() { "none".to_owned() } else { stands };
                let message =
                    format!("{field} is derived by the server: {given} was ignored; the value is {stands}");
                (field, "derived", message)
            }
            Seen::AxesSwapped { lon, lat, region } => {
                let message = format!(
                    "longitude {lon}, latitude {lat} is in no region; swapped, it is in {region}: \
                     are the axes swapped?"
                );
                ("location".to_owned(), "axes_swapped", message)
            }
            Seen::NotShown { name } => {
                let message = format!("{name} is not a photo: it is kept for {DAYS} days and not shown");
                ("file".to_owned(), "not_shown", message)
            }
        };
        Self { row, id, field, code, message }
    }
}

/// Explains why a write was quarantined.
pub fn told(why: QuarantineReason) -> &'static str {
    match why {
        QuarantineReason::Conflict => "the record has changed since, or another record has its id",
        QuarantineReason::Missing => "the record to change does not exist",
        QuarantineReason::Approved => "the record is approved",
        QuarantineReason::Foreign => "somebody else created the record",
        QuarantineReason::Outside => "the place is outside the sender's regions",
        QuarantineReason::Operator => "its operator is not the sender's",
        QuarantineReason::NeedsReason => {
            "it corrects an approved, neutralised or discounted record without a reason"
        }
        QuarantineReason::IllegalChange => "this status change is not allowed",
    }
}

/// A manager's decision on a quarantined row.
#[derive(Debug, Serialize)]
pub struct RowDecision {
    /// The row of the upload.
    pub row: u64,
    /// The record's id.
    pub id: Uuid,
    /// `accepted` or `dismissed`.
    pub decision: String,
    /// The manager's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The time of the decision.
    pub decided_at: String,
}

impl RowDecision {
    /// Returns the decision on a write; `None` while it waits. `row` is its row in the reported upload.
    pub fn of<T: Content>(row: u64, held: &QuarantinedWrite<Judged<T>>) -> Option<Self> {
        let Decided { at, is_accepted, reason, .. } = held.decided.as_ref()?;
        let decision = if *is_accepted { "accepted" } else { "dismissed" };
        Some(Self {
            row,
            id: held.wanted.id(),
            decision: decision.to_owned(),
            reason: reason.clone(),
            decided_at: at.to_string(),
        })
    }
}

/// How a manager settled a refused upload.
#[derive(Debug, Serialize)]
pub struct Settlement {
    /// What the manager did, in the manager's words.
    pub reason: String,
    /// The time of settling.
    pub settled_at: String,
}

impl From<Settled> for Settlement {
    fn from(Settled { at, how, .. }: Settled) -> Self {
        Self { reason: how, settled_at: at.to_string() }
    }
}

/// The report of an upload.
#[derive(Debug, Serialize)]
pub struct ReportBody {
    /// The upload's id: `GET /uploads/{id}` returns this report again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload: Option<Uuid>,
    /// The revision at which all accepted rows are visible.
    pub revision: u64,
    /// Whether this was a dry run, which writes nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// The number of rows read.
    pub rows: u64,
    /// The number of new records.
    pub created: u64,
    /// The number of records with a new revision.
    pub updated: u64,
    /// The number of existing records with the same content.
    pub unchanged: u64,
    /// The number of rows that wait in the quarantine.
    pub held: u64,
    /// The number of refused rows.
    pub refused: u64,
    /// The ids of the new records, in row order.
    pub ids: Vec<Uuid>,
    /// The problems, with row, field, value and reason.
    pub problems: Vec<RowProblem>,
    /// The number of problems beyond those listed.
    #[serde(skip_serializing_if = "is_zero")]
    pub problems_left_out: u64,
    /// Notices about accepted rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<RowNotice>,
    /// Managers' decisions so far on the listed quarantined rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<RowDecision>,
    /// How a manager settled the refused rows that the sender cannot correct, if already done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<Settlement>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl From<intake::Report> for ReportBody {
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
