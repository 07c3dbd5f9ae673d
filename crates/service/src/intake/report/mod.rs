//! The report of a message: typed and versioned. The store keeps this form; front ends turn it into text.

mod legacy;

use demining::{Collection, FieldProblem, Outcome, QuarantineReason, Revision, Status};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::unreadable::Unreadable;
use crate::fault::Fault;

/// The current version of reports. Version 0 is the response of programs whose reports had no version.
pub const VERSION: u32 = 1;

/// The result of judging a message, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The rows were judged.
    Judged(Report),
    /// The message could not be read as a whole.
    Unreadable(Unreadable),
}

impl Verdict {
    /// Returns whether something was refused because it may identify a person, or whether that is not known.
    pub fn is_personal(&self) -> bool {
        let is_name = |problem: &ReportedProblem| matches!(&problem.what, What::Value { code: Some(code), .. } if code == "personal");
        match self {
            Self::Judged(report) => report.troubles_left_out > 0 || report.troubles.iter().any(is_name),
            Self::Unreadable(_) => true,
        }
    }

    /// Serialises the verdict for the store.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a stored verdict.
    ///
    /// # Errors
    /// If a later version wrote it.
    pub fn read(version: u32, text: &str) -> Result<Self, Fault> {
        match version {
            0 => legacy::read(text),
            VERSION => serde_json::from_str(text).map_err(|error| Fault::internal(&error)),
            later => {
                Err(Fault::internal(&format!("a report of version {later} was written by a newer program")))
            }
        }
    }
}

/// The outcome of each row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The upload's id; `None` for a dry run.
    pub upload: Option<Uuid>,
    /// The revision at which all of it is visible.
    pub revision: u64,
    /// Whether it was a dry run that wrote nothing.
    pub dry_run: bool,
    /// Whether all rows or none were to be accepted.
    pub atomic: bool,
    /// The record's id, if a single record was sent.
    pub single: Option<Uuid>,
    /// Rows read.
    pub rows: u64,
    /// New records.
    pub created: u64,
    /// Records with a new revision.
    pub updated: u64,
    /// Records that already had the same content.
    pub unchanged: u64,
    /// Rows in quarantine, waiting for a manager.
    pub held: u64,
    /// Refused rows.
    pub refused: u64,
    /// Ids of the new records, in row order.
    pub ids: Vec<Uuid>,
    /// The problems.
    pub troubles: Vec<ReportedProblem>,
    /// Number of problems that are not listed.
    pub troubles_left_out: u64,
    /// Notices about accepted rows: [`Report::MOST_TROUBLES`] at most.
    pub notices: Vec<Notice>,
}

/// A problem of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedProblem {
    /// The feature's number from 1, or the line in a table.
    pub row: u64,
    /// The record's id, if the row had one.
    pub id: Option<String>,
    /// The problem.
    pub what: What,
}

/// See [`ReportedProblem`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A value is invalid, or its sender may not write it.
    Value {
        /// The field.
        field: String,
        /// The value as received.
        value: String,
        /// The reason.
        reason: String,
        /// The problem's code.
        code: Option<String>,
    },
    /// The record exists with other content, or at another revision than its sender expects.
    Conflict {
        /// Its current revision.
        current: u64,
    },
    /// The write waits for a manager.
    #[serde(rename = "held")]
    Quarantined {
        /// Why.
        #[serde(with = "word")]
        why: QuarantineReason,
    },
    /// No record has the id.
    Missing,
    /// The change needs a reason.
    NeedsReason,
    /// This status change is not allowed.
    IllegalChange {
        /// The current status.
        #[serde(with = "word")]
        from: Status,
        /// The requested status.
        #[serde(with = "word")]
        to: Status,
    },
    /// The id belongs to a record of another collection.
    OtherCollection {
        /// The collection of that record.
        #[serde(with = "word")]
        of: Collection,
    },
}

/// A notice about an accepted row, for its sender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The feature's number from 1, or the line in a table.
    pub row: u64,
    /// The record's id.
    pub id: Uuid,
    /// The notice.
    pub seen: Seen,
}

/// See [`Notice`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The row states another value than the one that the server derives.
    Derived {
        /// The field.
        field: String,
        /// The value as received.
        given: String,
        /// The derived value; empty if there is none.
        stands: String,
    },
    /// The position is outside every region, but would be in one with its coordinates swapped.
    AxesSwapped {
        /// The longitude as sent.
        lon: f64,
        /// The latitude as sent.
        lat: f64,
        /// The region of the swapped position.
        region: String,
    },
    /// A file of a submission is stored for a limited time and is not displayed.
    NotShown {
        /// Its name.
        name: String,
    },
}

