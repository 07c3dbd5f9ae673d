//! Unknown properties in a single cell.

use std::borrow::Cow;

use demining::Value;

use super::{columns::property, place::Place};
use crate::{
    column::Column,
    json::{Fault, read_members},
    options::Mapping,
};

/// Reads the members of a property `extra`, which exports to formats without nested values have. Members that
/// could not coexist as properties are rejected here too, because a GeoJSON export writes them as properties.
pub(crate) fn read_extra(text: &str) -> Result<Vec<(Cow<'static, str>, Value)>, Fault> {
    let members = read_members(text)?;
    let mut place = Place::default();
    for (name, value) in &members {
        let Column::Again(part, _) = property(name, &Mapping::default()) else { continue };
        if !value.is_empty() && !place.put(part, value.as_text().trim()) {
            return Err(Fault {
                at: 0,
                field: name.to_string(),
                value: value.as_text().to_owned(),
                reason: "contradicts the place stated elsewhere in the row".to_owned(),
            });
        }
    }
    Ok(members)
}
