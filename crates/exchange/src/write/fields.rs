//! What is exported of a record, in the order in which tables have it.

use std::{borrow::Cow, sync::LazyLock};

use demining::{
    COMMON_FIELDS, Details, Detection, Record,
    field::{Field, FieldKind, FieldRole, FieldSpec, FieldValue},
};
use jiff::{Timestamp, civil::Date};

use super::list::list_to;

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellKind {
    /// Text of any length.
    Text,
    /// Whole numbers from 0.
    Whole,
    /// Numbers.
    Real,
    /// Days.
    Day,
    /// Instants, UTC.
    Instant,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CellValue<'a> {
    /// Nothing.
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
    /// Its name, which reading knows.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: CellKind,
    is_public: bool,
    source: Source,
}

/// Where the values of a column come from.
enum Source {
    /// The content of the record.
    Content(&'static Field<Details>),
    /// What the server says of the record, by its number.
    Common(u16),
}

/// Every column: the content, what the server says, and last the properties that no field knows. Longitude and
/// latitude come after `id` where a format has no geometry. A list of texts is separated by semicolons, or a JSON
/// array where one of them holds a semicolon.
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

/// What is exported of the fields that every collection has. The author and the number say nothing to another program.
const EXPORTED: [&str; 4] = ["region", "review", "revision", "updated_at"];

impl Column {
    fn new(field: &'static FieldSpec, source: Source) -> Self {
        let kind = match field.kind {
            FieldKind::Whole | FieldKind::Year => CellKind::Whole,
            FieldKind::Measure { .. } => CellKind::Real,
            FieldKind::Day => CellKind::Day,
            FieldKind::Instant => CellKind::Instant,
            _ => CellKind::Text,
        };
        Self { name: field.name, kind, is_public: field.is_public, source }
    }
}

/// Which fields are exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fields {
    /// All.
    #[default]
    All,
    /// Those that the public may read.
    Public,
}

impl Fields {
    /// The columns, in their order.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'static Column> + Clone {
        COLUMNS.iter().filter(move |column| self == Self::All || column.is_public)
    }
}

/// What is exported of one detection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'a> {
    /// Which fields.
    pub fields: Fields,
    /// What was recorded.
    pub detection: &'a Detection,
    /// What the store says of it, and the id of its district; nothing for a detection that is no
    /// record yet.
    pub record: Option<(&'a Record, Option<&'a str>)>,
}

impl<'a> Cells<'a> {
    /// The values in the order of the columns.
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
