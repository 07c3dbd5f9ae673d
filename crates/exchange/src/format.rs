//! Determines the format of a body, a file or a request.

use std::{fmt, str::FromStr};

/// A format of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A Feature or a `FeatureCollection` (RFC 7946).
    GeoJson,
    /// A GeoJSON text sequence: each feature follows a record separator (RFC 8142).
    GeoJsonSeq,
    /// Newline-delimited GeoJSON: one Feature per line.
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
    /// The tiles of the map in one `PMTiles` 3 archive. Its records cannot be read back.
    PmTiles,
}

/// An error that occurs when a word does not name a format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not one of {}", words(Format::ALL))]
pub struct UnknownFormat {
    /// The word as received, cut to 80 characters.
    pub given: String,
}

/// The names and types of a format.
struct Facts {
    /// Its words in `?format=` and `?f=`, the usual one first.
    words: &'static [&'static str],
    /// The content type for responses, and alternatives for the same format, without parameters.
    content_type: &'static str,
    other_types: &'static [&'static str],
    /// The file extensions, the usual one first, without the dot.
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

    /// Returns whether records can be read from it.
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

    /// Returns whether records can be written in it.
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

    /// Returns whether its files are uncompressed plain text.
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

    /// Iterates over the formats from which records can be read.
    pub fn read() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|format| format.is_read())
    }

    /// Iterates over the formats in which records can be written.
    pub fn written() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|format| format.is_written())
    }

    /// Iterates over the download formats, for records and for the map.
    pub fn exported() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|format| format.is_exported())
    }

    /// Returns whether downloads are available in it.
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

    /// Returns every word for it in `?format=` and `?f=`, the usual one first.
    pub const fn words(self) -> &'static [&'static str] {
        self.facts().words
    }

    /// Returns its word in `?format=` and `?f=`.
    pub const fn word(self) -> &'static str {
        self.facts().words[0]
    }

    /// Returns the format named by a word in `?format=` or `?f=`, ignoring case.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.facts().words.contains(&word.as_str()))
    }

    /// Returns the content type for responses.
    pub const fn content_type(self) -> &'static str {
        self.facts().content_type
    }

    /// Returns the file extension, without the dot.
    pub const fn file_ending(self) -> &'static str {
        self.facts().endings[0]
    }

    /// Returns the format that a `Content-Type` names, ignoring its parameters.
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

    /// Returns the format for a file name by its extension, ignoring a final `.gz` or `.zst`.
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

/// Returns a content type without its parameters.
fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or("").trim()
}

/// Returns the words of formats, separated by commas.
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

    /// Parses the word in `?format=` or `?f=`, ignoring case.
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
