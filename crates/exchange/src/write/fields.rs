//! The one list of what is exported of a record.

use std::borrow::Cow;

use demining::{Detection, Disposal, Fix, PUBLIC_FIELDS, Record, SourceReliability};
use jiff::{Timestamp, civil::Date};

use super::feature::photos_to;

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// Text of any length.
    Text,
    /// Whole numbers from 0.
    Whole,
    /// Numbers.
    Real,
    /// Days.
    Day,
    /// Moments, UTC.
    Instant,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldValue<'a> {
    /// Not known.
    Null,
    /// Text.
    Text(Cow<'a, str>),
    /// A whole number.
    Whole(u64),
    /// A number.
    Real(f64),
    /// A day.
    Day(Date),
    /// A moment.
    Instant(Timestamp),
}

use FieldKind::{Day, Instant, Real, Text, Whole};
use FieldValue::Null;

/// A field of an export.
pub(crate) struct Field {
    /// Its name, which reading knows.
    pub name: &'static str,
    /// What its values are.
    pub kind: FieldKind,
    of: for<'a> fn(&Cells<'a>) -> FieldValue<'a>,
}

/// Every field, in the order that tables have them; longitude and latitude come after `id` where a
/// format has no geometry. `photos` are separated by semicolons, or a JSON array where a name holds
/// one; `extra` is a JSON object of the properties that the model does not know.
pub(crate) static FIELDS: [Field; 25] = [
    Field { name: "id", kind: Text, of: |c| FieldValue::Text(Cow::Owned(c.detection.id.to_string())) },
    Field { name: "kind", kind: Text, of: |c| word(c.detection.kind.word()) },
    Field { name: "model", kind: Text, of: |c| text(c.detection.model.as_deref()) },
    Field {
        name: "made_in_year",
        kind: Whole,
        of: |c| whole(c.detection.made_in_year.map(i16::unsigned_abs)),
    },
    Field { name: "quantity", kind: Whole, of: |c| whole(Some(c.detection.quantity)) },
    Field { name: "depth_cm", kind: Real, of: |c| real(c.detection.depth_cm) },
    Field { name: "detected_on", kind: Day, of: |c| FieldValue::Day(c.detection.detected_on) },
    Field { name: "status", kind: Text, of: |c| word(c.detection.status.word()) },
    Field {
        name: "neutralised_on",
        kind: Day,
        of: |c| c.detection.neutralised_on.map_or(Null, FieldValue::Day),
    },
    Field {
        name: "disposal",
        kind: Text,
        of: |c| c.detection.disposal.map(Disposal::word).map_or(Null, word),
    },
    Field { name: "operator", kind: Text, of: |c| text(c.detection.operator.as_deref()) },
    Field { name: "team", kind: Text, of: |c| text(c.detection.team.as_deref()) },
    Field { name: "hazard_area", kind: Text, of: |c| text(c.detection.hazard_area.as_deref()) },
    Field {
        name: "source_reliability",
        kind: Text,
        of: |c| c.detection.source_reliability.map(SourceReliability::word).map_or(Null, word),
    },
    Field { name: "accuracy_m", kind: Real, of: |c| real(c.detection.accuracy_m) },
    Field { name: "fix", kind: Text, of: |c| c.detection.fix.map(Fix::word).map_or(Null, word) },
    Field {
        name: "location_as_given",
        kind: Text,
        of: |c| text(c.detection.location_as_given.as_ref().map(|given| given.coordinates.as_str())),
    },
    Field {
        name: "location_as_given_crs",
        kind: Text,
        of: |c| text(c.detection.location_as_given.as_ref().map(|given| given.crs.as_str())),
    },
    Field { name: "note", kind: Text, of: |c| text(c.detection.note.as_deref()) },
    Field { name: "photos", kind: Text, of: |c| photos(&c.detection.photos) },
    Field { name: "region", kind: Text, of: |c| text(c.record.and_then(|(_, region)| region)) },
    Field {
        name: "review",
        kind: Text,
        of: |c| c.record.map_or(Null, |(record, _)| word(record.review.word())),
    },
    Field { name: "revision", kind: Whole, of: |c| whole(c.record.map(|(record, _)| record.revision.0)) },
    Field {
        name: "updated_at",
        kind: Instant,
        of: |c| c.record.map_or(Null, |(record, _)| FieldValue::Instant(record.updated_at)),
    },
    Field { name: "extra", kind: Text, of: |c| text(c.detection.extra.as_deref()) },
];

/// Which fields are exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fields {
    /// All.
    #[default]
    All,
    /// Those that the public may read: [`PUBLIC_FIELDS`].
    Public,
}

impl Fields {
    /// The fields, in the order of [`FIELDS`].
    pub(crate) fn iter(self) -> impl Iterator<Item = &'static Field> + Clone {
        FIELDS.iter().filter(move |field| self == Self::All || PUBLIC_FIELDS.contains(&field.name))
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
    /// The values in the order of the fields.
    pub(crate) fn values(self) -> impl Iterator<Item = (&'static Field, FieldValue<'a>)> {
        self.fields.iter().map(move |field| (field, (field.of)(&self)))
    }
}

fn word(word: &'static str) -> FieldValue<'static> {
    FieldValue::Text(Cow::Borrowed(word))
}

fn text(text: Option<&str>) -> FieldValue<'_> {
    text.map_or(Null, |text| FieldValue::Text(Cow::Borrowed(text)))
}

fn whole<T: Into<u64>>(number: Option<T>) -> FieldValue<'static> {
    number.map_or(Null, |number| FieldValue::Whole(number.into()))
}

fn real(number: Option<f64>) -> FieldValue<'static> {
    number.map_or(Null, FieldValue::Real)
}

fn photos(names: &[String]) -> FieldValue<'static> {
    if names.is_empty() {
        return Null;
    }
    if !names.iter().any(|name| name.contains(';') || name.starts_with(['[', '(', '\''])) {
        return FieldValue::Text(Cow::Owned(names.join(";")));
    }
    let mut json = Vec::new();
    photos_to(names, &mut json);
    String::from_utf8(json).map_or(Null, |json| FieldValue::Text(Cow::Owned(json)))
}
