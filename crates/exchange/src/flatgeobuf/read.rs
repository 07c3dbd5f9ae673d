//! Converts features to rows.

use std::{io::Read, ops::ControlFlow};

use demining::FieldProblem;
use flatgeobuf::{
    Feature, GeometryType, Header, size_prefixed_root_as_feature, size_prefixed_root_as_header,
};

use super::{
    frames::{Frames, broken},
    properties::{Column, attributes},
};
use crate::{
    error::ReadError,
    options::ReadOptions,
    options::own_or_asked,
    reference::{AxisOrder, Reference, wkt},
    rows::{Document, ReadSummary, Row, Rows},
    table::{Attribute, Meaning, Shape},
};

/// The size of an index node, bytes.
const NODE_BYTES: u64 = 40;

/// The contents of the header.
struct Known {
    columns: Vec<Column>,
    kind: GeometryType,
    /// `None` if the header does not state it.
    features: Option<u64>,
    index_bytes: u64,
    reference: Option<Reference>,
}

/// The columns and their meanings.
struct Schema {
    columns: Vec<Column>,
    meaning: Meaning,
}

pub(crate) fn read_flatgeobuf<R: Read, F: FnMut(Row) -> ControlFlow<()>>(
    input: R,
    options: &ReadOptions,
    rows: &mut Rows<F>,
) -> Result<ReadSummary, ReadError> {
    let mut frames = Frames::new(input, options.max_row_bytes)?;
    let header = frames.next(0)?.ok_or_else(|| broken(0, "the file ends before its header"))?;
    let header = size_prefixed_root_as_header(header)
        .map_err(|error| broken(0, format!("the header is invalid: {error}")))?;
    let known = Known::of(&header, options)?;
    frames.skip(known.index_bytes)?;
    let mut schema = Schema::of(known.columns.clone(), &known, options)?;
    let mut stopped = false;
    while !stopped && let Some(bytes) = frames.next(rows.count + 1)? {
        let number = rows.next()?;
        if known.features.is_some_and(|features| number > features) {
            return Err(broken(number, "the file has more features than its header states"));
        }
        let row = match size_prefixed_root_as_feature(bytes) {
            Ok(feature) => {
                let own: Option<Vec<Column>> = feature.columns().map(|all| all.iter().map(column).collect());
                let columns = own.as_ref().unwrap_or(&known.columns);
                if *columns != schema.columns {
                    schema = Schema::of(columns.clone(), &known, options)?;
                }
                schema.row(number, &feature, known.kind)
            }
            Err(_) => Err(FieldProblem::new(number, None, "", "", "is not a valid feature")),
        };
        stopped = rows.give(row).is_break();
    }
    match known.features {
        Some(features) if !stopped && rows.count < features => {
            Err(broken(rows.count, format!("the file ends after {} of {features} features", rows.count)))
        }
        _ => {
            let (rows, bytes) = (rows.count, frames.bytes);
            Ok(ReadSummary { document: Document::Table, rows, bytes, stopped })
        }
    }
}

impl Known {
    fn of(header: &Header<'_>, options: &ReadOptions) -> Result<Self, ReadError> {
        let columns = header.columns().map(|all| all.iter().map(column).collect());
        let features = Some(header.features_count()).filter(|features| *features > 0);
        let index_bytes = match (features, header.index_node_size()) {
            (None, _) | (_, 0) => 0,
            (Some(features), node) => index_bytes(features, node)
                .ok_or_else(|| broken(0, "the header describes an invalid index"))?,
        };
        Ok(Self {
            columns: columns.unwrap_or_default(),
            kind: header.geometry_type(),
            features,
            index_bytes,
            reference: own_or_asked(reference(header), options)?,
        })
    }
}

impl Schema {
    fn of(columns: Vec<Column>, known: &Known, options: &ReadOptions) -> Result<Self, ReadError> {
        let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
        let meaning = Meaning::of_attributes(&names, known.reference.as_ref(), options)?;
        Ok(Self { columns, meaning })
    }

    fn row(&mut self, number: u64, feature: &Feature<'_>, kind: GeometryType) -> Row {
        let bytes = feature.properties().map_or(&[][..], |properties| properties.bytes());
        match attributes(bytes, &self.columns) {
            Ok(all) => self.meaning.row(number, None, all.iter().map(Attribute::cell), shape(feature, kind)),
            Err(reason) => Err(FieldProblem::new(number, None, "", "", reason)),
        }
    }
}

fn column(column: flatgeobuf::Column<'_>) -> Column {
    (column.name().to_owned(), column.type_())
}

/// Returns the place of a feature; `kind` is the geometry type of all features, if the header states one.
fn shape(feature: &Feature<'_>, kind: GeometryType) -> Shape {
    let Some(geometry) = feature.geometry() else { return Shape::Missing };
    let kind = if kind == GeometryType::Unknown { geometry.type_() } else { kind };
    if !matches!(kind, GeometryType::Point | GeometryType::MultiPoint) {
        return Shape::of_kind(u32::from(kind.0));
    }
    let Some(xy) = geometry.xy() else { return Shape::Missing };
    match xy.len() {
        0 => Shape::Missing,
        2 => Shape::at(xy.get(0), xy.get(1)),
        _ if kind == GeometryType::MultiPoint => Shape::of_kind(u32::from(kind.0)),
        _ => Shape::Other("is a Point without exactly two coordinates"),
    }
}

/// Returns the size of the index for this many features and this many entries per node: its levels end in a
/// single node.
fn index_bytes(features: u64, node: u16) -> Option<u64> {
    if node < 2 {
        return None;
    }
    let mut of_level = features;
    let mut nodes = features;
    loop {
        of_level = of_level.div_ceil(u64::from(node));
        nodes = nodes.checked_add(of_level)?;
        if of_level == 1 {
            return nodes.checked_mul(NODE_BYTES);
        }
    }
}

/// Returns the reference system named in the header, if any. The east coordinate always comes first, whatever
/// the definition of the system.
fn reference(header: &Header<'_>) -> Result<Option<Reference>, String> {
    let Some(crs) = header.crs() else { return Ok(None) };
    let org = crs.org().filter(|org| !org.is_empty()).unwrap_or("EPSG");
    let name = match (crs.code(), crs.code_string(), crs.wkt()) {
        (1.., _, _) => format!("{org}:{}", crs.code()),
        (_, Some(code), _) if !code.is_empty() => format!("{org}:{code}"),
        (_, _, Some(text)) if !text.is_empty() => wkt::name(text)?,
        _ => return Ok(None),
    };
    Reference::parse(&name, AxisOrder::EastNorth).map(Some)
}

#[cfg(test)]
mod tests {
    use super::index_bytes;

    #[test]
    fn an_index_is_as_long_as_its_levels() {
        assert_eq!(index_bytes(1, 16), Some(2 * 40));
        assert_eq!(index_bytes(16, 16), Some(17 * 40));
        assert_eq!(index_bytes(17, 16), Some((17 + 2 + 1) * 40));
        assert_eq!(index_bytes(u64::MAX, 2), None);
        assert_eq!(index_bytes(5, 1), None);
    }
}
