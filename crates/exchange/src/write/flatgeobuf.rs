//! Writes records as FlatGeobuf: points in WGS84, without an index and a count, so that nothing about the
//! records has to be known in advance.

use std::io;

use demining::Content;
use flatbuffers::FlatBufferBuilder;
use flatgeobuf::{
    Column, ColumnArgs, ColumnType, Crs, CrsArgs, Feature, FeatureArgs, Geometry, GeometryArgs, GeometryType,
    Header, HeaderArgs, finish_size_prefixed_feature_buffer, finish_size_prefixed_header_buffer,
};

use super::{
    Form,
    digits::{push_day, push_instant},
    fields::{CellKind, CellValue, Cells, Columns, Fields},
};
use crate::flatgeobuf::MAGIC;

/// The FlatGeobuf writer, with buffers for the current feature.
pub(super) struct Buffers<T: Content> {
    columns: Columns<T>,
    builder: FlatBufferBuilder<'static>,
    properties: Vec<u8>,
    text: Vec<u8>,
}

impl<T: Content> Buffers<T> {
    /// Creates a writer for these fields.
    pub(super) fn new(fields: Fields) -> Self {
        Self {
            columns: Columns::of(fields),
            builder: FlatBufferBuilder::default(),
            properties: Vec::new(),
            text: Vec::new(),
        }
    }
}

impl<T: Content> Form<T> for Buffers<T> {
    fn head_to(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let builder = &mut self.builder;
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|field| {
                let name = Some(builder.create_string(&field.name));
                Column::create(builder, &ColumnArgs { name, type_: kind(field.kind), ..Default::default() })
            })
            .collect();
        let columns = Some(builder.create_vector(&columns));
        let (org, name) = (Some(builder.create_string("EPSG")), Some(builder.create_string("WGS 84")));
        let crs = Some(Crs::create(builder, &CrsArgs { org, code: 4326, name, ..Default::default() }));
        let name = Some(builder.create_string(T::COLLECTION.name()));
        let header = Header::create(
            builder,
            &HeaderArgs {
                name,
                geometry_type: GeometryType::Point,
                columns,
                features_count: 0,
                index_node_size: 0,
                crs,
                ..Default::default()
            },
        );
        finish_size_prefixed_header_buffer(builder, header);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(builder.finished_data());
        builder.reset();
        Ok(())
    }

    fn record_to(&mut self, cells: Cells<'_, T>, out: &mut Vec<u8>) -> io::Result<()> {
        self.properties.clear();
        for (nth, (_, value)) in (0_u16..).zip(cells.values(&self.columns)) {
            if value != CellValue::Null {
                self.properties.extend_from_slice(&nth.to_le_bytes());
                push(&mut self.properties, &mut self.text, &value);
            }
        }
        let builder = &mut self.builder;
        let at = cells.content.location();
        let xy = Some(builder.create_vector(&[at.lon(), at.lat()]));
        let geometry = Geometry::create(builder, &GeometryArgs { xy, ..Default::default() });
        let properties = Some(builder.create_vector(&self.properties));
        let feature =
            Feature::create(builder, &FeatureArgs { geometry: Some(geometry), properties, columns: None });
        finish_size_prefixed_feature_buffer(builder, feature);
        out.extend_from_slice(builder.finished_data());
        builder.reset();
        Ok(())
    }

    fn tail_to(&mut self, _out: &mut Vec<u8>) -> io::Result<bool> {
        Ok(false)
    }
}

/// Appends a value; `text` is a buffer for it.
fn push(properties: &mut Vec<u8>, text: &mut Vec<u8>, value: &CellValue<'_>) {
    text.clear();
    match value {
        CellValue::Null => return,
        CellValue::Whole(number) => return properties.extend_from_slice(&number.to_le_bytes()),
        CellValue::Real(number) => return properties.extend_from_slice(&number.to_le_bytes()),
        CellValue::Text(value) => text.extend_from_slice(value.as_bytes()),
        CellValue::Day(day) => push_day(text, *day),
        CellValue::Instant(at) => push_instant(text, *at),
    }
    // A text of a record has at most some 100 KiB: the victims of an accident.
    properties.extend_from_slice(&(text.len() as u32).to_le_bytes());
    properties.extend_from_slice(text);
}

fn kind(kind: CellKind) -> ColumnType {
    match kind {
        CellKind::Text => ColumnType::String,
        CellKind::Whole => ColumnType::Long,
        CellKind::Real => ColumnType::Double,
        CellKind::Day | CellKind::Instant => ColumnType::DateTime,
    }
}
