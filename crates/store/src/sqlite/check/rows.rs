//! The rows of the log as their encodings hash them.
//!
//! The hash covers the exact stored values. A column that this program would write differently, such as an
//! instant in another notation, is hashed as stored, so that the difference is noticed.

use demining::Collection;
use geometry::wkb;
use rusqlite::{Connection, Row, Rows, Statement, fallible_streaming_iterator::FallibleStreamingIterator};

use crate::{
    chain::{
        RevisionHash, first,
        second::{self, Item},
        text::Sealed,
    },
    collections::columns,
    fields::HashedAs,
    sqlite::{
        layer::{ForEach, Layer},
        log::value,
        row::list,
    },
    value::{Value, id_text, instant, instant_text},
};

/// The columns of a revision: first those that both encodings cover, in their order.
pub(super) const REVISION: &str = "SELECT revision, first_change, \"at\", \"by\", by_operator, hash, encoding
    FROM revisions ORDER BY revision";

/// The columns of a change without its content, in order.
pub(super) const CHANGE: &str =
    "SELECT id, revision, fid, collection, number, previous, action, review, reason,
      reason_seal
    FROM changes ORDER BY fid";

/// Their names.
const COMMON: [&str; 10] = [
    "id",
    "revision",
    "fid",
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
}

/// Where a value of a change is: its column in `changes`, or in the content table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Common(usize),
    Content(usize),
}

/// The place of each column of encoding 1, and those of the columns that came later, which it does not cover.
static OF_FIRST: ForEach<(Vec<Source>, Vec<Source>)> = ForEach::new(|layer| {
    let common = COMMON.iter().enumerate().map(|(at, name)| (*name, Source::Common(at)));
    let content = layer.sealed().enumerate().map(|(at, name)| (name, Source::Content(1 + at)));
    let columns: Vec<(&str, Source)> = common.chain(content).collect();
    let place = |name: &&str| {
        let now = if *name == "crs_as_given" { "location_as_given_crs" } else { name };
        columns.iter().find(|(column, _)| *column == now).map(|(_, source)| *source)
    };
    let first: Vec<Source> = first::CHANGE_COLUMNS.iter().filter_map(place).collect();
    let is_later = |source: &Source| *source != Source::Common(at::COLLECTION) && !first.contains(source);
    let later = columns.iter().map(|(_, source)| *source).filter(is_later).collect();
    (first, later)
});

/// The collection of encoding 1: there was no other then.
const ONLY: Collection = Collection::Detections;

/// A change with its content.
pub(super) struct ChangeRow<'r, 's, 'c> {
    row: &'r Row<'s>,
    /// `None` if it is unknown.
    collection: Option<Collection>,
    /// The row of the content table, which begins with the change; a deletion has none.
    content: Option<&'r Row<'c>>,
}

impl<'r> ChangeRow<'r, '_, '_> {
    fn common(&self, at: usize) -> rusqlite::Result<Value<'r>> {
        value(self.row, at)
    }

    fn content(&self, at: usize) -> rusqlite::Result<Value<'r>> {
        self.content.map_or(Ok(Value::Null), |row| value(row, at))
    }

    fn value(&self, source: Source) -> rusqlite::Result<Value<'r>> {
        match source {
            Source::Common(at) => self.common(at),
            Source::Content(at) => self.content(at),
        }
    }
}

/// The content tables, each read in the order of the changes.
pub(super) struct Contents<'c>(Vec<(Collection, Rows<'c>)>);

/// Prepares to read the content tables.
pub(super) fn content_statements(conn: &Connection) -> rusqlite::Result<Vec<(Collection, Statement<'_>)>> {
    let statement = |collection: &Collection| {
        let layer = Layer(*collection);
        let sql = format!("SELECT fid, {} FROM {} ORDER BY fid", list(layer.sealed()), layer.content());
        Ok((*collection, conn.prepare(&sql)?))
    };
    Collection::ALL.iter().map(statement).collect()
}

