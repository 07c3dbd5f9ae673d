//! Collects the problems of one row.

use crate::FieldProblem;

/// Collects all problems of a row, so that the sender sees them at once.
pub(crate) struct Judge {
    row: u64,
    id: Option<String>,
    problems: Vec<FieldProblem>,
}

impl Judge {
    pub(crate) fn new(row: u64, id: Option<String>) -> Self {
        Self { row, id, problems: Vec::new() }
    }

    pub(crate) fn problem(&mut self, field: &str, value: &str, reason: impl Into<String>) {
        self.problems.push(FieldProblem::new(self.row, self.id.as_deref(), field, value, reason));
    }

    /// Adds a problem with a code, for which clients may have their own text.
    pub(crate) fn called(&mut self, code: &'static str, field: &str, value: &str, reason: impl Into<String>) {
        self.problems
            .push(FieldProblem::new(self.row, self.id.as_deref(), field, value, reason).called(code));
    }

    /// Returns the value if there are no problems, otherwise the problems.
    pub(crate) fn verdict<T>(self, judged: T) -> Result<T, Vec<FieldProblem>> {
        if self.problems.is_empty() { Ok(judged) } else { Err(self.problems) }
    }

    /// Adds a problem unless the value is in the range.
    pub(crate) fn range<N: PartialOrd + ToString>(
        &mut self,
        field: &str,
        value: Option<N>,
        range: std::ops::RangeInclusive<N>,
    ) {
        if let Some(value) = value
            && !range.contains(&value)
        {
            let reason = format!("is outside {}..{}", range.start().to_string(), range.end().to_string());
            self.called("out_of_range", field, &value.to_string(), reason);
        }
    }
}
