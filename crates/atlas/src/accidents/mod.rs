//! Accidents: what is specific to them, besides the [small collection](crate::small) that holds them.
//!
//! The files, lowest first:
//! - `counts` counts accidents and the people they hurt.
//! - `summary` groups them for readers who may see records.
//! - `public` counts them for the public.
//! - `fold` derives the accidents at the next revision.

mod counts;
mod fold;
mod public;
mod summary;

use std::ops::Deref;

use demining::{Accident, AccidentDetails, Record, demonstration};
use jiff::civil::Date;

use crate::{
    core::scope::Scope,
    reference::ReferenceData,
    small::{Located, Small, SmallCollection},
};

pub use counts::AccidentCounts;
pub use fold::{AccidentSteps, fold};
pub use public::{PublicCell, PublicCounts, PublicFilter};
pub use summary::{VictimCounts, VictimGroup, VictimGrouping};

use public::PublicTable;

impl Small for AccidentDetails {
    const IN_TILES: &'static [&'static str] =
        &["id", "class", "occurred_on", "killed", "injured", "device", "review"];

    fn day(&self) -> Date {
        self.occurred_on
    }
}

/// The accidents that a scope sees at one revision. Its records are read through [`SmallCollection`]; the
/// public has none unless the policy opens exact places.
#[derive(Clone, Debug)]
pub struct Accidents {
    collection: SmallCollection<AccidentDetails>,
    /// What the public may know, whatever the scope.
    public: PublicTable,
}

impl Deref for Accidents {
    type Target = SmallCollection<AccidentDetails>;

    fn deref(&self) -> &SmallCollection<AccidentDetails> {
        &self.collection
    }
}

impl Accidents {
    /// Creates the accidents of both scopes, in the order of [`Scope::ALL`].
    pub(crate) fn of(records: &[Located<AccidentDetails>], reference: &ReferenceData) -> [Self; 2] {
        let public = PublicTable::new(records.iter().map(|located| &*located.record), reference);
        Scope::ALL.map(|scope| Self {
            collection: SmallCollection::of(scope, records, reference.precision),
            public: public.clone(),
        })
    }

    /// Returns whether any accident is made up for the demonstration: of the records, whatever their review,
    /// or for the public, of those that are counted.
    pub fn has_made_up(&self) -> bool {
        let is_made_up =
            |record: &Record<Accident>| demonstration::is_made_up(record.content.operator.as_deref());
        match self.scope() {
            Scope::Full => self.all().any(|located| is_made_up(&located.record)),
            Scope::Public => self.public.has_made_up(),
        }
    }

    /// Returns the public counts.
    pub(crate) fn public_counts(&self, filter: &PublicFilter, reference: &ReferenceData) -> PublicCounts {
        self.public.published(reference).answer(filter, reference)
    }
}