impl<'c> Contents<'c> {
    pub(super) fn begin(statements: &'c mut [(Collection, Statement<'_>)]) -> rusqlite::Result<Self> {
        let begin = |(collection, statement): &'c mut (Collection, Statement<'_>)| {
            let mut rows = statement.query([])?;
            rows.advance()?;
            Ok((*collection, rows))
        };
        Ok(Self(statements.iter_mut().map(begin).collect::<rusqlite::Result<_>>()?))
    }

    /// Returns a change, which must follow those of before, with its content.
    pub(super) fn of<'r, 's>(&'r mut self, row: &'r Row<'s>) -> rusqlite::Result<ChangeRow<'r, 's, 'c>> {
        let name = row.get_ref(at::COLLECTION)?.as_str().ok();
        let found = self.0.iter_mut().find(|(collection, _)| Some(collection.name()) == name);
        let Some((collection, rows)) = found else {
            return Ok(ChangeRow { row, collection: None, content: None });
        };
        let fid = row.get::<_, i64>(at::FID)?;
        while let Some(content) = rows.get()
            && content.get::<_, i64>(0)? < fid
        {
            rows.advance()?;
        }
        let rows: &Rows<'_> = rows;
        let content = match rows.get() {
            Some(content) if content.get::<_, i64>(0)? == fid => Some(content),
            _ => None,
        };
        Ok(ChangeRow { row, collection: Some(*collection), content })
    }
}

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
    pub(super) fn add(&mut self, change: &ChangeRow<'_, '_, '_>) -> rusqlite::Result<Hashed> {
        match self {
            Self::First(link) => add_first(link, change),
            Self::Second(link) => add_second(link, change),
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

fn add_first(link: &mut first::Link, change: &ChangeRow<'_, '_, '_>) -> rusqlite::Result<Hashed> {
    let (covered, later) = OF_FIRST.of(ONLY);
    for source in covered {
        link.add(change.value(*source)?);
    }
    link.end_row();
    let mut hashed = Hashed::default();
    for source in later {
        if change.value(*source)? != Value::Null {
            let name = match *source {
                Source::Common(at) => COMMON.get(at).copied(),
                Source::Content(at) => Layer(ONLY).sealed().nth(at - 1),
            };
            hashed.problem =
                Some(format!("has a {} that its encoding does not cover", name.unwrap_or("value")));
        }
    }
    if change.collection != Some(ONLY) {
        hashed.problem = Some("is of a collection that its encoding does not know".to_owned());
    }
    Ok(hashed)
}

fn add_second(link: &mut second::Link, change: &ChangeRow<'_, '_, '_>) -> rusqlite::Result<Hashed> {
    let mut hashed = Hashed::default();
    let fields = change.collection.map_or(&[][..], columns);
    if change.collection.is_none() {
        hashed.problem = Some("is of a collection that this program does not know".to_owned());
    }
    let mut column = 1;
    for field in fields {
        let stored = change.content(column)?;
        column += 1;
        let item = match field.hashed {
            HashedAs::Plain | HashedAs::Text => stored.into(),
            HashedAs::Position => position_item(stored),
            HashedAs::FreeText(_) => {
                let sealed = hashed.read(field.number, field.name, (stored, change.content(column)?));
                column += 1;
                link.add(field.number, text_item(stored, sealed.as_ref()));
                continue;
            }
        };
        link.add(field.number, item);
    }
    let mut items = [Item::None; 9];
    for (column, item) in items.iter_mut().enumerate() {
        *item = change.common(column)?.into();
    }
    items[at::ID] = id_item(change.common(at::ID)?);
    let reason = (change.common(at::REASON)?, change.common(at::REASON_SEAL)?);
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
        let (covered, later) = OF_FIRST.of(ONLY);
        assert_eq!(covered.len(), first::CHANGE_COLUMNS.len());
        assert!(later.len() >= 3, "the seals, and fields that came later");
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
