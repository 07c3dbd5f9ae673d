//! Which format a body, a file or a request names.

use std::{fmt, str::FromStr};

/// A format of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A Feature or a `FeatureCollection` (RFC 7946).
    GeoJson,
    /// A GeoJSON text sequence: features each after a record separator (RFC 8142).
    GeoJsonSeq,
    /// Newline-delimited GeoJSON: a Feature a line.
    GeoJsonLines,
    /// A table with a header line.
    Csv,
    /// A workbook of Office Open XML, with a header row.
    Xlsx,
    /// Keyhole Markup Language 2.2.
    Kml,
    /// KML in a zip archive.
    Kmz,
    /// GPS Exchange Format 1.1: waypoints.
    Gpx,
    /// OGC GeoPackage.
    GeoPackage,
    /// `FlatGeobuf` 3.
    FlatGeobuf,
    /// An ESRI Shapefile with its side files in a zip archive.
    Shapefile,
    /// `GeoParquet` 1.1.
    GeoParquet,
    /// The tiles of the map in one `PMTiles` 3 archive. It holds no records to be read back.
    PmTiles,
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not one of {}", words(Format::ALL))]
pub struct UnknownFormat {
    /// The word as it came, cut to 80 characters.
    pub given: String,
}

/// What is known of a format.
struct Facts {
    /// The word for it in `?format=` and `?f=`, and others for the same.
    words: &'static [&'static str],
    /// The content type to send it with, and others for the same, without parameters.
    content_type: &'static str,
    other_types: &'static [&'static str],
    /// The ending of its files, and others for the same, without the dot.
    endings: &'static [&'static str],
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 13] = [
        Self::GeoJson,
        Self::GeoJsonSeq,
        Self::GeoJsonLines,
        Self::Csv,
        Self::Xlsx,
        Self::Kml,
        Self::Kmz,
        Self::Gpx,
        Self::GeoPackage,
        Self::FlatGeobuf,
        Self::Shapefile,
        Self::GeoParquet,
        Self::PmTiles,
    ];

    /// Whether records are read from it.
    pub const fn is_read(self) -> bool {
        matches!(
            self,
            Self::GeoJson
                | Self::GeoJsonSeq
                | Self::GeoJsonLines
                | Self::Csv
                | Self::Xlsx
                | Self::Kml
                | Self::Kmz
                | Self::Gpx
                | Self::GeoPackage
                | Self::FlatGeobuf
                | Self::Shapefile
        )
    }

    /// Whether records are written in it.
    pub const fn is_written(self) -> bool {
        matches!(
            self,
            Self::GeoJson
                | Self::GeoJsonSeq
                | Self::GeoJsonLines
                | Self::Csv
                | Self::Xlsx
                | Self::Kml
                | Self::Gpx
                | Self::GeoPackage
                | Self::FlatGeobuf
                | Self::GeoParquet
        )
    }

    /// Whether its files are plain text, which nothing packs by itself.
    pub const fn is_text(self) -> bool {
        match self {
            Self::GeoJson | Self::GeoJsonSeq | Self::GeoJsonLines | Self::Csv | Self::Kml | Self::Gpx => true,
            Self::Xlsx
            | Self::Kmz
            | Self::GeoPackage
            | Self::FlatGeobuf
            | Self::Shapefile
            | Self::GeoParquet
            | Self::PmTiles => false,
        }
    }

    /// The formats that records are read from.
    pub fn read() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|format| format.is_read())
    }

    /// The formats that records are written in.
    pub fn written() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|format| format.is_written())
    }

    /// The formats that there are downloads in: records, and the map.
    pub fn exported() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|format| format.is_exported())
    }

    /// Whether there are downloads in it.
    pub const fn is_exported(self) -> bool {
        self.is_written() || matches!(self, Self::PmTiles)
    }

    const fn facts(self) -> Facts {
        let (words, content_type, other_types, endings): (&[&str], _, &[&str], &[&str]) = match self {
            Self::GeoJson => (
                &["geojson", "json"],
                "application/geo+json",
                &["application/json", "application/vnd.geo+json", "text/json"],
                &["geojson", "json"],
            ),
            Self::GeoJsonSeq => (
                &["geojsonseq", "geojson-seq", "json-seq"],
                "application/geo+json-seq",
                &["application/json-seq"],
                &["geojsons", "geojsonseq"],
            ),
            Self::GeoJsonLines => (
                &["ndjson", "jsonl", "geojsonl"],
                "application/x-ndjson",
                &[
                    "application/ndjson",
                    "application/jsonl",
                    "application/x-jsonlines",
                    "application/jsonlines",
                ],
                &["ndjson", "geojsonl", "ndgeojson", "jsonl"],
            ),
            Self::Csv => (
                &["csv", "tsv"],
                "text/csv; charset=utf-8; header=present",
                &["application/csv", "text/tab-separated-values"],
                &["csv", "tsv", "tab"],
            ),
            Self::Xlsx => (
                &["xlsx"],
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                &[],
                &["xlsx"],
            ),
            Self::Kml => (&["kml"], "application/vnd.google-earth.kml+xml", &[], &["kml"]),
            Self::Kmz => (&["kmz"], "application/vnd.google-earth.kmz", &[], &["kmz"]),
            Self::Gpx => (&["gpx"], "application/gpx+xml", &[], &["gpx"]),
            Self::GeoPackage => (
                &["gpkg", "geopackage"],
                "application/geopackage+sqlite3",
                &["application/x-sqlite3", "application/vnd.sqlite3"],
                &["gpkg"],
            ),
            Self::FlatGeobuf => {
                (&["fgb", "flatgeobuf"], "application/vnd.flatgeobuf", &["application/flatgeobuf"], &["fgb"])
            }
            Self::Shapefile => (
                &["shp", "shapefile"],
                "application/zip",
                &["application/x-zip-compressed", "application/x-shapefile"],
                &["zip", "shz"],
            ),
            Self::GeoParquet => (
                &["parquet", "geoparquet"],
                "application/vnd.apache.parquet",
                &["application/x-parquet"],
                &["parquet", "geoparquet"],
            ),
            Self::PmTiles => (&["pmtiles"], "application/vnd.pmtiles", &[], &["pmtiles"]),
        };
        Facts { words, content_type, other_types, endings }
    }

    /// Every word for it in `?format=` and `?f=`, the usual one first.
    pub const fn words(self) -> &'static [&'static str] {
        self.facts().words
    }

    /// The word for it in `?format=` and `?f=`.
    pub const fn word(self) -> &'static str {
        self.facts().words[0]
    }

    /// The format that a word in `?format=` or `?f=` names; case does not matter.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.facts().words.contains(&word.as_str()))
    }

    /// The content type to send it with.
    pub const fn content_type(self) -> &'static str {
        self.facts().content_type
    }

    /// The ending of its files, without the dot.
    pub const fn file_ending(self) -> &'static str {
        self.facts().endings[0]
    }

    /// The format that a `Content-Type` names; its parameters do not matter.
    ///
    /// ```
    /// use exchange::Format;
    /// assert_eq!(Format::from_content_type("Text/CSV; charset=utf-8"), Some(Format::Csv));
    /// assert_eq!(Format::from_content_type("application/octet-stream"), None);
    /// ```
    pub fn from_content_type(content_type: &str) -> Option<Self> {
        let given = essence(content_type).to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| {
            let facts = format.facts();
            essence(facts.content_type) == given || facts.other_types.contains(&given.as_str())
        })
    }

    /// The format that a file's name ends in; `.gz` and `.zst` after it do not matter.
    ///
    /// ```
    /// use exchange::Format;
    /// assert_eq!(Format::from_file_name("kalbajar/2023-03.GeoJSON.gz"), Some(Format::GeoJson));
    /// ```
    pub fn from_file_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        let ending = name.rsplit_once('.')?.1;
        Self::ALL.into_iter().find(|format| format.facts().endings.contains(&ending))
    }
}

