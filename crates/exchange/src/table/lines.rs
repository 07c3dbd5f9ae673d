//! The lines of a table with its place in columns, as rows: each line is one, unless the table has a line for
//! each row of a repeated group.

use std::ops::ControlFlow;

use demining::FieldProblem;

use super::{
    cell::{BadCell, Cell},
    grouping::Grouping,
    meaning::Meaning,
    shape::Shape,
};
use crate::{
    column::Column,
    error::ReadError,
    options::ReadOptions,
    rows::{Row, Rows},
};

/// The columns of a table, and the record that its last lines belong to.
pub(crate) struct TableLines {
    meaning: Meaning,
    grouping: Option<Grouping>,
}

impl TableLines {
    /// Resolves the header line.
    ///
    /// # Errors
    /// Returns an error if it is unusable, or the reference system is ambiguous.
    pub(crate) fn new(
        names: &[String],
        options: &ReadOptions,
        has_decimal_comma: bool,
    ) -> Result<Self, ReadError> {
        let meaning = Meaning::of_table(names, options, has_decimal_comma)?;
        let grouping = Grouping::of(&meaning.columns, options);
        Ok(Self { meaning, grouping })
    }

    /// Returns the number of columns.
    pub(crate) fn n_columns(&self) -> usize {
        self.meaning.n_columns()
    }

    /// Returns whether a column contains times of the day.
    pub(crate) fn is_of_times(&self, column: usize) -> bool {
        matches!(self.meaning.columns.all.get(column), Some(Column::Time(_)))
    }

    /// Reads the line with this number, and passes on the rows that are complete. `fault` is a problem of the
    /// line as a whole.
    pub(crate) fn line<'a, F: FnMut(Row) -> ControlFlow<()>>(
        &mut self,
        number: u64,
        cells: impl Iterator<Item = Result<Cell<'a>, BadCell>>,
        fault: Option<FieldProblem>,
        rows: &mut Rows<F>,
    ) -> Result<ControlFlow<()>, ReadError> {
        match &mut self.grouping {
            None => {
                rows.next()?;
                let row = match fault {
                    Some(fault) => Err(fault),
                    None => self.meaning.row(number, None, cells, Shape::InCells),
                };
                Ok(rows.give(row))
            }
            Some(grouping) => grouping.line(&mut self.meaning, number, cells.collect(), fault, rows),
        }
    }

    /// Passes on the last row, after the last line.
    pub(crate) fn end<F: FnMut(Row) -> ControlFlow<()>>(&mut self, rows: &mut Rows<F>) -> ControlFlow<()> {
        self.grouping.as_mut().map_or(ControlFlow::Continue(()), |grouping| grouping.end(rows))
    }
}
