//! Reports without a version: earlier programs stored the response itself, as JSON or problem+json.

use serde::Deserialize;
use uuid::Uuid;

use super::{Report, ReportedProblem, Verdict, What};
use crate::{
    fault::Fault,
    intake::unreadable::{Unreadable, Why},
};

/// The end of every response about an unreadable document.
const NOTHING_KEPT: &str = "; no record of this upload was kept";

/// A stored response. A report has `rows`, a problem has a `type`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answered {
    Report(Old),
    Problem(OldProblem),
}

#[derive(Deserialize)]
struct Old {
    upload: Option<Uuid>,
    revision: u64,
    rows: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    #[serde(default)]
    held: u64,
    refused: u64,
    #[serde(default)]
    ids: Vec<Uuid>,
    #[serde(default)]
    problems: Vec<OldRow>,
    #[serde(default)]
    problems_left_out: u64,
}

#[derive(Deserialize)]
struct OldRow {
    row: u64,
    id: Option<String>,
    field: String,
    value: String,
    reason: String,
    code: Option<String>,
}

#[derive(Deserialize)]
struct OldProblem {
    #[serde(rename = "type")]
    kind: String,
    detail: String,
    #[serde(default)]
    errors: Vec<OldRow>,
}

/// Reads a report without a version.
///
/// # Errors
/// If the text is neither form.
pub fn read(text: &str) -> Result<Verdict, Fault> {
    match serde_json::from_str(text).map_err(|error| Fault::internal(&error))? {
        Answered::Report(old) => Ok(Verdict::Judged(old.into())),
        Answered::Problem(old) => Ok(Verdict::Unreadable(old.into())),
    }
}

impl From<Old> for Report {
    fn from(old: Old) -> Self {
        Self {
            upload: old.upload,
            revision: old.revision,
            dry_run: false,
            atomic: false,
            single: None,
            rows: old.rows,
            created: old.created,
            updated: old.updated,
            unchanged: old.unchanged,
            held: old.held,
            refused: old.refused,
            ids: old.ids,
            troubles: old.problems.into_iter().map(ReportedProblem::from).collect(),
            troubles_left_out: old.problems_left_out,
            notices: Vec::new(),
        }
    }
}

/// Keep the wording of old problems.
impl From<OldRow> for ReportedProblem {
    fn from(old: OldRow) -> Self {
        let OldRow { row, id, field, value, reason, code } = old;
        Self { row, id, what: What::Value { field, value, reason, code } }
    }
}

impl From<OldProblem> for Unreadable {
    fn from(old: OldProblem) -> Self {
        let why = match old.kind.rsplit(':').next() {
            Some("too-large") => Why::TooLarge,
            Some("format" | "encoding") => Why::Format,
            _ => Why::Broken,
        };
        let reason = old.detail.strip_suffix(NOTHING_KEPT).unwrap_or(&old.detail).to_owned();
        Self { why, row: old.errors.first().map(|row| row.row), reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_without_a_version_say_what_they_said() {
        let report = r#"{"upload":"018f3c1e-7a44-7cc1-9000-0000000000aa","revision":3,"rows":2,"created":1,"updated":0,
            "unchanged":0,"held":1,"refused":0,"ids":["018f3c1e-7a44-7cc1-9000-000000000001"],
            "problems":[{"row":2,"id":"018f3c1e-7a44-7cc1-9000-000000000002","field":"location","value":"45, 40",
            "reason":"lies outside the regions of Team 7","code":"outside"}]}"#;
        let Ok(Verdict::Judged(read)) = read(report) else { panic!() };
        assert_eq!((read.rows, read.created, read.held, read.ids.len()), (2, 1, 1, 1));
        let What::Value { reason, code, .. } = &read.troubles[0].what else { panic!() };
        assert_eq!(
            (reason.as_str(), code.as_deref()),
            ("lies outside the regions of Team 7", Some("outside"))
        );

        let problem = r#"{"type":"urn:clearline:problem:too-large","title":"Payload Too Large","status":413,
            "detail":"row 3 is too long; no record of this upload was kept",
            "errors":[{"row":3,"field":"","value":"","reason":"row 3 is too long"}]}"#;
        let unreadable = Unreadable { why: Why::TooLarge, row: Some(3), reason: "row 3 is too long".into() };
        assert_eq!(super::read(problem), Ok(Verdict::Unreadable(unreadable)));
    }
}
