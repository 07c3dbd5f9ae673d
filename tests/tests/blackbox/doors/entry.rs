//! The entry points for records, and what each accepts.

use std::fmt;

use exchange::Format;

use super::every;

every! {
    /// An entry point.
    Entry {
        /// `POST /uploads`.
        Uploads,
        /// `POST items` with many records, in any format.
        Items,
        /// `POST items` with one Feature.
        Item,
        /// `PUT` of a record.
        Put,
        /// `PATCH` of a record.
        Patch,
        /// `DELETE` of a record.
        Delete,
        /// A submission by ODK Collect.
        OpenRosa,
        /// A submission forwarded by `KoBoToolbox`.
        Kobo,
        /// A submission forwarded by ODK Central.
        Central,
        /// `clearline import`.
        Import,
        /// A manager's review of a record.
        Review,
        /// A manager's decision on a quarantined row.
        Held,
        /// A manager's note on a submission that cannot be read.
        Refused,
    }
}

/// The encoding of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// A file in a format of records.
    File(Format),
    /// The answers of an `XForm`, in XML.
    XForm,
    /// The answers of an `XForm`, in the JSON of `KoBoToolbox`.
    KoboJson,
    /// A decision, in JSON.
    Decision,
    /// No body.
    Nothing,
}

impl Language {
    /// Every language.
    pub fn all() -> impl Iterator<Item = Self> {
        let others = [Self::XForm, Self::KoboJson, Self::Decision, Self::Nothing];
        Format::ALL.into_iter().map(Self::File).chain(others)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(format) => write!(f, "{format}"),
            other => write!(f, "{other:?}"),
        }
    }
}

impl Entry {
    /// Returns whether records may be sent here in this language, or why not.
    pub fn takes(self, language: Language) -> Result<(), &'static str> {
        match self {
            Self::Uploads | Self::Items | Self::Import => match language {
                Language::File(format) => is_read(format),
                Language::XForm | Language::KoboJson => Err("submissions have entry points of their own"),
                Language::Decision => Err("decisions have entry points of their own"),
                Language::Nothing => Err("a file is needed"),
            },
            Self::Item | Self::Put | Self::Patch => match language {
                Language::File(Format::GeoJson) => Ok(()),
                Language::File(_) => Err("one record is a GeoJSON Feature"),
                Language::XForm | Language::KoboJson => Err("submissions have entry points of their own"),
                Language::Decision => Err("decisions have entry points of their own"),
                Language::Nothing => Err("a Feature is needed"),
            },
            Self::Delete => match language {
                Language::Nothing => Ok(()),
                Language::File(_) | Language::XForm | Language::KoboJson | Language::Decision => {
                    Err("a deletion has no body")
                }
            },
            Self::OpenRosa | Self::Central => match language {
                Language::XForm => Ok(()),
                Language::File(_) | Language::KoboJson | Language::Decision | Language::Nothing => {
                    Err("ODK sends XForms as XML")
                }
            },
            Self::Kobo => match language {
                Language::XForm | Language::KoboJson => Ok(()),
                Language::File(_) | Language::Decision | Language::Nothing => {
                    Err("KoBoToolbox sends XForms as XML or JSON")
                }
            },
            Self::Review | Self::Held | Self::Refused => match language {
                Language::Decision => Ok(()),
                Language::File(_) | Language::XForm | Language::KoboJson | Language::Nothing => {
                    Err("a decision is a JSON object")
                }
            },
        }
    }

    /// Returns the method and path, as in the API description; `None` for a command.
    pub fn path(self) -> Option<(&'static str, &'static str)> {
        let (item, items) = ("/collections/detections/items/{id}", "/collections/detections/items");
        match self {
            Self::Uploads => Some(("post", "/uploads")),
            Self::Items | Self::Item => Some(("post", items)),
            Self::Put => Some(("put", item)),
            Self::Patch => Some(("patch", item)),
            Self::Delete => Some(("delete", item)),
            Self::OpenRosa => Some(("post", "/openrosa/{token}/submission")),
            Self::Kobo => Some(("post", "/hooks/kobo")),
            Self::Central => Some(("post", "/hooks/central")),
            Self::Import => None,
            Self::Review => Some(("post", "/review")),
            Self::Held => Some(("post", "/held/{number}")),
            Self::Refused => Some(("post", "/refused/{upload}")),
        }
    }

    /// Returns whether each row is a separate request.
    pub fn is_single(self) -> bool {
        match self {
            Self::Uploads | Self::Items | Self::Import => false,
            Self::Item
            | Self::Put
            | Self::Patch
            | Self::Delete
            | Self::OpenRosa
            | Self::Kobo
            | Self::Central
            | Self::Review
            | Self::Held
            | Self::Refused => true,
        }
    }

    /// Returns whether it only changes existing records.
    pub fn only_changes(self) -> bool {
        match self {
            Self::Put | Self::Patch | Self::Delete | Self::Review => true,
            Self::Uploads
            | Self::Items
            | Self::Item
            | Self::OpenRosa
            | Self::Kobo
            | Self::Central
            | Self::Import
            | Self::Held
            | Self::Refused => false,
        }
    }
}

fn is_read(format: Format) -> Result<(), &'static str> {
    match format {
        Format::GeoJson
        | Format::GeoJsonSeq
        | Format::GeoJsonLines
        | Format::Csv
        | Format::Xlsx
        | Format::Kml
        | Format::Kmz
        | Format::Gpx
        | Format::GeoPackage
        | Format::FlatGeobuf
        | Format::Shapefile => Ok(()),
        Format::GeoParquet => Err("GeoParquet is written for analysts and not read"),
        Format::PmTiles => Err("a map holds no records"),
    }
}
