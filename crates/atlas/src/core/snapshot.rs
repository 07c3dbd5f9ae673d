//! One state of everything that is derived from the records, as one scope sees it.

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

/// Index, slot table, cube and names at one revision. A clone shares everything.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Who may see it.
    pub scope: Scope,
    /// The newest change in it, as the scope counts.
    pub revision: Revision,
    /// Whether it shows that there are records which are not dealt with, and not these records.
    pub is_coarse: bool,
    /// What the scope shows of the records, by place.
    pub index: Index<Row>,
    /// Counts of that by region, operator, kind, status and month.
    pub cube: Cube,
    /// All records by number, whatever the scope shows of them.
    pub records: Records,
    /// Names of operators.
    pub operators: Operators,
}

impl Snapshot {
    /// Nothing yet.
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

    /// Whether a row of the index stands for a record that is not shown itself.
    pub fn hides(&self, row: &Row) -> bool {
        self.is_coarse && row.is(Status::Detected)
    }
}

/// What follows from a record: its district, and the number of its operator, given now if it has
/// none yet.
pub fn derive(record: &Record, reference: &ReferenceData, operators: &mut Operators) -> Derived {
    Derived {
        region: reference.region_at(record.detection.location),
        operator: operators.number_or_new(record.detection.operator.as_deref()),
    }
}
