//! Resolves the combined meaning of a feature's properties: its id, its fields and its place.

use std::borrow::Cow;

use demining::{RawLocation, Value, folded_name};

use super::{
    draft::Draft,
    features::Features,
    values::{fault, said_twice},
};
use crate::{
    column::{IGNORED, SAID_BY_GPX, is_from_gpx, is_own_name},
    json::Fault,
    options::Naming,
    table::{Place, Shape, is_same_id},
};

impl Draft<'_> {
    /// Returns the record's id. A number on the Feature is a row number of the program that wrote the file,
    /// not a record id.
    pub(super) fn take_id(&mut self, features: &mut Features<'_>) -> Result<Value, Fault> {
        let mut outer = std::mem::replace(&mut self.id, Value::Null);
        match features.naming.mapping.field("id") {
            Some(IGNORED) => outer = Value::Null,
            // A mapping of the property also applies to the member of the Feature.
            Some(field) if folded_name(field) != "id" => {
                let outer = std::mem::replace(&mut outer, Value::Null);
                if !outer.is_empty() {
                    self.property("id", outer, features)?;
                }
            }
            _ if matches!(outer, Value::Number(_)) => outer = Value::Null,
            _ => {}
        }
        let inner = std::mem::replace(&mut self.id_property, Value::Null);
        if !outer.is_empty() && !inner.is_empty() && !is_same_id(outer.as_text(), inner.as_text()) {
            let reason = format!("is in the properties, but the Feature has {}", outer.as_text());
            self.id = outer;
            return Err(fault("id", inner.as_text(), reason));
        }
        let id = if outer.is_empty() { inner } else { outer };
        let Some((name, value)) = self.other_id.take() else { return Ok(id) };
        if id.is_empty() {
            return Ok(value);
        }
        let is_meant = features.naming.mapping.field(&name).is_some() || is_own_name(&name, "id");
        if is_meant && !is_same_id(id.as_text(), value.as_text()) {
            let fault = said_twice(&name, &value, "id", "id");
            self.id = id;
            return Err(fault);
        }
        if !is_meant {
            self.properties.push((Cow::Owned(name), value));
        }
        Ok(id)
    }

    /// Resolves properties that may represent a field under another name. They do if the mapping in the
    /// request says so, or if the name differs from the field's own name only in case. Otherwise, beside the
    /// field itself or in a Clearline export, they are separate properties.
    pub(super) fn settle_names(&mut self, Naming { table, mapping }: Naming<'_>) -> Result<(), Fault> {
        let is_export = ["revision", "updated_at"]
            .iter()
            .all(|own| self.properties.iter().any(|(name, value)| name == own && *value != Value::Null));
        let mut other_names = std::mem::take(&mut self.other_names);
        if is_from_gpx(table, other_names.iter().map(|(_, key)| key.as_str())) && mapping.is_empty() {
            for (nth, (name, value)) in self.properties.iter_mut().enumerate() {
                let key = other_names.iter().find(|(other, _)| *other == nth).map(|(_, key)| key.as_str());
                if SAID_BY_GPX.contains(&key.unwrap_or(name)) {
                    (*name, *value) = (Cow::Borrowed(""), Value::Null);
                }
            }
            other_names.retain(|(_, key)| !SAID_BY_GPX.contains(&key.as_str()));
        }
        for (nth, key) in &other_names {
            let (nth, key) = (*nth, key.clone());
            let meant = self.properties[nth].0.clone();
            let is_said = mapping.field(&key).is_some() || is_own_name(&key, &meant);
            let twin = self
                .properties
                .iter()
                .enumerate()
                .find(|(at, (name, value))| *at != nth && *name == meant && *value != Value::Null);
            let twin = twin.map(|(at, _)| at);
            let Some(property) = self.properties.get_mut(nth) else { continue };
            match twin {
                _ if !is_said && is_export => property.0 = Cow::Owned(key),
                Some(_) if is_said => {
                    let value = std::mem::replace(&mut property.1, Value::Null);
                    return Err(said_twice(&key, &value, &meant, "another property"));
                }
                Some(at) if !is_export && other_names.iter().any(|(other, _)| *other == at) => {
                    let value = std::mem::replace(&mut property.1, Value::Null);
                    return Err(said_twice(&key, &value, &meant, "another property"));
                }
                Some(_) => property.0 = Cow::Owned(key),
                None => {}
            }
        }
        // An empty property under the field's own name yields to a non-empty one under another name.
        for nth in 0..self.properties.len() {
            let (name, value) = &self.properties[nth];
            let is_said = |(other, value): &(Cow<'_, str>, Value)| other == name && *value != Value::Null;
            if *value == Value::Null && self.properties.iter().any(is_said) {
                self.properties[nth].0 = Cow::Borrowed("");
            }
        }
        Ok(())
    }

    /// Returns the place from the geometry, or from properties if there is no geometry.
    pub(super) fn locate(&mut self, features: &mut Features<'_>) -> Result<RawLocation, Fault> {
        let places = &mut features.places;
        let mut location = match self.reference.as_deref() {
            None => self.geometry.locate(&places.reference),
            Some(name) => {
                let own = places.named(name).map_err(|reason| fault("crs", name, reason))?.clone();
                if features.is_asked && own.name() != places.reference.name() && own != places.reference {
                    let asked = places.reference.name();
                    return Err(fault("crs", name, format!("differs from the one in the request, {asked}")));
                }
                // The request defines the axis order.
                self.geometry.locate(if features.is_asked { &places.reference } else { &own })
            }
        };
        if self.again.is_empty() && self.as_given.is_empty() && self.as_given_crs.is_empty() {
            return Ok(location);
        }
        let mut place = Place::default();
        place.as_given = self.as_given.as_text();
        place.as_given_crs = self.as_given_crs.as_text();
        for (part, nth) in &self.again {
            let (name, value) = &self.properties[*nth];
            if !value.is_empty() && !place.put(*part, value.as_text().trim()) {
                return Err(fault(
                    name,
                    value.as_text(),
                    "contradicts the place stated elsewhere in the row".to_owned(),
                ));
            }
        }
        let wrong = |(field, value, reason): (String, String, String)| fault(&field, &value, reason);
        if location != RawLocation::Missing {
            places.settle(&place, &mut location).map_err(wrong)?;
            return Ok(location);
        }
        let (location, is_of_properties) = places.locate(&place, Shape::Missing).map_err(wrong)?;
        if is_of_properties {
            for (_, nth) in self.again.iter().rev() {
                self.properties.remove(*nth);
            }
        }
        Ok(location)
    }
}
