//! The collections, and what their content has in common: a table of fields, and rules that make it valid.

use std::{fmt, str::FromStr};

use geometry::LonLat;
use jiff::civil::Date;
use uuid::Uuid;

use crate::{
    AsGiven,
    amendment::{Amendment, takes_back},
    field::Field,
    judge::Judge,
};

/// A collection of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Collection {
    /// Explosive ordnance, found at a place: [`Detection`](crate::Detection).
    Detections,
    /// Accidents with explosive ordnance: [`Accident`](crate::Accident).
    Accidents,
}

impl Collection {
    /// Every collection.
    pub const ALL: &[Self] = &[Self::Detections, Self::Accidents];

    /// The name in addresses, in the store and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Detections => "detections",
            Self::Accidents => "accidents",
        }
    }
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Collection {
    type Err = String;

    /// Reads a name.
    ///
    /// # Errors
    /// Returns the end of a sentence if no collection has this name.
    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|collection| collection.name() == name);
        found.copied().ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|collection| collection.name()).collect();
            format!("is not one of {}", names.join(", "))
        })
    }
}

/// The fields of a record, whether they keep the rules or not.
pub trait Content: Clone + fmt::Debug + PartialEq + Send + Sync + Sized + 'static {
    /// The collection.
    const COLLECTION: Collection;

    /// The fields, in the column order of files and tables.
    const FIELDS: &'static [Field<Self>];

    /// Creates content with the least that a record must have. A caller sets the rest.
    fn blank(id: Uuid, location: LonLat) -> Self;

    /// The record's id.
    fn id(&self) -> Uuid;

    /// Where it is.
    fn location(&self) -> LonLat;

    /// The horizontal accuracy of the position, metres.
    fn accuracy_m(&mut self) -> &mut Option<f64>;

    /// The coordinates as entered, if they were not WGS84 longitude and latitude.
    fn as_given(&mut self) -> &mut Option<AsGiven>;

    /// Derives what the sender left out; `was_given` tells whether a field with this number was sent.
    fn complete(&mut self, was_given: impl Fn(u16) -> bool);

    /// Checks the range of each field and the rules between fields.
    fn check(&self, today: Date, judge: &mut Judge);

    /// Returns how a change to `to` treats what was recorded.
    fn amendment(&self, to: &Self) -> Amendment {
        let is_correction = takes_back(Self::FIELDS, (self, to), &[]);
        if is_correction { Amendment::Correction } else { Amendment::Progress }
    }

    /// Returns why a property that no field knows must not be stored; `None` if it may be.
    fn refuses(_folded_name: &str) -> Option<&'static str> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_is_found_by_its_name() {
        for collection in Collection::ALL {
            assert_eq!(collection.name().parse(), Ok(*collection));
        }
        assert_eq!("mines".parse::<Collection>(), Err("is not one of detections, accidents".to_owned()));
    }
}
