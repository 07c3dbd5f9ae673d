//! Tables with a line for each row of a repeated group, such as a line for each victim of an accident.
//!
//! Consecutive lines with the same id are one record. The first line has all its values; the others leave
//! them blank or repeat them, and add a row to the group. A record with a line that has a problem is not
//! passed on, because a row of its group would be missing.

use std::{borrow::Cow, collections::HashMap, ops::ControlFlow};

use demining::{FieldProblem, Value, field::Group};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{
    cell::{BadCell, Cell},
    columns::Columns,
    meaning::Meaning,
    shape::Shape,
    statement::{is_same_id, record_id},
};
use crate::{
    column::Column,
    error::ReadError,
    limits::ReadLimits,
    options::ReadOptions,
    rows::{Row, Rows},
};

/// Collects lines to records.
pub(super) struct Grouping {
    field: &'static str,
    group: &'static Group,
    /// The column of the id, if there is one.
    id: Option<usize>,
    /// The maximum size of a group, bytes.
    limit: usize,
    /// The records so far, each with its first line.
    seen: HashMap<Uuid, u64>,
    current: Option<Current>,
}

/// The record of the last line.
struct Current {
    line: u64,
    id: String,
    /// The texts of the first line.
    texts: Vec<String>,
    /// The row without its group, or the problem that refuses it.
    row: Row,
    /// The rows of the group, separated by commas.
    members: String,
    n_members: usize,
}

impl Grouping {
    /// Creates it for a table with columns of the group; otherwise each line is a record.
    pub(super) fn of(columns: &Columns, options: &ReadOptions) -> Option<Self> {
        let (field, group) = options.naming().table.group()?;
        columns.all.iter().any(|column| matches!(column, Column::Member(_))).then(|| Self {
            field,
            group,
            id: columns.all.iter().position(|column| *column == Column::Id),
            limit: options.max_row_bytes,
            seen: HashMap::new(),
            current: None,
        })
    }

