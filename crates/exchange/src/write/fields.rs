//! The exported values of a record, in the column order of tables.

use std::{borrow::Cow, io};

use demining::{
    COMMON_FIELDS, Content, Judged, Record,
    field::{Field, FieldKind, FieldRole, FieldSpec, FieldValue},
};
use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value as Json};

use super::list::list_to;

/// The type of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellKind {
    /// Text of any length.
    Text,
    /// Whole numbers, at least 0.
    Whole,
    /// Numbers.
    Real,
    /// Days.
    Day,
    /// Instants, UTC.
    Instant,
}

/// The value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CellValue<'a> {
    /// No value.
    Null,
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number.
    Whole(u64),
    /// A number.
    Real(f64),
    /// A day.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

/// A column of an export.
pub(crate) struct Column<T: 'static> {
    /// Its name, which is recognised on import.
    pub name: Cow<'static, str>,
    /// The type of its cells.
    pub kind: CellKind,
    source: Source<T>,
}

/// The source of a column's values.
enum Source<T: 'static> {
    /// The content of the record.
    Content(&'static Field<T>),
    /// A member of a row of the repeated group.
    Member(&'static str),
    /// A value set by the server, by field number.
    Common(u16),
}

/// Which fields to export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fields {
    /// All fields.
    #[default]
    All,
    /// Only public fields.
    Public,
}

impl Fields {
    /// Returns whether a field is exported.
    fn has(self, field: &FieldSpec) -> bool {
        self == Self::All || field.is_public
    }
}

/// The columns of an export: the content, the values set by the server, and last the unknown properties. In
/// formats without a geometry, longitude and latitude follow `id`. A list of texts is separated by
/// semicolons, or is a JSON array if one of them contains a semicolon.
pub(crate) struct Columns<T: 'static> {
    all: Vec<Column<T>>,
    /// The repeated group that has a line for each row.
    group: Option<&'static Field<T>>,
}

/// The exported fields among those common to all collections. The author and the number mean nothing to other
/// programs.
const EXPORTED: [&str; 4] = ["region", "review", "revision", "updated_at"];

impl<T: Content> Columns<T> {
    /// Returns the columns of a format with a row for each record; a repeated group is a JSON array.
    pub(crate) fn of(fields: Fields) -> Self {
        let content = |is_rest: bool| {
            let fields = T::FIELDS.iter().filter(move |field| {
                let is_cell = field.kind != FieldKind::Position && (field.role == FieldRole::Rest) == is_rest;
                is_cell && fields.has(field)
            });
            fields.map(|field| Column::new(&field.spec, Source::Content(field)))
        };
        let common = COMMON_FIELDS.iter().filter(|field| EXPORTED.contains(&field.name) && fields.has(field));
        let common = common.map(|field| Column::new(field, Source::Common(field.number)));
        Self { all: content(false).chain(common).chain(content(true)).collect(), group: None }
    }

    /// Returns the columns of a table with a line for each row of the first repeated group, and its fields as
    /// columns such as `victim_sex`.
    pub(crate) fn of_lines(fields: Fields) -> Self {
        let Self { all, .. } = Self::of(fields);
        let mut columns = Self { all: Vec::with_capacity(all.len()), group: None };
        for column in all {
            let field = match column.source {
                Source::Content(field) if columns.group.is_none() => field,
                _ => {
                    columns.all.push(column);
                    continue;
                }
            };
            let FieldKind::Rows(group) = field.kind else {
                columns.all.push(column);
                continue;
            };
            columns.group = Some(field);
            columns.all.extend(group.fields.iter().map(|member| Column {
                name: format!("{}_{}", group.row, member.name).into(),
                ..Column::new(member, Source::Member(member.name))
            }));
        }
        columns
    }

    /// Iterates over the columns, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Column<T>> + Clone {
        self.all.iter()
    }
}

impl<T> Column<T> {
    fn new(field: &'static FieldSpec, source: Source<T>) -> Self {
        let kind = match field.kind {
            FieldKind::Whole { .. } | FieldKind::Year => CellKind::Whole,
            FieldKind::Measure { .. } => CellKind::Real,
            FieldKind::Day => CellKind::Day,
            FieldKind::Instant => CellKind::Instant,
            _ => CellKind::Text,
        };
        Self { name: field.name.into(), kind, source }
    }
}