/// Serialises vocabulary values as their words.
mod word {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl From<FieldProblem> for ReportedProblem {
    fn from(problem: FieldProblem) -> Self {
        let FieldProblem { row, id, field, value, reason, code } = problem;
        let what = What::Value { field, value, reason, code: code.map(str::to_owned) };
        Self { row, id, what }
    }
}

impl ReportedProblem {
    /// Returns the problem of a row that the store refused or quarantined; `None` for the others.
    pub fn of(row: u64, id: Uuid, outcome: Outcome) -> Option<Self> {
        let what = match outcome {
            Outcome::Created | Outcome::Updated | Outcome::Unchanged | Outcome::Deleted => return None,
            Outcome::Conflict { current } => What::Conflict { current: current.0 },
            Outcome::Quarantined(why) => What::Quarantined { why },
            Outcome::Missing => What::Missing,
            Outcome::NeedsReason => What::NeedsReason,
            Outcome::IllegalChange { from, to } => What::IllegalChange { from, to },
            Outcome::OtherCollection { of } => What::OtherCollection { of },
        };
        Some(Self { row, id: Some(id.to_string()), what })
    }
}

impl Report {
    /// Maximum number of problems listed in a report; the others are counted.
    pub const MOST_TROUBLES: usize = 1_000;

    /// Adds the store's outcome for each readable row.
    #[must_use]
    pub fn complete(mut self, rows: &[(u64, Uuid)], outcomes: &[Outcome], revision: Revision) -> Self {
        self.revision = revision.0;
        for (&(row, id), &outcome) in rows.iter().zip(outcomes) {
            self.count(row, id, outcome);
        }
        if self.atomic && self.refused > 0 {
            // Nothing of the other rows was stored either.
            (self.created, self.updated, self.ids) = (0, 0, Vec::new());
        }
        self.sort();
        self
    }

    /// Counts a row by the store's outcome.
    pub fn count(&mut self, row: u64, id: Uuid, outcome: Outcome) {
        match outcome {
            Outcome::Created => {
                self.created += 1;
                self.ids.push(id);
            }
            Outcome::Updated | Outcome::Deleted => self.updated += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Quarantined(_) => self.held += 1,
            Outcome::Conflict { .. }
            | Outcome::Missing
            | Outcome::NeedsReason
            | Outcome::IllegalChange { .. }
            | Outcome::OtherCollection { .. } => self.refused += 1,
        }
        self.list(ReportedProblem::of(row, id, outcome));
    }

    /// Counts an invalid row and lists its problems.
    pub fn refuse(&mut self, problems: Vec<FieldProblem>) {
        self.refused += 1;
        self.list(problems.into_iter().map(ReportedProblem::from));
    }

    /// Adds the reason why reading ended early.
    pub fn end_early(&mut self, reason: String) {
        let row = self.rows + 1;
        self.list([ReportedProblem::from(FieldProblem::new(row, None, "", "", reason))]);
    }

    fn list(&mut self, troubles: impl IntoIterator<Item = ReportedProblem>) {
        for trouble in troubles {
            if self.troubles.len() < Self::MOST_TROUBLES {
                self.troubles.push(trouble);
            } else {
                self.troubles_left_out += 1;
            }
        }
    }

    /// Adds a notice if there is room.
    pub fn notice(&mut self, notice: Notice) {
        if self.notices.len() < Self::MOST_TROUBLES {
            self.notices.push(notice);
        }
    }

    /// Sorts the problems by row.
    pub fn sort(&mut self) {
        self.troubles.sort_by_key(|trouble| trouble.row);
    }

    /// Returns `true` if every row was refused.
    pub fn nothing_stands(&self) -> bool {
        self.created + self.updated + self.unchanged + self.held == 0 && self.refused > 0
    }

    /// Returns `true` if every row was accepted, so that all of the upload is in the log.
    pub fn is_whole(&self) -> bool {
        self.refused + self.held == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_as_it_was_written() {
        let whats = [
            What::Conflict { current: 7 },
            What::Quarantined { why: QuarantineReason::Outside },
            What::Missing,
            What::NeedsReason,
            What::IllegalChange { from: Status::Neutralised, to: Status::Discounted },
            What::OtherCollection { of: Collection::Accidents },
            What::Value {
                field: "kind".into(),
                value: "spoon".into(),
                reason: "is no kind".into(),
                code: None,
            },
        ];
        let troubles = whats.map(|what| ReportedProblem { row: 3, id: Some("x".into()), what }).into();
        let report = Report { rows: 6, held: 1, refused: 5, troubles, ..Report::default() };
        for verdict in [
            Verdict::Judged(report),
            Verdict::Unreadable(Unreadable {
                why: crate::intake::Why::TooLarge,
                row: Some(3),
                reason: "is too long".into(),
            }),
        ] {
            assert_eq!(Verdict::read(VERSION, &verdict.text()), Ok(verdict));
        }
        assert!(Verdict::read(VERSION + 1, "{}").is_err());
    }
}
