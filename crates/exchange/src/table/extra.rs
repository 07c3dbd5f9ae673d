//! Properties that no field knows, in one cell.

use std::borrow::Cow;

use demining::Value;

use super::{columns::property, place::Place};
use crate::{
    column::Column,
    json::{Fault, read_members},
    options::Mapping,
};

/// The members of a property `extra`, as exports to formats without nested values have them. What could not stand
/// beside each other as properties cannot stand here either: an export as GeoJSON writes them as such.
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
                reason: "says the place once more, and otherwise".to_owned(),
            });
        }
    }
    Ok(members)
}
