//! The properties of each collection's features: one table, from which schemas and queryables are made
//! (OGC API Features Parts 3 and 5).

use atlas::Scope;
use demining::{
    COMMON_FIELDS, Detection,
    field::{FieldKind, FieldRole, FieldSpec},
};
use serde_json::{Map, Value, json};

use crate::wire::collection::Collection;

/// A property of a feature.
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Its name for people, with the unit.
    pub title: &'static str,
    /// What its values are.
    pub values: Values,
    /// What may be done with it.
    pub role: FieldRole,
}

/// What the values of a property are.
pub enum Values {
    /// Any text.
    Text,
    /// One of some words.
    Words(&'static [&'static str]),
    /// Whole numbers from this one on.
    Whole(i64),
    /// Numbers.
    Real,
    /// `YYYY-MM-DD`.
    Day,
    /// An instant in UTC.
    Instant,
    /// A UUID.
    Uuid,
    /// Texts.
    Texts,
    /// What has this JSON type.
    Other(&'static str),
    /// A geometry of this type.
    Geometry(&'static str),
}

fn property(name: &'static str, title: &'static str, values: Values, role: FieldRole) -> Property {
    Property { name, title, values, role }
}

/// The properties of a collection's features that a scope shows.
pub fn shown(collection: Collection, scope: Scope) -> Vec<Property> {
    let is_shown = |property: &Property| {
        collection != Collection::Detections || scope == Scope::Full || Detection::is_public(property.name)
    };
    of(collection).into_iter().filter(is_shown).collect()
}

/// The properties of a collection's features, their id and geometry among them.
pub fn of(collection: Collection) -> Vec<Property> {
    use FieldRole::{Derived, Id, Place};
    use Values::{Day, Geometry, Other, Real, Text, Texts, Whole};
    match collection {
        Collection::Detections => {
            let content = Detection::FIELDS.iter().map(|field| &field.spec);
            content.chain(COMMON_FIELDS).filter_map(of_field).collect()
        }
        Collection::Regions => vec![
            property("id", "Code", Text, Id),
            property("geometry", "Boundary", Geometry("multipolygon"), Place),
            property("name", "Name in English", Text, Derived),
            property("names", "Names by language", Other("object"), Derived),
            property("aliases", "Other spellings", Texts, Derived),
            property("level", "Level", Text, Derived),
            property("parent", "Region it belongs to", Text, Derived),
            property("area_m2", "Area on the ellipsoid, m²", Real, Derived),
            property("label_lon", "Longitude of the label", Real, Derived),
            property("label_lat", "Latitude of the label", Real, Derived),
            property("valid_from", "Valid from", Day, Derived),
            property("valid_to", "Valid to", Day, Derived),
            property("source", "Source", Text, Derived),
        ],
        Collection::Places => vec![
            property("id", "Number at GeoNames", Whole(0), Id),
            property("geometry", "Location", Geometry("point"), Place),
            property("name", "Name in English", Text, Derived),
            property("names", "Names by language", Other("object"), Derived),
            property("aliases", "Other spellings", Texts, Derived),
            property("population", "Population", Whole(0), Derived),
            property("country", "Country", Text, Derived),
        ],
        Collection::ReportedFigures => vec![
            property("id", "Id", Text, Id),
            property("measure", "What was counted", Text, Derived),
            property("text", "What was counted, in the words of the source", Text, Derived),
            property("number", "Number", Real, Derived),
            property("unit", "Unit", Text, Derived),
            property("period", "First and last day", Other("object"), Derived),
            property("regions", "Regions", Texts, Derived),
            property("part_of", "Figure that it is a part of", Text, Derived),
            property("parts_sum", "Sum of its parts, where they do not make it", Real, Derived),
            property("note", "Note", Text, Derived),
            property("source", "Source", Other("object"), Derived),
        ],
    }
}

/// The property that a field is, if features have one of it.
fn of_field(field: &'static FieldSpec) -> Option<Property> {
    let (name, values) = match (field.name, field.kind) {
        // Not told to anybody; the coordinates as they were given hold their reference system; other properties
        // stand beside the fields.
        ("updated_by" | "number" | "location_as_given_crs" | "extra", _) => return None,
        ("location_as_given", _) => (field.name, Values::Other("object")),
        (_, FieldKind::Position) => ("geometry", Values::Geometry("point")),
        (name, kind) => (name, values(kind)),
    };
    // What was entered for the place is a property like others.
    let role =
        if field.role == FieldRole::Place && name != "geometry" { FieldRole::Given } else { field.role };
    Some(property(name, field.titles.en, values, role))
}

fn values(kind: FieldKind) -> Values {
    match kind {
        FieldKind::Id => Values::Uuid,
        FieldKind::Position => Values::Geometry("point"),
        FieldKind::Text { .. } => Values::Text,
        FieldKind::Word(words) => Values::Words(words.all),
        FieldKind::Whole | FieldKind::Year => Values::Whole(1),
        FieldKind::Measure { .. } => Values::Real,
        FieldKind::Day => Values::Day,
        FieldKind::Instant => Values::Instant,
        FieldKind::Texts => Values::Texts,
        FieldKind::Object => Values::Other("object"),
    }
}

impl Property {
    /// Its JSON Schema; `null` is allowed where a value may be missing.
    pub fn schema(&self) -> Value {
        let mut schema = match &self.values {
            Values::Text => json!({"type": "string"}),
            Values::Words(words) => json!({"type": "string", "enum": words}),
            Values::Whole(least) => json!({"type": "integer", "minimum": least}),
            Values::Real => json!({"type": "number"}),
            Values::Day => json!({"type": "string", "format": "date"}),
            Values::Instant => json!({"type": "string", "format": "date-time"}),
            Values::Uuid => json!({"type": "string", "format": "uuid"}),
            Values::Texts => json!({"type": "array", "items": {"type": "string"}}),
            Values::Other(type_) => json!({"type": type_}),
            Values::Geometry(format) => json!({"format": format!("geometry-{format}")}),
        };
        schema["title"] = json!(self.title);
        match self.role {
            FieldRole::Id => schema["x-ogc-role"] = json!("id"),
            FieldRole::Place => schema["x-ogc-role"] = json!("primary-geometry"),
            FieldRole::Derived => schema["readOnly"] = json!(true),
            FieldRole::Sent => schema["writeOnly"] = json!(true),
            FieldRole::Required | FieldRole::Given | FieldRole::Rest => {}
        }
        schema
    }

    /// Whether it is a column of a table: it has one value, and is neither the id nor the place.
    pub fn is_tabular(&self) -> bool {
        self.is_queryable() && !matches!(self.role, FieldRole::Id | FieldRole::Place)
    }

    /// Whether a filter can ask for it: it has one value.
    pub fn is_queryable(&self) -> bool {
        !matches!(self.values, Values::Texts | Values::Other(_)) && self.role != FieldRole::Sent
    }
}

/// The schema of a collection's features (`/schema`).
pub fn schema(collection: Collection, scope: Scope, title: &str, own: &str) -> Value {
    let all = shown(collection, scope);
    let required: Vec<&str> = all
        .iter()
        .filter(|p| matches!(p.role, FieldRole::Id | FieldRole::Required))
        .map(|p| p.name)
        .collect();
    document(title, own, &all, |_| true, json!({"required": required}))
}

/// What filters can ask for (`/queryables`).
pub fn queryables(collection: Collection, scope: Scope, title: &str, own: &str) -> Value {
    let nothing_else = json!({"additionalProperties": false});
    document(title, own, &shown(collection, scope), Property::is_queryable, nothing_else)
}

fn document(
    title: &str,
    own: &str,
    all: &[Property],
    wanted: impl Fn(&Property) -> bool,
    mut more: Value,
) -> Value {
    // QGIS sorts the names of a JSON object, so it learns the order of the columns from here. A property has the
    // same place in the schema and in the queryables.
    let in_order = |(place, property): (u32, &Property)| {
        let mut schema = property.schema();
        schema["x-ogc-propertySeq"] = json!(place);
        (property.name.to_owned(), schema)
    };
    let properties: Map<String, Value> =
        (1..).zip(all).filter(|(_, property)| wanted(property)).map(in_order).collect();
    let mut document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": own,
        "title": title,
        "type": "object",
        "properties": properties,
    });
    if let (Some(document), Some(more)) = (document.as_object_mut(), more.as_object_mut()) {
        document.append(more);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_condition_can_name_is_queryable_and_nothing_else() {
        let mut told: Vec<&str> =
            of(Collection::Detections).iter().filter(|p| p.is_queryable()).map(|p| p.name).collect();
        let mut known: Vec<&str> = atlas::Field::all().map(|(name, _)| name).collect();
        told.sort_unstable();
        known.sort_unstable();
        assert_eq!(told, known);
    }
}
