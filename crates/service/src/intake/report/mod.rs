//! The report of what came in: typed, with a version. The store keeps it so; doors put it into words.

mod legacy;

use demining::{FieldProblem, Outcome, QuarantineReason, Revision, Status};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::unreadable::Unreadable;
use crate::fault::Fault;

/// How reports are written now. Version 0 is what was answered before reports had a version.
pub const VERSION: u32 = 1;

/// What the store keeps of what came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its rows were judged.
    Judged(Report),
    /// It could not be read as a whole.
    Unreadable(Unreadable),
}

impl Verdict {
    /// As the store keeps it.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What the store kept.
    ///
    /// # Errors
    /// When it was written by a later version.
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

/// What became of each row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The upload's own id; none of what was only tried.
    pub upload: Option<Uuid>,
    /// The revision at which all of it is visible.
    pub revision: u64,
    /// Whether nothing was written because it was only tried.
    pub dry_run: bool,
    /// Whether all rows or none were asked for.
    pub atomic: bool,
    /// The record, when a single one was sent to be written.
    pub single: Option<Uuid>,
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
    /// What was wrong.
    pub troubles: Vec<ReportedProblem>,
    /// Troubles beyond those listed.
    pub troubles_left_out: u64,
    /// What senders should look at in rows that stand: [`Report::MOST_TROUBLES`] at most.
    pub notices: Vec<Notice>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedProblem {
    /// The feature counted from 1, or the line in a table.
    pub row: u64,
    /// The record's id, if the row had one.
    pub id: Option<String>,
    /// What it is.
    pub what: What,
}

/// See [`ReportedProblem`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A value cannot stand, or is not its sender's to write.
    Value {
        /// The field.
        field: String,
        /// The value as it came.
        value: String,
        /// Why it cannot stand.
        reason: String,
        /// The name of the problem.
        code: Option<String>,
    },
    /// The record is there with other content, or at another revision than its sender knows.
    Conflict {
        /// Where it stands.
        current: u64,
    },
    /// It waits for a manager.
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
    /// The status cannot change like that.
    IllegalChange {
        /// What it is.
        #[serde(with = "word")]
        from: Status,
        /// What it was to be.
        #[serde(with = "word")]
        to: Status,
    },
}

/// Something about a row that stands and that its sender should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The feature counted from 1, or the line in a table.
    pub row: u64,
    /// The record's id.
    pub id: Uuid,
    /// What it is.
    pub seen: Seen,
}

/// See [`Notice`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The row states a value that the server derives, and another than that.
    Derived {
        /// The field.
        field: String,
        /// The value as it came.
        given: String,
        /// The value that is derived; empty when there is none.
        stands: String,
    },
    /// The place lies in no region, and would lie in one with its coordinates exchanged.
    AxesSwapped {
        /// The longitude as it stands.
        lon: f64,
        /// The latitude as it stands.
        lat: f64,
        /// The region that the exchanged place lies in.
        region: String,
    },
    /// A file that came with a form is kept for a while, and is nothing that is shown.
    NotShown {
        /// Its name.
        name: String,
    },
}

/// Values of the vocabulary by their words.
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
    /// Why the store refused a row or set it aside; none when it stands.
    pub fn of(row: u64, id: Uuid, outcome: Outcome) -> Option<Self> {
        let what = match outcome {
            Outcome::Created | Outcome::Updated | Outcome::Unchanged | Outcome::Deleted => return None,
            Outcome::Conflict { current } => What::Conflict { current: current.0 },
            Outcome::Quarantined(why) => What::Quarantined { why },
            Outcome::Missing => What::Missing,
            Outcome::NeedsReason => What::NeedsReason,
            Outcome::IllegalChange { from, to } => What::IllegalChange { from, to },
        };
        Some(Self { row, id: Some(id.to_string()), what })
    }
}

impl Report {
    /// Troubles listed in one report, at most; the others are counted.
    pub const MOST_TROUBLES: usize = 1_000;

    /// The report with what the store said of each row that could be read.
    #[must_use]
    pub fn complete(mut self, rows: &[(u64, Uuid)], outcomes: &[Outcome], revision: Revision) -> Self {
        self.revision = revision.0;
        for (&(row, id), &outcome) in rows.iter().zip(outcomes) {
            self.count(row, id, outcome);
        }
        if self.atomic && self.refused > 0 {
            // Nothing was kept of the others either.
            (self.created, self.updated, self.ids) = (0, 0, Vec::new());
        }
        self.sort();
        self
    }

    /// Counts a row by what the store said of it.
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
            | Outcome::IllegalChange { .. } => self.refused += 1,
        }
        self.list(ReportedProblem::of(row, id, outcome));
    }

    /// Counts a row that is no record, with all that is wrong with it.
    pub fn refuse(&mut self, problems: Vec<FieldProblem>) {
        self.refused += 1;
        self.list(problems.into_iter().map(ReportedProblem::from));
    }

    /// Says why reading ended before the end of the file.
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

    /// Lists a notice, while there is room.
    pub fn notice(&mut self, notice: Notice) {
        if self.notices.len() < Self::MOST_TROUBLES {
            self.notices.push(notice);
        }
    }

    /// Puts the troubles into the order of the rows.
    pub fn sort(&mut self) {
        self.troubles.sort_by_key(|trouble| trouble.row);
    }

    /// Whether no row stands.
    pub fn nothing_stands(&self) -> bool {
        self.created + self.updated + self.unchanged + self.held == 0 && self.refused > 0
    }

    /// Whether every row found its place: all that came is in the log.
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
