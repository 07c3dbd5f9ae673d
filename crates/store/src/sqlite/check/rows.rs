//! The rows of the log as their encodings hash them.
//!
//! The hash covers the exact stored values. A column that this program would write differently, such as an
//! instant in another notation, is hashed as stored, so that the difference is noticed.

use std::sync::LazyLock;

use geometry::wkb;
use rusqlite::Row;

use crate::{
    chain::{
        RevisionHash, first,
        second::{self, Item},
        text::Sealed,
    },
    fields::{COLLECTION, FIELDS, HashedAs, sealed_content},
    sqlite::{log::value, row::list},
    value::{Value, id_text, instant, instant_text},
};

/// The columns of a revision: first those that both encodings cover, in their order.
pub(super) const REVISION: &str = "SELECT revision, first_change, \"at\", \"by\", by_operator, hash, encoding
    FROM revisions ORDER BY revision";

/// The columns of a change before its content.
const COMMON: [&str; 10] = [
    "l.id",
    "l.revision",
    "l.fid",
    "collection",
    "number",
    "previous",
    "action",
    "review",
    "reason",
    "reason_seal",
];

/// The positions of some of them.
pub(super) mod at {
    pub(crate) const ID: usize = 0;
    pub(crate) const REVISION: usize = 1;
    pub(crate) const FID: usize = 2;
    pub(crate) const COLLECTION: usize = 3;
    pub(crate) const NUMBER: usize = 4;
    pub(crate) const PREVIOUS: usize = 5;
    pub(super) const REASON: usize = 8;
    pub(super) const REASON_SEAL: usize = 9;
    pub(super) const CONTENT: usize = 10;
}

/// Selects changes with their content, in order.
pub(super) static CHANGE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM changes AS l LEFT JOIN detections_content AS c ON c.fid = l.fid ORDER BY l.fid",
        list(COMMON.into_iter().chain(sealed_content()))
    )
});

/// The position of each column of encoding 1.
static OF_FIRST: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let columns: Vec<&str> = COMMON.into_iter().chain(sealed_content()).collect();
    let place = |name: &str| {
        let now = if name == "crs_as_given" { "location_as_given_crs" } else { name };
        columns.iter().position(|column| column.trim_start_matches("l.") == now)
    };
    first::CHANGE_COLUMNS.iter().filter_map(|name| place(name)).collect()
});

/// The columns that encoding 1 does not cover because they came later.
static LATER_THAN_FIRST: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let n = COMMON.len() + sealed_content().count();
    (0..n).filter(|at| *at != at::COLLECTION && !OF_FIRST.contains(at)).collect()
});

/// The hash of a revision, while it is computed.
pub(super) enum Link {
    First(first::Link),
    Second(second::Link),
    /// An encoding that this program does not know.
    Unknown(i64),
}

/// The result of hashing a change.
#[derive(Debug, Default)]
pub(super) struct Hashed {
    /// The problem with it, if any.
    pub problem: Option<String>,
    /// The fields that were redacted.
    pub redacted: Vec<u16>,
}

impl Link {
    /// Begins the revision of this row.
    pub(super) fn begin(before: RevisionHash, row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(match value(row, 6)? {
            Value::Whole(first::ENCODING) => {
                let mut link = first::Link::after(before);
                for column in 0..5 {
                    link.add(value(row, column)?);
                }
                link.end_row();
                Self::First(link)
            }
            Value::Whole(second::ENCODING) => {
                let mut items = [Item::None; 5];
                for (column, item) in items.iter_mut().enumerate() {
                    *item = value(row, column)?.into();
                }
                items[2] = instant_item(value(row, 2)?);
                Self::Second(second::Link::begin(before, items))
            }
            Value::Whole(other) => Self::Unknown(other),
            _ => Self::Unknown(0),
        })
    }

    /// Adds a change and returns any problem with it.
    pub(super) fn add(&mut self, row: &Row<'_>) -> rusqlite::Result<Hashed> {
        match self {
            Self::First(link) => {
                for column in OF_FIRST.iter() {
                    link.add(value(row, *column)?);
                }
                link.end_row();
                let mut problem = None;
                for column in LATER_THAN_FIRST.iter() {
                    if value(row, *column)? != Value::Null {
                        let name = row.as_ref().column_name(*column)?;
                        problem = Some(format!("has a {name} that its encoding does not cover"));
                    }
                }
                // It was the only collection then.
                if value(row, at::COLLECTION)? != Value::from(COLLECTION) {
                    problem = Some("is of a collection that its encoding does not know".to_owned());
                }
                Ok(Hashed { problem, redacted: Vec::new() })
            }
            Self::Second(link) => add_second(link, row),
            Self::Unknown(_) => Ok(Hashed::default()),
        }
    }

