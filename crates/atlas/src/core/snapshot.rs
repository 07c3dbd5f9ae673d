//! The state of everything derived from the records, as one scope sees it.

use demining::{Record, Revision, Status};
use geometry::index::Index;

use super::scope::Scope;
use crate::{
    detections::{
        cube::Cube,
        operators::Operators,
        records::Records,
        row::{Derived, Row},
    },
    reference::ReferenceData,
};

/// The index, slot table, cube and names at one revision. Clones share everything.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The scope that it belongs to.
    pub scope: Scope,
    /// The newest change in it, in the numbering of the scope.
    pub revision: Revision,
    /// Whether it shows counts of the uncleared records, but not these records.
    pub is_coarse: bool,
    /// The rows that the scope shows, by place.
    pub index: Index<Row>,
    /// Counts of these rows by region, operator, kind, status and month.
    pub cube: Cube,
    /// All records by number, regardless of the scope.
    pub records: Records,
    /// The names of operators.
    pub operators: Operators,
}

impl Snapshot {
    /// Creates an empty snapshot.
    pub fn empty(scope: Scope, reference: &ReferenceData) -> Self {
        Self {
            scope,
            revision: Revision::default(),
            is_coarse: scope.is_coarse(reference),
            index: Index::new(),
            records: Records::default(),
            cube: Cube::new(reference.n_districts()),
            operators: Operators::default(),
        }
    }

    /// Returns `true` if a row of the index is of a record that is not shown itself.
    pub fn hides(&self, row: &Row) -> bool {
        self.is_coarse && row.is(Status::Detected)
    }
}

/// Derives the district and the operator number of a record, assigning a number to a new operator.
pub fn derive(record: &Record, reference: &ReferenceData, operators: &mut Operators) -> Derived {
    Derived {
        region: reference.region_at(record.content.location),
        operator: operators.number_or_new(record.content.operator.as_deref()),
    }
}
