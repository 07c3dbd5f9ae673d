//! Repeated groups: a field whose value is a list of rows, each with fields of its own.

use super::FieldSpec;

/// The fields of the rows of a repeated group.
pub struct Group {
    /// What one row is called, such as `victim`.
    pub row: &'static str,
    /// The fields of a row, in the column order of tables.
    pub fields: &'static [FieldSpec],
    /// The most rows of a record.
    pub max_rows: usize,
}

impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        self.row == other.row
    }
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.row)
    }
}