/// The exported values of one record.
pub(crate) struct Cells<'a, T> {
    /// Which fields to export.
    pub fields: Fields,
    /// The content.
    pub content: &'a Judged<T>,
    /// The record in the store and the id of its district; `None` for content that is not yet a record.
    pub record: Option<(&'a Record<Judged<T>>, Option<&'a str>)>,
    /// The row of the repeated group, in a table with a line for each.
    row: Option<&'a Map<String, Json>>,
}

impl<T> Clone for Cells<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Cells<'_, T> {}

impl<'a, T: Content> Cells<'a, T> {
    /// Creates the values of a record.
    pub(crate) fn of_record(record: &'a Record<Judged<T>>, region: Option<&'a str>, fields: Fields) -> Self {
        Self { fields, content: &record.content, record: Some((record, region)), row: None }
    }

    /// Creates the values of content that is not yet a record.
    pub(crate) fn of_content(content: &'a Judged<T>, fields: Fields) -> Self {
        Self { fields, content, record: None, row: None }
    }

    /// Iterates over the values in column order.
    pub(crate) fn values(
        self,
        columns: &'a Columns<T>,
    ) -> impl Iterator<Item = (&'a Column<T>, CellValue<'a>)> {
        columns.all.iter().map(move |column| (column, cell(self.value(&column.source))))
    }

    /// Calls `line` for each line of a table: one for each row of the group, each with all values of the
    /// record, or one if there are none.
    ///
    /// # Errors
    /// Returns the first error of `line`.
    pub(crate) fn lines(
        self,
        columns: &Columns<T>,
        mut line: impl FnMut(Cells<'_, T>) -> io::Result<()>,
    ) -> io::Result<()> {
        let group = columns.group.map(|field| (field.get)(self.content));
        let Some(FieldValue::Rows(json)) = group else { return line(self) };
        let rows: Vec<Map<String, Json>> = serde_json::from_str(json)?;
        rows.iter().try_for_each(|row| line(Cells { row: Some(row), ..self }))
    }

    fn value(self, source: &Source<T>) -> FieldValue<'a> {
        match source {
            Source::Content(field) => (field.get)(self.content),
            Source::Common(number) => {
                self.record.map_or(FieldValue::Null, |(record, region)| record.common(*number, region))
            }
            // The rows of a group contain texts only.
            Source::Member(name) => {
                let text = self.row.and_then(|row| row.get(*name)).and_then(Json::as_str);
                text.map_or(FieldValue::Null, FieldValue::Text)
            }
        }
    }
}

fn cell(value: FieldValue<'_>) -> CellValue<'_> {
    match value {
        FieldValue::Null | FieldValue::Position(_) => CellValue::Null,
        FieldValue::Id(id) => CellValue::Text(Cow::Owned(id.to_string())),
        FieldValue::Text(text) | FieldValue::Object(text) => CellValue::Text(Cow::Borrowed(text)),
        FieldValue::Word(word) => CellValue::Text(Cow::Borrowed(word.text)),
        FieldValue::Whole(number) => CellValue::Whole(number),
        FieldValue::Real(number) => CellValue::Real(number),
        FieldValue::Day(day) => CellValue::Day(day),
        FieldValue::Instant(at) => CellValue::Instant(at),
        FieldValue::Time(time) => CellValue::Text(Cow::Owned(time.strftime("%H:%M").to_string())),
        FieldValue::Rows(json) => CellValue::Text(Cow::Borrowed(json)),
        FieldValue::Texts(texts) => list(texts),
    }
}

fn list(texts: &[String]) -> CellValue<'static> {
    if !texts.iter().any(|text| text.contains(';') || text.starts_with(['[', '(', '\''])) {
        return CellValue::Text(Cow::Owned(texts.join(";")));
    }
    let mut json = Vec::new();
    list_to(texts, &mut json);
    String::from_utf8(json).map_or(CellValue::Null, |json| CellValue::Text(Cow::Owned(json)))
}
