//! Reads and writes the columns of rows, and reports damaged rows.

use demining::{Collection, Judged, Review};
use rusqlite::{
    Row, ToSql,
    types::{ToSqlOutput, ValueRef},
};
use uuid::Uuid;

use crate::{
    collections::Stored,
    error::StoreError,
    fields,
    value::{Value, one_of},
};

impl<'a> From<ValueRef<'a>> for Value<'a> {
    fn from(value: ValueRef<'a>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Whole(number),
            ValueRef::Real(number) => Self::Real(number),
            ValueRef::Text(bytes) => Self::Text(bytes),
            ValueRef::Blob(bytes) => Self::Bytes(bytes),
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Whole(number) => ValueRef::Integer(number),
            Self::Real(number) => ValueRef::Real(number),
            Self::Text(bytes) => ValueRef::Text(bytes),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Returns columns as a statement lists them.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted = |name| match name {
        // SQL keywords.
        "at" | "by" => format!("\"{name}\""),
        _ => name.to_owned(),
    };
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// The columns of a row, by number; every error names the column.
pub(crate) struct Columns<'r, 's>(pub &'r Row<'s>);

#[cold]
fn unreadable(name: &str, error: &rusqlite::Error) -> String {
    format!("{name} cannot be read: {error}")
}

impl<'r> Columns<'r, '_> {
    #[inline]
    fn get(&self, at: usize, name: &str) -> Result<Value<'r>, String> {
        match self.0.get_ref(at) {
            Ok(value) => Ok(value.into()),
            Err(error) => Err(unreadable(name, &error)),
        }
    }

    pub(crate) fn text(&self, at: usize, name: &str) -> Result<Option<&'r str>, String> {
        self.get(at, name)?.text(name)
    }

    pub(crate) fn needed(&self, at: usize, name: &str) -> Result<&'r str, String> {
        self.get(at, name)?.needed(name)
    }

    pub(crate) fn blob(&self, at: usize, name: &str) -> Result<&'r [u8], String> {
        self.get(at, name)?.blob(name)
    }

    pub(crate) fn whole<T: TryFrom<i64>>(&self, at: usize, name: &str) -> Result<Option<T>, String> {
        self.get(at, name)?.whole(name)
    }

    pub(crate) fn needed_whole<T: TryFrom<i64>>(&self, at: usize, name: &str) -> Result<T, String> {
        self.whole(at, name)?.ok_or_else(|| format!("{name} is empty"))
    }

    pub(crate) fn real(&self, at: usize, name: &str) -> Result<Option<f64>, String> {
        self.get(at, name)?.real(name)
    }

    pub(crate) fn id(&self, at: usize) -> Result<Uuid, String> {
        let text = self.get(at, "id")?.needed_bytes("id")?;
        Uuid::try_parse_ascii(text)
            .map_err(|_| format!("id {:?} is not a UUID", String::from_utf8_lossy(text)))
    }

    pub(crate) fn collection(&self, at: usize) -> Result<Collection, String> {
        let name = self.needed(at, "collection")?;
        name.parse().map_err(|_| format!("collection {name:?} is unknown"))
    }

    pub(crate) fn review(&self, at: usize) -> Result<Review, String> {
        one_of(self.get(at, "review")?.needed_bytes("review")?, "review", Review::ALL, Review::word)
    }

    /// Reads the content of a record, starting at column number `first`.
    pub(crate) fn content<T: Stored>(&self, first: usize, id: Uuid) -> Result<Judged<T>, String> {
        fields::judged(T::fields().read(id, |k, name| self.get(first + k, name))?)
    }
}

/// Returns the error for a row that this program cannot have written. Its first column is its fid.
pub(crate) fn damaged(table: &str, row: &Row<'_>, problem: &str) -> StoreError {
    let fid = match row.get_ref(0) {
        Ok(ValueRef::Integer(fid)) => fid.to_string(),
        _ => "unknown".to_owned(),
    };
    StoreError::Damaged(format!("{table} fid {fid}: {problem}"))
}
