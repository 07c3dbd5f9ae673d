//! Collects the problems of one row.

use jiff::{ToSpan, civil::Date};

use crate::{FieldProblem, RECORD_LIMITS};

/// Collects all problems of a row, so that the sender sees them at once.
pub struct Judge {
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

    /// Adds a problem if the day is too early for a record, or in the future.
    pub(crate) fn day(&mut self, field: &str, day: Option<Date>, today: Date) {
        let Some(day) = day else { return };
        if day > latest_day(today) {
            let reason = format!("is in the future: today is {today} UTC");
            self.called("in_future", field, &day.to_string(), reason);
        }
        if day.year() < RECORD_LIMITS.first_year {
            let reason = format!("is before {}", RECORD_LIMITS.first_year);
            self.called("too_early", field, &day.to_string(), reason);
        }
    }
}

/// The latest day that a record may have: tomorrow, for time zones.
pub(crate) fn latest_day(today: Date) -> Date {
    today.checked_add(1.day()).unwrap_or(today)
}