    /// Returns the hash, or the problem with its encoding.
    pub(super) fn finish(self) -> Result<RevisionHash, String> {
        match self {
            Self::First(link) => Ok(link.finish()),
            Self::Second(link) => Ok(link.finish()),
            Self::Unknown(encoding) => {
                Err(format!("its hash has encoding {encoding}, which this program does not know"))
            }
        }
    }
}

fn add_second(link: &mut second::Link, row: &Row<'_>) -> rusqlite::Result<Hashed> {
    let mut hashed = Hashed::default();
    let mut column = at::CONTENT;
    for field in &*FIELDS {
        let stored = value(row, column)?;
        column += 1;
        let item = match field.hashed {
            HashedAs::Plain | HashedAs::Text => stored.into(),
            HashedAs::Position => position_item(stored),
            HashedAs::FreeText(_) => {
                let sealed = hashed.read(field.number, field.column, (stored, value(row, column)?));
                column += 1;
                link.add(field.number, text_item(stored, sealed.as_ref()));
                continue;
            }
        };
        link.add(field.number, item);
    }
    let mut items = [Item::None; 9];
    for (column, item) in items.iter_mut().enumerate() {
        *item = value(row, column)?.into();
    }
    items[at::ID] = id_item(value(row, at::ID)?);
    let reason = (value(row, at::REASON)?, value(row, at::REASON_SEAL)?);
    let sealed = hashed.read(second::REASON, "reason", reason);
    items[at::REASON] = text_item(reason.0, sealed.as_ref());
    link.end_change(items);
    Ok(hashed)
}

impl Hashed {
    /// Reads a text and its seal; `None` if they do not belong together.
    fn read(&mut self, number: u16, name: &str, (text, seal): (Value<'_>, Value<'_>)) -> Option<Sealed> {
        let sealed = Sealed::read(text, seal);
        if let Ok(Sealed::Redacted(_)) = sealed {
            self.redacted.push(number);
        }
        sealed.map_err(|problem| self.problem = Some(format!("has a {name} that {problem}"))).ok()
    }
}

fn text_item<'a>(text: Value<'a>, sealed: Option<&'a Sealed>) -> Item<'a> {
    match sealed {
        Some(Sealed::None) => Item::None,
        Some(Sealed::Kept(digest) | Sealed::Redacted(digest)) => Item::Digest(digest),
        None => text.into(),
    }
}

fn instant_item(stored: Value<'_>) -> Item<'_> {
    let written = stored.text("at").ok().flatten().and_then(|text| {
        let at = instant(text, "at").ok()?;
        (instant_text(at) == text).then(|| at.as_millisecond())
    });
    written.map_or(stored.into(), Item::Instant)
}

fn id_item(stored: Value<'_>) -> Item<'_> {
    let written = stored.text("id").ok().flatten().and_then(|text| {
        let id = uuid::Uuid::try_parse(text).ok()?;
        (id_text(id, &mut [0; 36]) == text).then_some(id)
    });
    written.map_or(stored.into(), Item::Uuid)
}

fn position_item(stored: Value<'_>) -> Item<'_> {
    let written = stored.blob("geom").ok().and_then(|blob| {
        let at = wkb::read_point_blob(blob).ok()?;
        (wkb::point_blob(at)[..] == *blob).then_some(Item::Position { lon: at.lon(), lat: at.lat() })
    });
    written.unwrap_or(stored.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_that_encoding_1_covered_is_read() {
        assert_eq!(OF_FIRST.len(), first::CHANGE_COLUMNS.len());
        assert!(LATER_THAN_FIRST.len() >= 3, "the seals, and fields that came later");
    }

    #[test]
    fn what_is_not_as_it_is_written_is_not_taken_for_it() {
        assert_eq!(instant_item(Value::from("1970-01-01T00:00:01.000Z")), Item::Instant(1_000));
        let other = Value::from("1970-01-01T00:00:01Z");
        assert_eq!(instant_item(other), other.into());
        let other = Value::from("AB0D8C0C-0D0F-4A3D-8F3A-3F4B1C2D3E4F");
        assert_eq!(id_item(other), other.into());
        assert_eq!(position_item(Value::Null), Item::None);
    }
}
