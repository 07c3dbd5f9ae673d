//! Administrative units and places.

use geo::MultiPolygon;
use geometry::LonLat;
use jiff::civil::Date;

/// The rank of a region; each lies in one of the rank before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A country.
    Country,
    /// An economic region: several districts.
    EconomicRegion,
    /// A district, or a city of the same rank. Only districts have a boundary of their own.
    District,
}

impl Level {
    /// The word on the wire and in the store.
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

/// Names by language, and other spellings that must be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Language code (`en`, `az`, ...) and name; the first is the one to fall back to.
    pub by_language: Vec<(String, String)>,
    /// Spellings seen elsewhere.
    pub aliases: Vec<String>,
}

impl Names {
    /// The name in this language, or in the first there is.
    pub fn get(&self, language: &str) -> &str {
        let exact = self.by_language.iter().find(|(l, _)| l == language);
        exact.or(self.by_language.first()).map_or("", |(_, name)| name)
    }

    /// Every name and spelling.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.by_language.iter().map(|(_, name)| name).chain(&self.aliases).map(String::as_str)
    }
}

/// An administrative unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The code: ISO 3166-2 where there is one (`AZ-KAL`).
    pub id: String,
    /// Its rank.
    pub level: Level,
    /// The region it belongs to.
    pub parent: Option<String>,
    /// What it is called.
    pub names: Names,
    /// The boundary, WGS84 degrees. For a region above the districts, the union of its districts.
    pub boundary: MultiPolygon<f64>,
    /// Where its name is written.
    pub label: LonLat,
    /// Since when it has been so, if known.
    pub valid_from: Option<Date>,
    /// Until when it was so, if it ended.
    pub valid_to: Option<Date>,
    /// Where the boundary is from, with its date.
    pub source: String,
}

/// A town or village.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// A number of its own: the id that `GeoNames` gives it.
    pub id: u32,
    /// What it is called.
    pub names: Names,
    /// Where.
    pub location: LonLat,
    /// Inhabitants as the source has them: for the rank of labels only.
    pub population: u32,
    /// ISO 3166-1 code of the country.
    pub country: String,
}