/// A content type without its parameters.
fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or("").trim()
}

/// The words of formats, in a row.
fn words(formats: impl IntoIterator<Item = Format>) -> String {
    formats.into_iter().map(Format::word).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    /// Reads the word of `?format=` or `?f=`; case does not matter.
    fn from_str(given: &str) -> Result<Self, UnknownFormat> {
        Self::from_word(given).ok_or_else(|| UnknownFormat { given: given.chars().take(80).collect() })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_format_is_found_by_its_own_word_type_and_ending() {
        for format in Format::ALL {
            assert_eq!(format.word().parse(), Ok(format));
            assert_eq!(Format::from_content_type(format.content_type()), Some(format));
            assert_eq!(Format::from_file_name(&format!("a.{}.zst", format.file_ending())), Some(format));
        }
        let error = "docx".parse::<Format>().unwrap_err().to_string();
        assert!(error.starts_with("\"docx\" is not one of geojson, geojsonseq, ndjson, csv, "), "{error}");
    }

    #[test]
    fn no_word_type_or_ending_stands_for_two_formats() {
        for of in [
            |facts: Facts| facts.words.to_vec(),
            |facts: Facts| facts.endings.to_vec(),
            |facts: Facts| [&[essence(facts.content_type)], facts.other_types].concat(),
        ] {
            let all: Vec<&str> = Format::ALL.into_iter().flat_map(|format| of(format.facts())).collect();
            assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len(), "{all:?}");
        }
    }
}
