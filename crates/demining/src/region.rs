//! Administrative units and places.

use geo::MultiPolygon;
use geometry::LonLat;
use jiff::civil::Date;

/// The level of a region; each region belongs to one of the level above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A country.
    Country,
    /// An economic region: several districts.
    EconomicRegion,
    /// A district, or a city of the same level. Only districts have a stored boundary.
    District,
}

impl Level {
    /// Returns the word used in the API and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::EconomicRegion => "economic_region",
            Self::District => "district",
        }
    }
}

impl std::str::FromStr for Level {
    type Err = crate::UnknownValue;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        [Self::Country, Self::EconomicRegion, Self::District]
            .into_iter()
            .find(|l| l.word() == given)
            .ok_or_else(|| crate::UnknownValue {
                given: given.into(),
                allowed: "country, economic_region, district".into(),
            })
    }
}

/// Names by language, and other spellings that a search must find.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Pairs of language code (`en`, `az`, ...) and name; the first is the fallback.
    pub by_language: Vec<(String, String)>,
    /// Spellings used elsewhere.
    pub aliases: Vec<String>,
}

impl Names {
    /// Returns the name in this language, or else the first name.
    pub fn get(&self, language: &str) -> &str {
        let exact = self.by_language.iter().find(|(l, _)| l == language);
        exact.or(self.by_language.first()).map_or("", |(_, name)| name)
    }

    /// Iterates over all names and spellings.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.by_language.iter().map(|(_, name)| name).chain(&self.aliases).map(String::as_str)
    }
}

/// An administrative unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The code: ISO 3166-2 if it has one (`AZ-KAL`).
    pub id: String,
    /// Its level.
    pub level: Level,
    /// The region it belongs to.
    pub parent: Option<String>,
    /// Its names.
    pub names: Names,
    /// The boundary, WGS84 degrees. For a region above the districts, the union of its districts.
    pub boundary: MultiPolygon<f64>,
    /// The position of its label.
    pub label: LonLat,
    /// The first day of its validity, if known.
    pub valid_from: Option<Date>,
    /// The last day of its validity, if it ended.
    pub valid_to: Option<Date>,
    /// The source of the boundary, with its date.
    pub source: String,
}

/// A town or village.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The id in `GeoNames`.
    pub id: u32,
    /// Its names.
    pub names: Names,
    /// The position.
    pub location: LonLat,
    /// Population according to the source, used only to rank labels.
    pub population: u32,
    /// ISO 3166-1 code of the country.
    pub country: String,
}
