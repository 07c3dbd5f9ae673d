//! A sender's options for a file: its format, its reference system, and how to treat its rows.
//!
//! Each channel passes the text of its options here, so that an option means the same in all of them.

use std::collections::BTreeMap;

use demining::{Collection, DateOrder};
use exchange::{AxisOrder, Format, Mapping, ReadOptions, Reference};
use serde::{Deserialize, Serialize};

use super::encoding::Encoding;

/// The reason for a change, for rows that do not state one.
pub const REASON: &str = "reason";

/// The reference system of the coordinates in the body, as a URI: the header `Content-Crs`.
pub const CONTENT_CRS: &str = "content-crs";

/// The options that every channel for files supports.
pub const STATEMENTS: [&str; 7] = ["atomic", "dry_run", "update", REASON, "crs", "columns", "dates"];

/// The format of a file, if its content type does not state it.
pub const FORMAT: &str = "format";

/// The collection of the records, where the address does not state it: detections by default.
pub const COLLECTION: &str = "collection";

/// Checks a reason and trims it.
///
/// # Errors
/// Why the text is not a valid reason.
pub fn reason_of(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("is empty".to_owned()),
        text if text.contains('\0') => Err("contains the character U+0000".to_owned()),
        text if text.chars().count() > 1_000 => Err("is longer than 1000 characters".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// Options for the rows of an upload.
#[derive(Debug, Clone, Default)]
pub struct UploadOptions {
    /// Accept all rows or none.
    pub atomic: bool,
    /// Judge without writing.
    pub dry_run: bool,
    /// Replace existing records that have other content.
    pub update: bool,
    /// The reason for the history, for rows that do not state one.
    pub reason: Option<String>,
    /// The operator, for rows that do not state one.
    pub operator: Option<String>,
}

/// Options by name, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Statements(BTreeMap<String, String>);

/// An invalid option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misread {
    /// A parameter, its value and the reason.
    Parameter(&'static str, String, String),
    /// An unsupported format, by its word or content type.
    Format(String),
    /// An unsupported content coding.
    Encoding,
}

impl std::fmt::Display for Misread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parameter(name, value, reason) => {
                let shown: String = value.chars().take(80).collect();
                write!(f, "{name}={shown:?}: {reason}")
            }
            Self::Format(given) => {
                let read: Vec<_> = Format::read().map(Format::word).collect();
                write!(f, "{given:?} is not a supported format; use one of {}", read.join(", "))
            }
            Self::Encoding => f.write_str("this Content-Encoding is not supported; use gzip, br or zstd"),
        }
    }
}

impl Statements {
    /// Adds an option.
    #[must_use]
    pub fn and(mut self, name: &str, text: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), text.into());
        self
    }

    /// Returns `true` if an option of this name is present.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Removes an option.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }

    fn parse<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Misread> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        parse(text).map(Some).map_err(|reason| Misread::Parameter(name, text.clone(), reason))
    }

    fn flag(&self, name: &'static str) -> Result<bool, Misread> {
        let flag = self.parse(name, |text| match text {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err("must be true or false".to_owned()),
        })?;
        Ok(flag.unwrap_or(false))
    }

    /// Returns the options for the rows.
    ///
    /// # Errors
    /// If a value is invalid.
    pub fn upload_options(&self) -> Result<UploadOptions, Misread> {
        Ok(UploadOptions {
            atomic: self.flag("atomic")?,
            dry_run: self.flag("dry_run")?,
            update: self.flag("update")?,
            reason: self.parse(REASON, reason_of)?,
            operator: None,
        })
    }

    /// Returns the options for reading the file.
    ///
    /// # Errors
    /// If a collection, a system or a field is unknown, or two options contradict each other.
    pub fn reading(&self) -> Result<ReadOptions, Misread> {
        let collection = self.parse(COLLECTION, str::parse::<Collection>)?.unwrap_or(Collection::Detections);
        // `crs` names a system without an axis order: longitude or easting comes first, as in GeoJSON. The
        // URI in the header also fixes the axis order of its definition (OGC API Features Part 2).
        let crs = self.parse("crs", |text| Reference::parse(text, AxisOrder::EastNorth))?;
        let own = self.parse(CONTENT_CRS, |text| Reference::parse(text, AxisOrder::Defined))?;
        if let (Some(asked), Some(own)) = (&crs, &own)
            && asked.name() != own.name()
        {
            let reason = "contradicts the parameter crs".to_owned();
            return Err(Misread::Parameter(CONTENT_CRS, own.name().to_owned(), reason));
        }
        let columns = self.parse("columns", |text| columns(collection, text))?.unwrap_or_default();
        let dates =
            self.parse("dates", |text| text.parse::<DateOrder>().map_err(|error| error.to_string()))?;
        Ok(ReadOptions { collection, crs: own.or(crs), columns, dates, ..ReadOptions::default() })
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for Statements {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, text)| (name.into(), text.into())).collect())
    }
}

/// Parses the meaning of columns, a JSON object such as `{"Cihaz": "kind"}`.
fn columns(collection: Collection, text: &str) -> Result<Mapping, String> {
    let pairs: BTreeMap<String, String> = serde_json::from_str(text)
        .map_err(|error| format!("must be a JSON object that maps columns to fields: {error}"))?;
    Mapping::new(collection, pairs)
}

