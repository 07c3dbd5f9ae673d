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
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not one of geojson, geojsonseq, ndjson, csv")]
pub struct UnknownFormat {
    /// The word as it came, cut to 80 characters.
    pub given: String,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::GeoJson, Self::GeoJsonSeq, Self::GeoJsonLines, Self::Csv];

    /// The word for it in `?format=` and `?f=`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::GeoJsonSeq => "geojsonseq",
            Self::GeoJsonLines => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// The format that a word in `?format=` or `?f=` names; case does not matter.
    pub fn from_word(word: &str) -> Option<Self> {
        word.parse().ok()
    }

    /// The content type to send it with.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::GeoJsonSeq => "application/geo+json-seq",
            Self::GeoJsonLines => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    /// The ending of its files, without the dot.
    pub const fn file_ending(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::GeoJsonSeq => "geojsons",
            Self::GeoJsonLines => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// The format that a `Content-Type` names; its parameters do not matter.
    ///
    /// ```
    /// use exchange::Format;
    /// assert_eq!(Format::from_content_type("Text/CSV; charset=utf-8"), Some(Format::Csv));
    /// assert_eq!(Format::from_content_type("application/octet-stream"), None);
    /// ```
    pub fn from_content_type(content_type: &str) -> Option<Self> {
        let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/geo+json" | "application/json" | "application/vnd.geo+json" | "text/json" => {
                Some(Self::GeoJson)
            }
            "application/geo+json-seq" | "application/json-seq" => Some(Self::GeoJsonSeq),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines"
            | "application/jsonlines" => Some(Self::GeoJsonLines),
            "text/csv" | "application/csv" | "text/tab-separated-values" => Some(Self::Csv),
            _ => None,
        }
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
        match name.rsplit_once('.')?.1 {
            "geojson" | "json" => Some(Self::GeoJson),
            "geojsons" | "geojsonseq" => Some(Self::GeoJsonSeq),
            "geojsonl" | "ndgeojson" | "ndjson" | "jsonl" => Some(Self::GeoJsonLines),
            "csv" | "tsv" | "tab" => Some(Self::Csv),
            _ => None,
        }
    }
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
        match given.trim().to_ascii_lowercase().as_str() {
            "geojson" | "json" => Ok(Self::GeoJson),
            "geojsonseq" | "geojson-seq" | "json-seq" => Ok(Self::GeoJsonSeq),
            "ndjson" | "jsonl" | "geojsonl" => Ok(Self::GeoJsonLines),
            "csv" | "tsv" => Ok(Self::Csv),
            _ => Err(UnknownFormat { given: given.chars().take(80).collect() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_own_word_type_and_ending() {
        for format in Format::ALL {
            assert_eq!(format.word().parse(), Ok(format));
            assert_eq!(Format::from_content_type(format.content_type()), Some(format));
            assert_eq!(Format::from_file_name(&format!("a.{}.zst", format.file_ending())), Some(format));
        }
        assert_eq!(
            "kml".parse::<Format>().unwrap_err().to_string(),
            "\"kml\" is not one of geojson, geojsonseq, ndjson, csv"
        );
    }
}
