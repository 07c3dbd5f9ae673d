//! Turns rows into writes or problems.

use std::{collections::HashMap, io::Read, ops::ControlFlow};

use demining::{
    Action, Content, Expect, FieldProblem, Judged, RawRecord, Revision, Value, Write, for_collection,
};
use exchange::{Document, Format, ReadOptions};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use uuid::Uuid;

use super::{
    INTAKE_LIMITS, JudgedMessage,
    derived::{Derived, claims},
    options::{REASON, UploadOptions, reason_of},
    report::Report,
    unreadable::Unreadable,
};
use crate::{
    collections::{OPERATOR, Served},
    fault::Fault,
};

/// The property of a row that states the revision its sender knew. If the record has another revision now,
/// the write is a conflict.
const BASE_REVISION: &str = "base_revision";

/// Returns the current day in UTC.
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Judges the rows of a file, or returns why the file as a whole cannot be read.
///
/// # Errors
/// If it cannot be read at the moment, and the file is not to blame.
pub fn judge_file(
    input: impl Read,
    format: Format,
    reading: &ReadOptions,
    upload_options: &UploadOptions,
    derived: &Derived,
) -> Result<Result<JudgedMessage, Unreadable>, Fault> {
    for_collection!(reading.collection, T => judge_rows::<T>(input, format, reading, upload_options, derived))
}

fn judge_rows<T: Served>(
    input: impl Read,
    format: Format,
    reading: &ReadOptions,
    upload_options: &UploadOptions,
    derived: &Derived,
) -> Result<Result<JudgedMessage, Unreadable>, Fault> {
    let today = today();
    let reading = ReadOptions {
        max_rows: INTAKE_LIMITS.rows,
        max_spooled_bytes: INTAKE_LIMITS.unpacked_bytes,
        max_unpacked_bytes: INTAKE_LIMITS.unpacked_bytes,
        ..reading.clone()
    };
    let (mut writes, mut report) = (Vec::new(), Report::default());
    let mut once = OnlyOnce::default();
    let read = exchange::read(format, input, &reading, |row| {
        report.rows += 1;
        let mut claimed = Vec::new();
        let judged = row.map_err(|problem| vec![problem]).and_then(|raw| {
            claimed = claims(&raw);
            judge_row::<T>(raw, today, upload_options)
        });
        // Without `update` the store recognises a second row by its content.
        match if upload_options.update { judged.and_then(|write| once.check(write)) } else { judged } {
            Ok(write) => {
                if let Action::Put(content) = &write.action {
                    derived.note::<T>(claimed, write.row, content, &mut report);
                }
                writes.push(write);
            }
            Err(problems) => report.refuse(problems),
        }
        ControlFlow::Continue(())
    });
    let summary = match read {
        Ok(summary) => summary,
        Err(error) => return Unreadable::of(&error).map(Err),
    };
    let is_single = summary.document == Document::Feature;
    Ok(Ok(JudgedMessage { is_single, ..JudgedMessage::new(T::wrap_writes(writes), report) }))
}

/// Refuses a second row with the same id, because either could be the right one.
#[derive(Debug, Default)]
pub struct OnlyOnce(HashMap<Uuid, u64>);

impl OnlyOnce {
    /// Returns the write if it is the first for its record.
    ///
    /// # Errors
    /// The problem, which names the first row.
    pub fn check<T: Content>(
        &mut self,
        write: Write<Judged<T>>,
    ) -> Result<Write<Judged<T>>, Vec<FieldProblem>> {
        let id = write.id();
        match self.0.insert(id, write.row) {
            None => Ok(write),
            Some(first) => {
                let (id, reason) = (id.to_string(), format!("is already used by row {first} of this upload"));
                Err(vec![FieldProblem::new(write.row, Some(&id), "id", &id, reason)])
            }
        }
    }
}

/// Judges one row of a collection.
///
/// # Errors
/// Every problem of the row.
pub fn judge_row<T: Content>(
    mut raw: RawRecord,
    today: Date,
    upload_options: &UploadOptions,
) -> Result<Write<Judged<T>>, Vec<FieldProblem>> {
    let row = raw.row;
    let id = (!raw.id.is_empty()).then(|| raw.id.as_text().to_owned());
    let mut take = |wanted: &str| {
        let at = raw.properties.iter().position(|(name, _)| name == wanted)?;
        Some(raw.properties.swap_remove(at).1).filter(|given| !given.is_empty())
    };
    let wrong = |field, given: &Value, reason: String| {
        vec![FieldProblem::new(row, id.as_deref(), field, given.as_text(), reason)]
    };
    let reason = match take(REASON) {
        None => upload_options.reason.clone(),
        Some(given) => Some(reason_of(given.as_text()).map_err(|why| wrong(REASON, &given, why))?),
    };
    let expect = match take(BASE_REVISION) {
        None if upload_options.update => Expect::Any,
        None => Expect::Same,
        Some(given) => match given.as_text().trim().parse() {
            Ok(revision) => Expect::At(Revision(revision)),
            Err(_) => return Err(wrong(BASE_REVISION, &given, "must be a revision number".to_owned())),
        },
    };
    if let Some(operator) = &upload_options.operator
        && !raw.properties.iter().any(|(name, value)| name == OPERATOR && !value.is_empty())
    {
        raw.properties.retain(|(name, _)| name != OPERATOR);
        raw.properties.push((RawRecord::name(OPERATOR), Value::Text(operator.clone())));
    }
    let content = Judged::<T>::judge(raw, today, Uuid::now_v7)?;
    Ok(Write { row, action: Action::Put(Box::new(content)), expect, reason })
}
