//! Rows become wishes, or problems.

use std::{collections::HashMap, io::Read, ops::ControlFlow};

use demining::{Action, Detection, Expect, Problem as RowTrouble, RawDetection, Revision, Write};
use exchange::{Document, Format, ReadOptions};
use jiff::civil::Date;
use uuid::Uuid;

use super::{Judged, LIMITS, Wishes, read_problem, today};
use crate::{problem::Answer, wire::upload::Report};

/// The property of a row, and the parameter, that says why a record is changed.
pub const REASON: &str = "reason";

/// The property of a row that says at which revision its sender knew the record: if it stands at another
/// now, that is a conflict.
pub const BASE_REVISION: &str = "base_revision";

/// A reason, if it can be one.
///
/// # Errors
/// Why it is none.
pub fn reason_of(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("is empty".to_owned()),
        text if text.chars().count() > 1_000 => Err("is longer than 1000 characters".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// The rows of a file, each as a wish or as a problem.
///
/// # Errors
/// When the file as a whole cannot be read.
pub fn judge_all(input: impl Read, format: Format, options: &ReadOptions, wishes: &Wishes) -> Answer<Judged> {
    let today = today();
    let options = ReadOptions {
        max_rows: LIMITS.rows,
        max_spooled_bytes: LIMITS.unpacked_bytes,
        max_unpacked_bytes: LIMITS.unpacked_bytes,
        ..options.clone()
    };
    let (mut writes, mut report) = (Vec::new(), Report::default());
    let mut first_rows = HashMap::new();
    let read = exchange::read(format, input, &options, |row| {
        report.rows += 1;
        let judged = row.map_err(|problem| vec![problem]).and_then(|raw| judge_row(raw, today, wishes));
        // Without `update` the store tells a second row from the first by its content.
        let judged =
            if wishes.update { judged.and_then(|write| only_once(&mut first_rows, write)) } else { judged };
        match judged {
            Ok(write) => writes.push(write),
            Err(problems) => report.refuse(problems),
        }
        ControlFlow::Continue(())
    });
    let summary = read.map_err(|error| read_problem(&error))?;
    let single = summary.document == Document::Feature;
    Ok(Judged { single, ..Judged::new(writes, report) })
}

/// Refuses a second row of the same id: which of the two should stand cannot be known.
fn only_once(first_rows: &mut HashMap<Uuid, u64>, write: Write) -> Result<Write, Vec<RowTrouble>> {
    let id = write.id();
    match first_rows.insert(id, write.row) {
        None => Ok(write),
        Some(first) => {
            let (id, reason) = (id.to_string(), format!("is used by row {first} of this upload already"));
            Err(vec![RowTrouble::new(write.row, Some(&id), "id", &id, reason)])
        }
    }
}

/// One row as a wish.
///
/// # Errors
/// Every problem of the row.
pub fn judge_row(mut raw: RawDetection, today: Date, wishes: &Wishes) -> Result<Write, Vec<RowTrouble>> {
    let row = raw.row;
    let id = (!raw.id.is_empty()).then(|| raw.id.as_text().to_owned());
    let mut take = |wanted: &str| {
        let at = raw.properties.iter().position(|(name, _)| name == wanted)?;
        Some(raw.properties.swap_remove(at).1).filter(|given| !given.is_empty())
    };
    let wrong = |field, given: &demining::Value, reason: String| {
        vec![RowTrouble::new(row, id.as_deref(), field, given.as_text(), reason)]
    };
    let reason = match take(REASON) {
        None => wishes.reason.clone(),
        Some(given) => Some(reason_of(given.as_text()).map_err(|why| wrong(REASON, &given, why))?),
    };
    let expect = match take(BASE_REVISION) {
        None if wishes.update => Expect::Any,
        None => Expect::Same,
        Some(given) => match given.as_text().trim().parse() {
            Ok(revision) => Expect::At(Revision(revision)),
            Err(_) => return Err(wrong(BASE_REVISION, &given, "is no revision".to_owned())),
        },
    };
    if let Some(operator) = &wishes.operator
        && !raw.properties.iter().any(|(name, value)| name == "operator" && !value.is_empty())
    {
        raw.properties.retain(|(name, _)| name != "operator");
        raw.properties.push((RawDetection::name("operator"), demining::Value::Text(operator.clone())));
    }
    let detection = Detection::judge(raw, today, Uuid::now_v7)?;
    Ok(Write { row, action: Action::Put(Box::new(detection)), expect, reason })
}