/// Options for reading a file and treating its rows, parsed once and stored in the inbox as received.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub struct FileOptions {
    kept: Kept,
    /// Options for the rows.
    pub upload_options: UploadOptions,
    /// Options for reading, with the collection.
    pub reading: ReadOptions,
    /// The file format.
    pub format: Format,
    /// The content coding.
    pub encoding: Encoding,
}

impl FileOptions {
    /// Parses the options and the headers of a file. The default format is GeoJSON.
    ///
    /// # Errors
    /// For the first invalid option.
    pub fn read(
        said: Statements,
        content_type: Option<&str>,
        content_encoding: Option<&str>,
    ) -> Result<Self, Misread> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let (content_type, content_encoding) = (own(content_type), own(content_encoding));
        Kept { said, content_type, content_encoding, ..Kept::default() }.try_into()
    }

    /// Returns the collection of the records.
    pub fn collection(&self) -> Collection {
        self.reading.collection
    }
}

/// The stored form of [`FileOptions`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    said: Statements,
    content_type: Option<String>,
    content_encoding: Option<String>,
    /// Earlier versions stored the query of the request instead of `said`.
    #[serde(skip_serializing)]
    query: Option<String>,
    /// Earlier versions stored a reason from outside the query here.
    #[serde(skip_serializing)]
    reason: Option<String>,
}

impl TryFrom<Kept> for FileOptions {
    type Error = Misread;

    fn try_from(mut kept: Kept) -> Result<Self, Misread> {
        if let Some(query) = kept.query.take() {
            kept.said = form_urlencoded::parse(query.as_bytes()).collect();
            if let Some(reason) = kept.reason.take().filter(|_| !kept.said.has(REASON)) {
                kept.said = kept.said.and(REASON, reason);
            }
        }
        let Kept { said, content_type, content_encoding, .. } = &kept;
        let word = said.0.get(FORMAT).map(String::as_str);
        let format = match (word, content_type.as_deref()) {
            (None, None) => Some(Format::GeoJson),
            (Some(word), _) => Format::from_word(word),
            (None, Some(given)) => Format::from_content_type(given),
        };
        let unread = || Misread::Format(word.or(content_type.as_deref()).unwrap_or_default().to_owned());
        let format = format.filter(|format| format.is_read()).ok_or_else(unread)?;
        let encoding = Encoding::of_upload(content_encoding.as_deref()).ok_or(Misread::Encoding)?;
        let (upload_options, reading) = (said.upload_options()?, said.reading()?);
        Ok(Self { kept, upload_options, reading, format, encoding })
    }
}

impl From<FileOptions> for Kept {
    fn from(options: FileOptions) -> Self {
        options.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_say_later_what_they_said_at_once() {
        let said = Statements::default().and("update", "true").and(REASON, " seen ").and("crs", "EPSG:28408");
        let options = FileOptions::read(said, Some("text/csv"), Some("gzip")).unwrap();
        let text = serde_json::to_string(&options).unwrap();
        let before = r#"{"query":"update=true&reason=+seen+&crs=EPSG:28408","content_type":"text/csv","content_encoding":"gzip"}"#;
        for kept in [text.as_str(), before] {
            let read: FileOptions = serde_json::from_str(kept).unwrap();
            let UploadOptions { update, reason, atomic, .. } = read.upload_options;
            assert_eq!((update, reason.as_deref(), atomic), (true, Some("seen"), false));
            assert_eq!((read.format, read.encoding), (Format::Csv, Encoding::Gzip));
            assert_eq!(read.reading.crs.unwrap().name(), "EPSG:28408");
        }
    }

    #[test]
    fn a_file_of_another_collection_says_so_and_its_columns_mean_its_fields() {
        let columns = r#"{"Ölən": "killed"}"#;
        let said = Statements::default().and(COLLECTION, "accidents").and("columns", columns);
        let options = FileOptions::read(said, Some("text/csv"), None).unwrap();
        let read: FileOptions = serde_json::from_str(&serde_json::to_string(&options).unwrap()).unwrap();
        assert_eq!([&options, &read].map(FileOptions::collection), [Collection::Accidents; 2]);
        let detections = FileOptions::read(Statements::default(), None, None).unwrap();
        assert_eq!(detections.collection(), Collection::Detections);
        assert!(!serde_json::to_string(&detections).unwrap().contains(COLLECTION));
        let wrong = Statements::default().and("columns", columns).reading();
        assert!(matches!(wrong, Err(Misread::Parameter("columns", ..))), "no detection has such a field");
    }

    #[test]
    fn a_statement_that_cannot_be_understood_is_named() {
        let check = |name: &str, text: &str| {
            let read = FileOptions::read(Statements::default().and(name, text), None, None);
            assert!(matches!(read, Err(Misread::Parameter(wrong, ..)) if wrong == name), "{name}={text}");
        };
        check("atomic", "maybe");
        check(REASON, " ");
        check("crs", "EPSG:x");
        check(COLLECTION, "mines");
        check("columns", "[]");
        let contradicting = Statements::default().and("crs", "EPSG:3857").and(CONTENT_CRS, "EPSG:32638");
        assert!(matches!(contradicting.reading(), Err(Misread::Parameter(CONTENT_CRS, ..))));
        let read = |kind, coding| FileOptions::read(Statements::default(), kind, coding).map(drop);
        assert_eq!(read(Some("text/plain"), None), Err(Misread::Format("text/plain".into())));
        assert_eq!(read(None, Some("snappy")), Err(Misread::Encoding));
    }
}
