//! One state of everything that is derived from the records.

use demining::{Record, Revision};
use geometry::index::Index;

use crate::{
    cube::Cube,
    filter::Filter,
    ground::Ground,
    operators::Operators,
    query::Query,
    records::{Derived, Records},
    row::Row,
};

/// Index, slot table, cube and names at one revision. A clone shares everything.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The newest change in it.
    pub revision: Revision,
    /// Records by place.
    pub index: Index<Row>,
    /// Records by number.
    pub records: Records,
    /// Counts by region, operator, kind, status and month.
    pub cube: Cube,
    /// Names of operators.
    pub operators: Operators,
}

impl Snapshot {
    /// Nothing yet.
    pub fn empty(ground: &Ground) -> Self {
        Self {
            revision: Revision::default(),
            index: Index::new(),
            records: Records::default(),
            cube: Cube::new(ground.n_districts()),
            operators: Operators::default(),
        }
    }

    /// The filter, ready for this snapshot.
    pub fn query<'a>(&'a self, filter: &'a Filter, ground: &Ground) -> Query<'a> {
        Query::new(filter, ground.n_districts(), &self.operators, &self.records)
    }

    /// What follows from a record: its district, and the number of its operator, given now if it
    /// has none yet.
    pub fn derive(&mut self, record: &Record, ground: &Ground) -> Derived {
        Derived {
            region: ground.region_at(record.detection.location),
            operator: self.operators.number_or_new(record.detection.operator.as_deref()),
        }
    }
}
