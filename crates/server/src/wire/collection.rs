//! The collections of features, by name.

use crate::http::problem::{Answer, Problem};

/// A collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// Explosive ordnance found.
    Detections,
    /// Administrative units.
    Regions,
    /// Towns and villages.
    Places,
    /// Published counts.
    ReportedFigures,
}

impl Collection {
    /// All collections.
    pub const ALL: [Self; 4] = [Self::Detections, Self::Regions, Self::Places, Self::ReportedFigures];

    /// Returns the name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Detections => "detections",
            Self::Regions => "regions",
            Self::Places => "places",
            Self::ReportedFigures => "reported_figures",
        }
    }

    /// Returns the title and the description.
    pub fn title_and_description(self) -> (&'static str, &'static str) {
        match self {
            Self::Detections => (
                "Detections",
                "Explosive ordnance found, and whether it was dealt with. Shows what has been \
                recorded: no record does not mean no danger.",
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
            Problem::not_found(format!(
                "collection not found: {name:?}; use detections, regions, places or reported_figures"
            ))
        })
    }
}
