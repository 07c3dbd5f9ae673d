//! The responses of entry points, and the report of failures.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
};

use super::row::Row;

/// The response of an entry point.
#[derive(Debug, Default)]
pub struct Told {
    /// Whether nothing was accepted.
    pub is_refused: bool,
    /// The whole response.
    pub text: String,
    /// The messages about each row, by id.
    pub rows: HashMap<String, String>,
}

/// The outcome of all parcels.
pub struct Report {
    /// Failures by field or parameter and description.
    pub failures: BTreeMap<(String, String), Failure>,
    pub n_rows: usize,
}

/// The same failure in several cells.
#[derive(Default)]
pub struct Failure {
    pub cells: Vec<String>,
    /// The response in the last of them.
    pub told: String,
}

impl Report {
    /// Records a failed row.
    pub fn note(&mut self, row: &Row, fault: &str, told: &Told) {
        let said = told.rows.get(&row.id).unwrap_or(&told.text);
        let failure = self.failures.entry((format!("{:?}", row.states), fault.to_owned())).or_default();
        failure.told = said.chars().take(300).collect();
        failure.cells.push(row.cell.clone());
    }

    /// Panics with all failed cells, grouped by failure.
    pub fn report(self) {
        let mut told = String::new();
        for ((label, fault), Failure { cells, told: said }) in &self.failures {
            writeln!(told, "{label}: {fault}\n    {}\n    such as: {said}", cells.join(", ")).unwrap();
        }
        let n = self.failures.values().map(|failure| failure.cells.len()).sum::<usize>();
        assert!(n == 0, "{n} of {} rows do not hold:\n{told}", self.n_rows);
    }
}
