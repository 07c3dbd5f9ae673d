//! The exported values of a record, in the column order of tables.

use std::{borrow::Cow, sync::LazyLock};

use demining::{
    COMMON_FIELDS, Details, Detection, Record,
    field::{Field, FieldKind, FieldRole, FieldSpec, FieldValue},
};
use jiff::{Timestamp, civil::Date};

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
pub(crate) struct Column {
    /// Its name, which is recognised on import.
    pub name: &'static str,
    /// The type of its cells.
    pub kind: CellKind,
    is_public: bool,
    source: Source,
}

/// The source of a column's values.
enum Source {
    /// The content of the record.
    Content(&'static Field<Details>),
    /// A value set by the server, by field number.
    Common(u16),
}

/// All columns: the content, the values set by the server, and last the unknown properties. In formats
/// without a geometry, longitude and latitude follow `id`. A list of texts is separated by semicolons, or is
/// a JSON array if one of them contains a semicolon.
static COLUMNS: LazyLock<Vec<Column>> = LazyLock::new(|| {
    let content = |is_rest: bool| {
        let fields = Detection::FIELDS.iter().filter(move |field| {
            field.kind != FieldKind::Position && (field.role == FieldRole::Rest) == is_rest
        });
        fields.map(|field| Column::new(&field.spec, Source::Content(field)))
    };
    let common = COMMON_FIELDS.iter().filter(|field| EXPORTED.contains(&field.name));
    let common = common.map(|field| Column::new(field, Source::Common(field.number)));
    content(false).chain(common).chain(content(true)).collect()
});

/// The exported fields among those common to all collections. The author and the number mean nothing to other
/// programs.
const EXPORTED: [&str; 4] = ["region", "review", "revision", "updated_at"];

impl Column {
    fn new(field: &'static FieldSpec, source: Source) -> Self {
        let kind = match field.kind {
            FieldKind::Whole { .. } | FieldKind::Year => CellKind::Whole,
            FieldKind::Measure { .. } => CellKind::Real,
            FieldKind::Day => CellKind::Day,
            FieldKind::Instant => CellKind::Instant,
            _ => CellKind::Text,
        };
        Self { name: field.name, kind, is_public: field.is_public, source }
    }
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
    /// Iterates over the columns, in their order.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'static Column> + Clone {
        COLUMNS.iter().filter(move |column| self == Self::All || column.is_public)
    }
}

/// The exported values of one detection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'a> {
    /// Which fields to export.
    pub fields: Fields,
    /// The content.
    pub detection: &'a Detection,
    /// The record in the store and the id of its district; `None` for a detection that is not yet a record.
    pub record: Option<(&'a Record, Option<&'a str>)>,
}

impl<'a> Cells<'a> {
    /// Iterates over the values in column order.
    pub(crate) fn values(self) -> impl Iterator<Item = (&'static Column, CellValue<'a>)> {
        self.fields.iter().map(move |column| (column, cell(self.value(&column.source))))
    }

    fn value(self, source: &Source) -> FieldValue<'a> {
        match source {
            Source::Content(field) => (field.get)(self.detection),
            Source::Common(number) => {
                self.record.map_or(FieldValue::Null, |(record, region)| record.common(*number, region))
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
