//! The first data set, built into the program from `data/`.

use demining::{Place, Region, ReportedFigure};

/// Regions, places and reported figures.
pub struct Reference {
    pub regions: Vec<Region>,
    pub places: Vec<Place>,
    pub figures: Vec<ReportedFigure>,
}

impl Reference {
    /// Parses the built-in files.
    ///
    /// # Errors
    /// When a file is invalid, which a test would detect.
    pub fn built_in() -> Result<Self, exchange::DataError> {
        let regions = exchange::read_regions(include_bytes!("../../../data/regions.geojson"))?;
        let places = exchange::read_places(include_bytes!("../../../data/places.json"))?;
        let figures = exchange::read_figures(include_bytes!("../../../data/reported_figures.json"))?;
        Ok(Self { regions, places, figures })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_data_can_be_read() {
        let reference = Reference::built_in().expect("data/ is read as it stands");
        assert!(reference.regions.len() >= 78 && reference.places.len() > 100 && reference.figures.len() > 5);
    }
}
