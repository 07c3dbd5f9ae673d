//! What an entry point answered, and the report of what did not hold.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
};

use super::row::Row;

/// What an entry point answered.
#[derive(Debug, Default)]
pub struct Told {
    /// Whether nothing was taken.
    pub is_refused: bool,
    /// The whole answer.
    pub text: String,
    /// What it says of each row, by id.
    pub rows: HashMap<String, String>,
}

/// What holds after everything was sent.
pub struct Report {
    /// By field or parameter and what is wrong with it.
    pub failures: BTreeMap<(String, String), Failure>,
    pub n_rows: usize,
}

/// What is wrong in several cells.
#[derive(Default)]
pub struct Failure {
    pub cells: Vec<String>,
    /// What the last of them was answered.
    pub told: String,
}

impl Report {
    /// Notes a row that does not hold.
    pub fn note(&mut self, row: &Row, fault: &str, told: &Told) {
        let said = told.rows.get(&row.id).unwrap_or(&told.text);
        let failure = self.failures.entry((format!("{:?}", row.states), fault.to_owned())).or_default();
        failure.told = said.chars().take(300).collect();
        failure.cells.push(row.cell.clone());
    }

    /// Fails with all cells that do not hold, by what is wrong with them.
    pub fn report(self) {
        let mut told = String::new();
        for ((label, fault), Failure { cells, told: said }) in &self.failures {
            writeln!(told, "{label}: {fault}\n    {}\n    such as: {said}", cells.join(", ")).unwrap();
        }
        let n = self.failures.values().map(|failure| failure.cells.len()).sum::<usize>();
        assert!(n == 0, "{n} of {} rows do not hold:\n{told}", self.n_rows);
    }
}
