//! The properties of a feature that a condition can name.

use std::fmt::Debug;

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

/// A property that is a text, or a word of a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // They are the fields of a record.
pub enum TextField {
    Id,
    Kind,
    Status,
    /// The id of the district.
    Region,
    Operator,
    Team,
    Model,
    HazardArea,
    Fix,
    Disposal,
    SourceReliability,
    Note,
    Review,
}

/// A property that is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // They are the fields of a record.
pub enum NumberField {
    Quantity,
    DepthCm,
    AccuracyM,
    MadeInYear,
    Revision,
}

/// A property that is a day or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // They are the fields of a record.
pub enum TimeField {
    DetectedOn,
    NeutralisedOn,
    UpdatedAt,
}

impl Field {
    /// Every property that a condition can name, with its name.
    pub const ALL: &[(&str, Self)] = &[
        ("id", Self::Text(TextField::Id)),
        ("kind", Self::Text(TextField::Kind)),
        ("status", Self::Text(TextField::Status)),
        ("quantity", Self::Number(NumberField::Quantity)),
        ("detected_on", Self::Time(TimeField::DetectedOn)),
        ("neutralised_on", Self::Time(TimeField::NeutralisedOn)),
        ("disposal", Self::Text(TextField::Disposal)),
        ("region", Self::Text(TextField::Region)),
        ("operator", Self::Text(TextField::Operator)),
        ("team", Self::Text(TextField::Team)),
        ("model", Self::Text(TextField::Model)),
        ("made_in_year", Self::Number(NumberField::MadeInYear)),
        ("depth_cm", Self::Number(NumberField::DepthCm)),
        ("accuracy_m", Self::Number(NumberField::AccuracyM)),
        ("fix", Self::Text(TextField::Fix)),
        ("hazard_area", Self::Text(TextField::HazardArea)),
        ("source_reliability", Self::Text(TextField::SourceReliability)),
        ("note", Self::Text(TextField::Note)),
        ("review", Self::Text(TextField::Review)),
        ("revision", Self::Number(NumberField::Revision)),
        ("updated_at", Self::Time(TimeField::UpdatedAt)),
        ("geometry", Self::Geometry),
    ];

    /// The property with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}