    /// Reads the line with this number. `fault` is a problem of the line as a whole.
    pub(super) fn line<F: FnMut(Row) -> ControlFlow<()>>(
        &mut self,
        meaning: &mut Meaning,
        number: u64,
        cells: Vec<Result<Cell<'_>, BadCell>>,
        fault: Option<FieldProblem>,
        rows: &mut Rows<F>,
    ) -> Result<ControlFlow<()>, ReadError> {
        let text = |cell: &Result<Cell<'_>, BadCell>| match cell {
            Ok(cell) => cell.text().to_owned(),
            Err(bad) => bad.value.clone(),
        };
        let mut texts: Vec<String> = cells.iter().map(text).collect();
        texts.resize(meaning.n_columns(), String::new());
        let id = self.id.and_then(|at| texts.get(at)).cloned().unwrap_or_default();
        let member = member(&meaning.columns, &texts);
        if let Some(current) = self.current.as_mut().filter(|of| !id.is_empty() && is_same_id(&of.id, &id)) {
            let problem = fault.or_else(|| current.contradiction(&meaning.columns, &cells, number));
            return match problem {
                Some(problem) => current.refuse(problem, rows),
                None => self.add(number, member, rows),
            };
        }
        if self.end(rows).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        rows.next()?;
        let row = match (fault, record_id(&id)) {
            (Some(fault), _) => Err(fault),
            (None, Some(known)) if self.seen.contains_key(&known) => {
                let reason = format!(
                    "is the id of row {} already: lines with the same id must follow one another",
                    self.seen[&known]
                );
                return Ok(rows.give(Err(FieldProblem::new(number, Some(&id), "id", &id, reason))));
            }
            _ => meaning.row(number, None, cells.into_iter(), Shape::InCells),
        };
        self.remember(&id, number)?;
        self.current = Some(Current { line: number, id, texts, row, members: String::new(), n_members: 0 });
        self.add(number, member, rows)
    }

    /// Passes on the record of the last line.
    pub(super) fn end<F: FnMut(Row) -> ControlFlow<()>>(&mut self, rows: &mut Rows<F>) -> ControlFlow<()> {
        match self.current.take() {
            Some(current) => rows.give(current.finish(self.field)),
            None => ControlFlow::Continue(()),
        }
    }

    fn remember(&mut self, id: &str, line: u64) -> Result<(), ReadError> {
        let Some(id) = record_id(id) else { return Ok(()) };
        let limit = ReadLimits::DEFAULT.grouped_records;
        if self.seen.len() == limit {
            let row = self.group.row;
            let reason = format!("the table has a line for each {row}, and more than {limit} records");
            return Err(ReadError::Broken { row: line, reason });
        }
        self.seen.insert(id, line);
        Ok(())
    }

    /// Adds the group's row of a line to the current record.
    fn add<F: FnMut(Row) -> ControlFlow<()>>(
        &mut self,
        number: u64,
        member: Option<String>,
        rows: &mut Rows<F>,
    ) -> Result<ControlFlow<()>, ReadError> {
        let (Some(current), Some(member)) = (&mut self.current, member) else {
            return Ok(ControlFlow::Continue(()));
        };
        let Ok(raw) = &current.row else { return Ok(ControlFlow::Continue(())) };
        if let Some((_, array)) =
            raw.properties.iter().find(|(name, value)| name == self.field && !value.is_empty())
        {
            let reason = format!(
                "has a value, and so have the columns of the {}: leave one of the two blank",
                self.group.row
            );
            let problem = FieldProblem::new(number, current.told_id(), self.field, array.as_text(), reason);
            return current.refuse(problem, rows);
        }
        current.n_members += 1;
        // One more than allowed is enough for the record to be refused.
        if current.n_members <= self.group.max_rows + 1 {
            if !current.members.is_empty() {
                current.members.push(',');
            }
            current.members.push_str(&member);
        }
        if current.members.len() > self.limit {
            return Err(ReadError::RowTooLong { row: current.line, limit: self.limit });
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Current {
    /// Returns the problem of a further line that is unreadable, or differs from the first one.
    fn contradiction(
        &self,
        columns: &Columns,
        cells: &[Result<Cell<'_>, BadCell>],
        number: u64,
    ) -> Option<FieldProblem> {
        let lines = cells.iter().zip(&self.texts).zip(columns.all.iter().zip(&columns.names));
        for ((cell, first), (column, name)) in lines {
            let problem = |value: &str, reason: String| {
                Some(FieldProblem::new(number, self.told_id(), name, value, reason))
            };
            let text = match cell {
                Ok(cell) => cell.text(),
                Err(bad) => return problem(&bad.value, bad.reason.clone()),
            };
            let is_free = matches!(column, Column::Member(_) | Column::Id | Column::Ignored);
            if is_free || text.is_empty() || text == first {
                continue;
            }
            let line = self.line;
            return match first.as_str() {
                "" => problem(text, format!("is blank in row {line}, which has the same id")),
                first => {
                    problem(text, format!("differs from {first:?} in row {line}, which has the same id"))
                }
            };
        }
        None
    }

    fn told_id(&self) -> Option<&str> {
        (!self.id.is_empty()).then_some(self.id.as_str())
    }

    /// Refuses the record. Earlier problems of it are passed on.
    fn refuse<F: FnMut(Row) -> ControlFlow<()>>(
        &mut self,
        problem: FieldProblem,
        rows: &mut Rows<F>,
    ) -> Result<ControlFlow<()>, ReadError> {
        match std::mem::replace(&mut self.row, Err(problem)) {
            Ok(_) => Ok(ControlFlow::Continue(())),
            earlier => {
                rows.next()?;
                Ok(rows.give(earlier))
            }
        }
    }

    /// Returns the row with its group.
    fn finish(self, field: &'static str) -> Row {
        let mut raw = self.row?;
        if self.n_members > 0 {
            raw.properties.push((Cow::Borrowed(field), Value::Json(format!("[{}]", self.members))));
        }
        Ok(raw)
    }
}

/// Returns the group's row of a line as a JSON object; `None` if its cells are blank.
fn member(columns: &Columns, texts: &[String]) -> Option<String> {
    let mut members = Map::new();
    for (column, text) in columns.all.iter().zip(texts).filter(|(_, text)| !text.is_empty()) {
        if let Column::Member(name) = column {
            members.insert((*name).to_owned(), Json::String(text.clone()));
        }
    }
    (!members.is_empty()).then(|| Json::Object(members).to_string())
}
