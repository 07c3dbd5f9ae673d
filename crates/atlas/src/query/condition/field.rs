//! The properties of a feature that a condition can name.

use std::fmt::Debug;

use demining::{
    COMMON_FIELDS, Detection,
    field::{FieldKind, FieldRole, FieldSpec},
};

use crate::detections::records::slot;

/// The properties that conditions on one sort of feature can name, by type.
pub trait Properties: Copy + Debug + Eq {
    /// Texts.
    type Text: Copy + Debug + Eq;
    /// Numbers.
    type Number: Copy + Debug + Eq;
    /// Days and instants.
    type Time: Copy + Debug + Eq;
}

/// The properties of a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detections {}

impl Properties for Detections {
    type Text = TextField;
    type Number = NumberField;
    type Time = TimeField;
}

/// A property, by its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field<P: Properties = Detections> {
    /// A text, or a word of a closed list.
    Text(P::Text),
    /// A number.
    Number(P::Number),
    /// A day or an instant.
    Time(P::Time),
    /// The geometry.
    Geometry,
}

/// A property that is a text, or a word of a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // They are the fields of a record.
pub enum TextField {
    Id,
    Kind,
    Status,
    /// The id of the district.
    Region,
    Operator,
    Review,
    /// Any other.
    Other(OtherField),
}

/// A property that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // They are the fields of a record.
pub enum NumberField {
    Quantity,
    Revision,
    /// Any other.
    Other(OtherField),
}

/// A property that is a day or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // They are the fields of a record.
pub enum TimeField {
    DetectedOn,
    NeutralisedOn,
    UpdatedAt,
    /// Any other.
    Other(OtherField),
}

/// A field that only the record itself tells, not its row in the index.
#[derive(Clone, Copy, Debug)]
pub struct OtherField {
    /// Its description.
    pub spec: &'static FieldSpec,
    pub(crate) slot: usize,
}

impl PartialEq for OtherField {
    fn eq(&self, other: &Self) -> bool {
        self.slot == other.slot
    }
}

impl Eq for OtherField {}

impl Field {
    /// Every property that a condition can name, with its name: fields that have one value.
    pub fn all() -> impl Iterator<Item = (&'static str, Self)> {
        let content = Detection::FIELDS.iter().map(|field| &field.spec);
        let own = content.chain(COMMON_FIELDS).filter_map(|spec| Some((spec.name, Self::of(spec)?)));
        own.chain([("geometry", Self::Geometry)])
    }

    /// The property with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::all().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// The property that a field is, if a condition can name it.
    fn of(spec: &'static FieldSpec) -> Option<Self> {
        let in_index = match spec.name {
            "id" => Some(Self::Text(TextField::Id)),
            "kind" => Some(Self::Text(TextField::Kind)),
            "status" => Some(Self::Text(TextField::Status)),
            "region" => Some(Self::Text(TextField::Region)),
            "operator" => Some(Self::Text(TextField::Operator)),
            "review" => Some(Self::Text(TextField::Review)),
            "quantity" => Some(Self::Number(NumberField::Quantity)),
            "revision" => Some(Self::Number(NumberField::Revision)),
            "detected_on" => Some(Self::Time(TimeField::DetectedOn)),
            "neutralised_on" => Some(Self::Time(TimeField::NeutralisedOn)),
            "updated_at" => Some(Self::Time(TimeField::UpdatedAt)),
            _ => None,
        };
        if in_index.is_some() || spec.role == FieldRole::Place {
            return in_index;
        }
        let other = OtherField { spec, slot: slot(spec.number)? };
        match spec.kind {
            FieldKind::Text { .. } | FieldKind::Word(_) => Some(Self::Text(TextField::Other(other))),
            FieldKind::Whole | FieldKind::Year | FieldKind::Measure { .. } => {
                Some(Self::Number(NumberField::Other(other)))
            }
            FieldKind::Day | FieldKind::Instant => Some(Self::Time(TimeField::Other(other))),
            FieldKind::Id | FieldKind::Position | FieldKind::Texts | FieldKind::Object => None,
        }
    }
}

impl TextField {
    /// The text with this name.
    pub fn named(name: &str) -> Option<Self> {
        match Field::named(name) {
            Some(Field::Text(field)) => Some(field),
            _ => None,
        }
    }
}

impl NumberField {
    /// The number with this name.
    pub fn named(name: &str) -> Option<Self> {
        match Field::named(name) {
            Some(Field::Number(field)) => Some(field),
            _ => None,
        }
    }
}
