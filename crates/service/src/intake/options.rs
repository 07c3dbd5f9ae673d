//! What its sender says of a file: the format, the reference system, what is to be done with its rows.
//!
//! Every door that names a statement passes its text here, so that it means the same at each.

use std::collections::BTreeMap;

use demining::DateOrder;
use exchange::{AxisOrder, Format, Mapping, ReadOptions, Reference};
use serde::{Deserialize, Serialize};

use super::encoding::Encoding;

/// The reason for a change, for the rows that do not state one of their own.
pub const REASON: &str = "reason";

/// The reference system of the coordinates in the body, as its URI: the header `Content-Crs`.
pub const CONTENT_CRS: &str = "content-crs";

/// The statements that every door for files understands.
pub const STATEMENTS: [&str; 7] = ["atomic", "dry_run", "update", REASON, "crs", "columns", "dates"];

/// The format of a file, where its content type does not say it.
pub const FORMAT: &str = "format";

/// A reason, if it can be one.
///
/// # Errors
/// Why it is none.
pub fn reason_of(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("is empty".to_owned()),
        text if text.contains('\0') => Err("holds the character U+0000".to_owned()),
        text if text.chars().count() > 1_000 => Err("is longer than 1000 characters".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// How rows are treated.
#[derive(Debug, Clone, Default)]
pub struct UploadOptions {
    /// All rows or none.
    pub atomic: bool,
    /// Judge, and write nothing.
    pub dry_run: bool,
    /// Replace records that are there with other content.
    pub update: bool,
    /// Why, for the history, where a row does not say it itself.
    pub reason: Option<String>,
    /// Who did the work, where a row does not say it.
    pub operator: Option<String>,
}

/// Statements by name, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Statements(BTreeMap<String, String>);

/// A statement that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misread {
    /// A parameter, its value and why.
    Parameter(&'static str, String, String),
    /// A format that is not read, by its word or content type.
    Format(String),
    /// A coding that is not read.
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
                write!(f, "{given:?} is not read here; {} are", read.join(", "))
            }
            Self::Encoding => f.write_str("this Content-Encoding is not read here; gzip, br and zstd are"),
        }
    }
}

impl Statements {
    /// The same with another statement.
    #[must_use]
    pub fn and(mut self, name: &str, text: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), text.into());
        self
    }

    /// Whether there is a statement of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The same without a statement.
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
            _ => Err("is not true or false".to_owned()),
        })?;
        Ok(flag.unwrap_or(false))
    }

    /// How the rows are treated.
    ///
    /// # Errors
    /// For a value that cannot be read.
    pub fn upload_options(&self) -> Result<UploadOptions, Misread> {
        Ok(UploadOptions {
            atomic: self.flag("atomic")?,
            dry_run: self.flag("dry_run")?,
            update: self.flag("update")?,
            reason: self.parse(REASON, reason_of)?,
            operator: None,
        })
    }

    /// How the file is read.
    ///
    /// # Errors
    /// When a system or a field is unknown, or two statements contradict each other.
    pub fn reading(&self) -> Result<ReadOptions, Misread> {
        // `crs` names a system and no order of axes: longitude or easting comes first, as in GeoJSON. The URI in the
        // header names the order of the definition too (OGC API Features Part 2).
        let crs = self.parse("crs", |text| Reference::parse(text, AxisOrder::EastNorth))?;
        let own = self.parse(CONTENT_CRS, |text| Reference::parse(text, AxisOrder::Defined))?;
        if let (Some(asked), Some(own)) = (&crs, &own)
            && asked.name() != own.name()
        {
            let reason = "is not what the parameter crs says".to_owned();
            return Err(Misread::Parameter(CONTENT_CRS, own.name().to_owned(), reason));
        }
        let columns = self.parse("columns", columns)?.unwrap_or_default();
        let dates =
            self.parse("dates", |text| text.parse::<DateOrder>().map_err(|error| error.to_string()))?;
        Ok(ReadOptions { crs: own.or(crs), columns, dates, ..ReadOptions::default() })
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for Statements {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, text)| (name.into(), text.into())).collect())
    }
}

/// What columns mean, as a JSON object: `{"Cihaz": "kind"}`.
fn columns(text: &str) -> Result<Mapping, String> {
    let pairs: BTreeMap<String, String> = serde_json::from_str(text)
        .map_err(|error| format!("is no JSON object of columns and their fields: {error}"))?;
    Mapping::new(pairs)
}

/// How a file is read and its rows are treated: parsed once, and kept in the inbox as it was said.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub struct FileOptions {
    kept: Kept,
    /// How its rows are treated.
    pub upload_options: UploadOptions,
    /// How it is read.
    pub reading: ReadOptions,
    /// What it is written in.
    pub format: Format,
    /// How it is packed.
    pub encoding: Encoding,
}

impl FileOptions {
    /// What is said of a file, by statements and by the headers of its body. GeoJSON when nothing says the format.
    ///
    /// # Errors
    /// For the first statement that cannot be understood.
    pub fn read(
        said: Statements,
        content_type: Option<&str>,
        content_encoding: Option<&str>,
    ) -> Result<Self, Misread> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let (content_type, content_encoding) = (own(content_type), own(content_encoding));
        Kept { said, content_type, content_encoding, ..Kept::default() }.try_into()
    }
}

/// [`FileOptions`] as they are kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    said: Statements,
    content_type: Option<String>,
    content_encoding: Option<String>,
    /// What earlier versions kept in place of `said`: the query of the request.
    #[serde(skip_serializing)]
    query: Option<String>,
    /// And a reason that came in another way.
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
    fn a_statement_that_cannot_be_understood_is_named() {
        let check = |name: &str, text: &str| {
            let read = FileOptions::read(Statements::default().and(name, text), None, None);
            assert!(matches!(read, Err(Misread::Parameter(wrong, ..)) if wrong == name), "{name}={text}");
        };
        check("atomic", "maybe");
        check(REASON, " ");
        check("crs", "EPSG:x");
        check("columns", "[]");
        let contradicting = Statements::default().and("crs", "EPSG:3857").and(CONTENT_CRS, "EPSG:32638");
        assert!(matches!(contradicting.reading(), Err(Misread::Parameter(CONTENT_CRS, ..))));
        let read = |kind, coding| FileOptions::read(Statements::default(), kind, coding).map(drop);
        assert_eq!(read(Some("text/plain"), None), Err(Misread::Format("text/plain".into())));
        assert_eq!(read(None, Some("snappy")), Err(Misread::Encoding));
    }
}
