//! Unknown properties in a single cell.

use std::borrow::Cow;

use demining::Value;

use super::{columns::own_property, place::Place};
use crate::{
    collections::FieldTable,
    column::Column,
    json::{Fault, read_members},
};

/// Reads the members of a property `extra`, which exports to formats without nested values have. Members that
/// could not coexist as properties are rejected here too, because a GeoJSON export writes them as properties.
pub(crate) fn read_extra(text: &str, table: &FieldTable) -> Result<Vec<(Cow<'static, str>, Value)>, Fault> {
    let members = read_members(text)?;
    let mut place = Place::default();
    for (name, value) in members.iter().filter(|(_, value)| !value.is_empty()) {
        let reason = match own_property(name, table) {
            Column::Again(part, _) if !place.put(part, value.as_text().trim()) => {
                "contradicts the place stated elsewhere in the row".to_owned()
            }
            Column::Member(_) => member_elsewhere(table),
            _ => continue,
        };
        return Err(Fault { at: 0, field: name.to_string(), value: value.as_text().to_owned(), reason });
    }
    Ok(members)
}

/// Returns why a field of the repeated group cannot be read outside a table with a line for each of its rows,
/// as the end of a sentence.
pub(crate) fn member_elsewhere(table: &FieldTable) -> String {
    let (field, row) = table.group().map_or(("", ""), |(field, group)| (field, group.row));
    format!("is for CSV and XLSX with one line for each {row}; elsewhere {field} is a JSON array")
}
