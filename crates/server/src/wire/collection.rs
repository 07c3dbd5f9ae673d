//! The collections of features, by name.

use demining::Collection as RecordCollection;

use crate::http::problem::{Answer, Problem};

/// A collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// Records, which can be written.
    Records(RecordCollection),
    /// Administrative units.
    Regions,
    /// Towns and villages.
    Places,
    /// Published counts.
    ReportedFigures,
}

impl Collection {
    /// All collections.
    pub const ALL: [Self; 5] = [
        Self::Records(RecordCollection::Detections),
        Self::Records(RecordCollection::Accidents),
        Self::Regions,
        Self::Places,
        Self::ReportedFigures,
    ];

    /// Returns the name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Records(collection) => collection.name(),
            Self::Regions => "regions",
            Self::Places => "places",
            Self::ReportedFigures => "reported_figures",
        }
    }

    /// Returns the title and the description.
    pub fn title_and_description(self) -> (&'static str, &'static str) {
        match self {
            Self::Records(RecordCollection::Detections) => (
                "Detections",
                "Explosive ordnance found, and whether it was dealt with. Shows what has been \
                recorded: no record does not mean no danger.",
            ),
            Self::Records(RecordCollection::Accidents) => (
                "Accidents",
                "Accidents with explosive ordnance, and how many people they killed and injured. The public sees \
                counts by district and month only (/summary/accidents), unless the operator of this server opens exact \
                places. Shows what has been recorded: no record does not mean no danger.",
            ),
            Self::Regions => ("Regions", "Districts, economic regions and the country"),
            Self::Places => ("Places", "Towns and villages, from GeoNames (CC BY 4.0)"),
            Self::ReportedFigures => (
                "Reported figures",
                "Counts that authorities published, with their sources; \
                they have no location",
            ),
        }
    }

    /// Finds the collection with this name.
    ///
    /// # Errors
    /// 404 when it does not exist.
    pub fn parse(name: &str) -> Answer<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name).ok_or_else(|| {
            let [others @ .., last] = Self::ALL.map(Self::name);
            let detail = format!("collection not found: {name:?}; use {} or {last}", others.join(", "));
            Problem::not_found(detail)
        })
    }
}

/// Returns what one record of a collection is called.
pub fn noun(collection: RecordCollection) -> &'static str {
    match collection {
        RecordCollection::Detections => "detection",
        RecordCollection::Accidents => "accident",
    }
}
