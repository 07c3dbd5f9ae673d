//! Cells of the table that do not hold yet. What is repaired leaves this list.

use super::{
    entry::{Entry, Language},
    field::Field,
    parameter::Parameter,
};
use exchange::Format;

/// What a row states.
#[derive(Clone, Copy, Debug)]
pub enum Statement {
    Field(Field),
    Parameter(Parameter),
}

/// Why a cell of the table does not hold yet; none when it must.
pub fn known_fault(statement: Statement, language: Language, entry: Entry) -> Option<&'static str> {
    let is_geojson =
        matches!(language, Language::File(Format::GeoJson | Format::GeoJsonSeq | Format::GeoJsonLines));
    let is_shapefile = language == Language::File(Format::Shapefile);
    match statement {
        Statement::Field(field) => match field {
            Field::AccuracyM => Some("an accuracy of 0 is kept as one"),
            Field::NeutralisedOn => {
                (entry == Entry::Patch).then_some("a day of disposal alone does not make it neutralised")
            }
            Field::Reason => (entry == Entry::Import || is_shapefile)
                .then_some("an import does not know it, and in a Shapefile base_revision is cut"),
            Field::BaseRevision => match entry {
                Entry::Import => Some("an import does not know it"),
                Entry::Put | Entry::Patch => Some("it is not heeded"),
                Entry::Uploads | Entry::Items => is_shapefile.then_some("its name is cut"),
                Entry::Item
                | Entry::Delete
                | Entry::OpenRosa
                | Entry::Kobo
                | Entry::Central
                | Entry::Review
                | Entry::Held
                | Entry::Refused => None,
            },
            Field::Region | Field::Review => Some("one that contradicts is dropped"),
            Field::SecondPosition => Some("it is dropped, or published as any property"),
            Field::TwinNames => Some("the second is published as any property"),
            Field::Id
            | Field::Position
            | Field::LocationAsGiven
            | Field::Fix
            | Field::Kind
            | Field::Model
            | Field::MadeInYear
            | Field::Quantity
            | Field::DepthCm
            | Field::DetectedOn
            | Field::Status
            | Field::Disposal
            | Field::Operator
            | Field::Team
            | Field::HazardArea
            | Field::SourceReliability
            | Field::Note
            | Field::Photos
            | Field::Extra
            | Field::Revision
            | Field::UpdatedAt
            | Field::UpdatedBy
            | Field::Number => None,
        },
        Statement::Parameter(parameter) => match parameter {
            Parameter::Crs => is_geojson.then_some("a request swaps the axes of GeoJSON"),
            Parameter::ContentCrs => Some("it is read at some entry points only"),
            Parameter::Columns => is_geojson.then_some("GeoJSON does not heed it"),
            Parameter::Dates => Some("it is not there yet"),
            Parameter::IdempotencyKey | Parameter::IfMatch => Some("it is heeded at some entry points only"),
            Parameter::Gzip | Parameter::Zstd | Parameter::Brotli => match entry {
                Entry::Kobo | Entry::Central => Some("the refusal speaks of JSON"),
                Entry::Uploads
                | Entry::Items
                | Entry::Item
                | Entry::Put
                | Entry::Patch
                | Entry::Delete
                | Entry::OpenRosa
                | Entry::Import
                | Entry::Review
                | Entry::Held
                | Entry::Refused => None,
            },
            Parameter::ByteOrderMark => (entry == Entry::Patch).then_some("a patch with one is refused"),
            Parameter::Update
            | Parameter::Atomic
            | Parameter::DryRun
            | Parameter::Reason
            | Parameter::FormatName
            | Parameter::Unknown => None,
        },
    }
}
