//! Reads `places.json`: towns and villages.

use std::collections::HashSet;

use demining::Place;
use geometry::LonLat;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{error::DataError, names::names};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "licence")]
    _licence: String,
    places: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: u32,
    names: Map<String, Value>,
    aliases: Vec<String>,
    lon: f64,
    lat: f64,
    population: u32,
    country: String,
}

/// Reads the places. Longitude and latitude are WGS84 degrees.
///
/// # Errors
/// Returns an error if the JSON has the wrong shape, a position is out of range, or an id occurs twice.
pub fn read_places(json: &[u8]) -> Result<Vec<Place>, DataError> {
    let file: File = serde_json::from_slice(json)?;
    let mut ids = HashSet::new();
    file.places
        .into_iter()
        .map(|entry| {
            let id = entry.id;
            if !ids.insert(id) {
                return Err(DataError::entry(&id, "occurs twice"));
            }
            Ok(Place {
                id,
                names: names(&id.to_string(), entry.names, entry.aliases)?,
                location: LonLat::new(entry.lon, entry.lat)
                    .map_err(|error| DataError::entry(&id, error.to_string()))?,
                population: entry.population,
                country: entry.country,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_shipped_are_read() {
        let places = read_places(include_bytes!("../../../data/places.json")).unwrap();
        let kalbajar = places.iter().find(|place| place.names.get("az") == "Kəlbəcər").unwrap();
        assert_eq!((kalbajar.id, kalbajar.country.as_str()), (586_268, "AZ"));
        assert!(kalbajar.names.all().any(|name| name == "Kelbajar"));
    }

    #[test]
    fn an_entry_that_breaks_a_rule_is_named() {
        let place =
            r#"{"id":7,"names":{"en":"A"},"aliases":[],"lon":46,"lat":91,"population":1,"country":"AZ"}"#;
        let file = format!(r#"{{"source":"","licence":"","places":[{place}]}}"#);
        assert_eq!(
            read_places(file.as_bytes()).unwrap_err().to_string(),
            "7: latitude 91 is outside -90..90"
        );
    }
}
