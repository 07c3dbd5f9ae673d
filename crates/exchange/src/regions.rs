//! Reads `regions.geojson`: the country, its economic regions and its districts.

use std::collections::HashMap;

use demining::{Level, Region};
use geo::{MultiPolygon, unary_union};
use geometry::LonLat;
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use crate::{
    area::read_geometry,
    error::DataError,
    names::{day, names},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    features: Vec<Feature>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Feature {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    properties: Properties,
    geometry: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Properties {
    level: String,
    parent: Option<String>,
    #[serde(rename = "code")]
    _code: Option<String>,
    names: Map<String, Value>,
    aliases: Vec<String>,
    label: [f64; 2],
    valid_from: Option<String>,
    valid_to: Option<String>,
    source: String,
}

/// Reads the regions, parents before their children. Coordinates are WGS84 longitude, latitude.
///
/// Only districts have a boundary in the file; the boundary of a higher region is computed as the union of
/// its districts.
///
/// # Errors
/// Returns an error if the JSON has the wrong shape, an id occurs twice, a parent is missing or not of a
/// higher level, or a boundary is not a polygon.
pub fn read_regions(geojson: &[u8]) -> Result<Vec<Region>, DataError> {
    let file: File = serde_json::from_slice(geojson)?;
    if file.kind != "FeatureCollection" {
        return Err(DataError::entry(&file.kind, "is not FeatureCollection"));
    }
    let mut regions: Vec<Region> = Vec::with_capacity(file.features.len());
    let mut places = HashMap::new();
    for feature in file.features {
        let region = region(feature)?;
        let id = &region.id;
        if let Some(parent) = region.parent.as_ref() {
            let above = places.get(parent).map(|at: &usize| &regions[*at]);
            let above = above
                .ok_or_else(|| DataError::entry(&id, format!("its parent {parent} does not precede it")))?;
            if above.level >= region.level {
                return Err(DataError::entry(&id, format!("its parent {parent} is not of a higher level")));
            }
        } else if region.level != Level::Country {
            return Err(DataError::entry(&id, "has no parent"));
        }
        if places.insert(id.clone(), regions.len()).is_some() {
            return Err(DataError::entry(&id, "occurs twice"));
        }
        regions.push(region);
    }
    join_districts(&mut regions, &places)?;
    Ok(regions)
}

fn region(feature: Feature) -> Result<Region, DataError> {
    let (id, properties) = (feature.id, feature.properties);
    if feature.kind != "Feature" {
        return Err(DataError::entry(&id, format!("is a {}, not a Feature", feature.kind)));
    }
    let level: Level =
        properties.level.parse().map_err(|error| DataError::entry(&id, format!("level {error}")))?;
    let boundary = match (level, feature.geometry) {
        (Level::District, Some(geometry)) => {
            read_geometry(geometry.get(), false).map_err(|error| DataError::entry(&id, error.to_string()))?
        }
        (Level::District, None) => return Err(DataError::entry(&id, "is a district without a boundary")),
        (_, None) => MultiPolygon(Vec::new()),
        (_, Some(_)) => {
            return Err(DataError::entry(&id, "must not have a boundary; it is computed from its districts"));
        }
    };
    let [lon, lat] = properties.label;
    Ok(Region {
        level,
        parent: properties.parent,
        names: names(&id, properties.names, properties.aliases)?,
        boundary,
        label: LonLat::new(lon, lat).map_err(|error| DataError::entry(&id, format!("label: {error}")))?,
        valid_from: day(&id, "valid_from", properties.valid_from.as_deref())?,
        valid_to: day(&id, "valid_to", properties.valid_to.as_deref())?,
        source: properties.source,
        id,
    })
}

/// Sets the boundary of every region above the districts to the union of its districts.
fn join_districts(regions: &mut [Region], places: &HashMap<String, usize>) -> Result<(), DataError> {
    let mut districts: Vec<Vec<usize>> = vec![Vec::new(); regions.len()];
    for at in (0..regions.len()).filter(|at| regions[*at].level == Level::District) {
        let mut above = regions[at].parent.as_ref().and_then(|parent| places.get(parent));
        while let Some(parent) = above {
            districts[*parent].push(at);
            above = regions[*parent].parent.as_ref().and_then(|parent| places.get(parent));
        }
    }
    for (at, parts) in districts.into_iter().enumerate() {
        if regions[at].level == Level::District {
            continue;
        }
        if parts.is_empty() {
            return Err(DataError::entry(&regions[at].id, "has no district"));
        }
        regions[at].boundary = unary_union(parts.iter().map(|part| &regions[*part].boundary));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use geo::{Area, Contains};

    use super::*;

    fn shipped() -> Vec<Region> {
        read_regions(include_bytes!("../../../data/regions.geojson")).unwrap()
    }

    #[test]
    fn the_regions_shipped_are_read_with_their_names_and_ranks() {
        let regions = shipped();
        let of = |level| regions.iter().filter(|region| region.level == level).count();
        assert_eq!((of(Level::Country), of(Level::EconomicRegion), of(Level::District)), (1, 14, 78));
        let kalbajar = regions.iter().find(|region| region.id == "AZ-KAL").unwrap();
        assert_eq!(kalbajar.names.get("az"), "Kəlbəcər");
        assert_eq!(kalbajar.parent.as_deref(), Some("AZ-east-zangezur"));
    }

    #[test]
    fn a_region_above_the_districts_is_exactly_as_large_as_they_are_together() {
        let regions = shipped();
        for above in regions.iter().filter(|region| region.level == Level::EconomicRegion) {
            let parts: f64 = regions
                .iter()
                .filter(|region| region.parent.as_ref() == Some(&above.id))
                .map(|district| district.boundary.unsigned_area())
                .sum();
            let ratio = above.boundary.unsigned_area() / parts;
            assert!((ratio - 1.0).abs() < 1e-6, "{} {ratio}", above.id);
        }
        let country = &regions[0];
        assert!(regions.iter().all(|region| country.boundary.contains(&geo::Point::from(region.label))));
    }

    #[test]
    fn a_region_that_breaks_a_rule_is_named() {
        let check = |from: &str, to: &str, error: &str| {
            let text = include_str!("../../../data/regions.geojson").replacen(from, to, 1);
            assert_eq!(read_regions(text.as_bytes()).unwrap_err().to_string(), error);
        };
        check("\"AZ-ZAQ\",\"prop", "\"AZ-ZAR\",\"prop", "AZ-ZAR: occurs twice");
        check(
            "\"level\":\"country\"",
            "\"level\":\"state\"",
            "AZ: level \"state\" is not one of country, economic_region, district",
        );
        check("\"label\":[47.75,40.35]", "\"label\":[47.75,95]", "AZ: label: latitude 95 is outside -90..90");
    }
}
