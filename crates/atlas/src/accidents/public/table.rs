//! The counts of approved accidents by district and month, before anything is withheld.

use std::sync::{Arc, OnceLock};

use demining::{Accident, AccidentDetails, Disclose, PublicAccident, Record, demonstration::is_made_up};
use geometry::LonLat;
use jiff::civil::date;

use super::suppress::{Cells, Published};
use crate::{accidents::counts::AccidentCounts, detections::day::Month, reference::ReferenceData};

/// A record before a change and after it.
type Edit = [Option<Arc<Record<Accident>>>; 2];

/// The counts, and what is published of them once somebody asks. Clones share both.
#[derive(Clone, Debug)]
pub struct PublicTable {
    cells: Arc<Cells>,
    /// The number of accidents that are made up for the demonstration.
    n_made_up: u64,
    published: Arc<OnceLock<Published>>,
}

impl PublicTable {
    /// Counts these records.
    pub fn new<'a>(records: impl Iterator<Item = &'a Record<Accident>>, reference: &ReferenceData) -> Self {
        let (mut cells, mut n_made_up) = (Cells::new(), 0);
        for counted in records.filter_map(|record| Counted::of(record, reference)) {
            *cells.entry(counted.cell).or_default() += counted.counts;
            n_made_up += u64::from(counted.is_made_up);
        }
        Self { cells: Arc::new(cells), n_made_up, published: Arc::default() }
    }

    /// Applies changes of records, and returns whether the public can notice any of them.
    pub fn edit(&mut self, edits: &[Edit], reference: &ReferenceData) -> bool {
        let (mut cells, mut n_made_up) = ((*self.cells).clone(), self.n_made_up);
        for [before, after] in edits {
            let counted = |record: &Option<Arc<_>>| Counted::of(record.as_deref()?, reference);
            if let Some(counted) = counted(after) {
                *cells.entry(counted.cell).or_default() += counted.counts;
                n_made_up += u64::from(counted.is_made_up);
            }
            if let Some(counted) = counted(before) {
                *cells.entry(counted.cell).or_default() -= counted.counts;
                n_made_up -= u64::from(counted.is_made_up);
            }
        }
        cells.retain(|_, counts| counts.accidents > 0);
        let had_made_up = self.has_made_up();
        self.n_made_up = n_made_up;
        let counts_differ = cells != *self.cells;
        if counts_differ {
            (self.cells, self.published) = (Arc::new(cells), Arc::default());
        }
        counts_differ || self.has_made_up() != had_made_up
    }

    /// Returns whether any accident is made up for the demonstration.
    pub fn has_made_up(&self) -> bool {
        self.n_made_up > 0
    }

    /// Returns what is published. The first caller after a change computes it: 0.1 s for 4,000 cells in 30
    /// years.
    pub fn published(&self, reference: &ReferenceData) -> &Published {
        let min_cell_count = reference.precision.min_accident_count().into();
        self.published.get_or_init(|| Published::of(&self.cells, min_cell_count))
    }
}

/// What the public may know of an accident.
struct Counted {
    cell: (u16, Month),
    counts: AccidentCounts,
    is_made_up: bool,
}

impl Counted {
    /// Returns `None` if the public knows nothing of the accident.
    fn of(record: &Record<Accident>, reference: &ReferenceData) -> Option<Self> {
        Some(match AccidentDetails::disclose(record, reference.precision)? {
            PublicAccident::Counted { place, month: (year, month), killed, injured, is_made_up } => {
                let counts = AccidentCounts { accidents: 1, killed: killed.into(), injured: injured.into() };
                let region = reference.region_at(LonLat::from(place));
                Self { cell: (region, Month::from(date(year, month, 1))), counts, is_made_up }
            }
            PublicAccident::Whole(details) => {
                let region = reference.region_at(details.location);
                let cell = (region, Month::from(details.occurred_on));
                let is_made_up = is_made_up(details.operator.as_deref());
                Self { cell, counts: AccidentCounts::of(&details), is_made_up }
            }
        })
    }
}
