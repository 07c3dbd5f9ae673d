//! The properties of a feature that conditions can use.

use std::fmt::Debug;

use demining::{
    COMMON_FIELDS, Detection,
    field::{FieldKind, FieldRole, FieldSpec},
};

use crate::detections::records::slot;

/// The properties that conditions on one kind of feature can use, by type.
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
    /// A text, or a word of a vocabulary.
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
#[allow(missing_docs)] // The fields of a record.
pub enum TextField {
    Id,
    Kind,
    Status,
    /// The id of the district.
    Region,
    Operator,
    Review,
    /// Any other text.
    Other(OtherField),
}

/// A property that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The fields of a record.
pub enum NumberField {
    Quantity,
    Revision,
    /// Any other number.
    Other(OtherField),
}

/// A property that is a day or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The fields of a record.
pub enum TimeField {
    DetectedOn,
    NeutralisedOn,
    UpdatedAt,
    /// Any other day or instant.
    Other(OtherField),
}

/// A field that is stored only in the record, not in its row in the index.
#[derive(Clone, Copy, Debug)]
pub struct OtherField {
    /// Its specification.
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
    /// Returns every property that a condition can use, with its name: the fields with a single value.
    pub fn all() -> impl Iterator<Item = (&'static str, Self)> {
        let content = Detection::FIELDS.iter().map(|field| &field.spec);
        let own = content.chain(COMMON_FIELDS).filter_map(|spec| Some((spec.name, Self::of(spec)?)));
        own.chain([("geometry", Self::Geometry)])
    }

    /// Returns the property with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    /// Returns its name.
    pub fn name(self) -> &'static str {
        Self::all().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// Returns the property of a field, if conditions can use it.
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
            FieldKind::Whole { .. } | FieldKind::Year | FieldKind::Measure { .. } => {
                Some(Self::Number(NumberField::Other(other)))
            }
            FieldKind::Day | FieldKind::Instant => Some(Self::Time(TimeField::Other(other))),
            FieldKind::Id
            | FieldKind::Position
            | FieldKind::Texts
            | FieldKind::Object
            | FieldKind::Time
            | FieldKind::Rows(_) => None,
        }
    }
}

impl TextField {
    /// Returns the text property with this name.
    pub fn named(name: &str) -> Option<Self> {
        match Field::named(name) {
            Some(Field::Text(field)) => Some(field),
            _ => None,
        }
    }
}

impl NumberField {
    /// Returns the number property with this name.
    pub fn named(name: &str) -> Option<Self> {
        match Field::named(name) {
            Some(Field::Number(field)) => Some(field),
            _ => None,
        }
    }
}
