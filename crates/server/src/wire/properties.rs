//! The properties of each collection's features: the table from which schemas and queryables are generated
//! (OGC API Features Parts 3 and 5).

use atlas::Scope;
use demining::{
    Judged,
    field::{FieldKind, FieldRole, FieldSpec, Group},
    for_collection,
};
use serde_json::{Map, Value, json};

use crate::wire::{collection::Collection, records::is_shown};

/// A property of a feature.
pub struct Property {
    /// The name.
    pub name: &'static str,
    /// The title for people, with the unit.
    pub title: &'static str,
    /// The type of its values.
    pub values: Values,
    /// The role.
    pub role: FieldRole,
}

/// The type of a property's values.
pub enum Values {
    /// Any text.
    Text,
    /// One of these words.
    Words(&'static [&'static str]),
    /// Whole numbers from this minimum.
    Whole(i64),
    /// Times of the day, `HH:MM`.
    Time,
    /// The rows of a repeated group.
    Rows(&'static Group),
    /// Numbers.
    Real,
    /// `YYYY-MM-DD`.
    Day,
    /// An instant in UTC.
    Instant,
    /// A UUID.
    Uuid,
    /// A list of texts.
    Texts,
    /// Values of this JSON type.
    Other(&'static str),
    /// A geometry of this type.
    Geometry(&'static str),
}

fn property(name: &'static str, title: &'static str, values: Values, role: FieldRole) -> Property {
    Property { name, title, values, role }
}

/// Returns the properties of a collection's features that a scope shows.
pub fn shown(collection: Collection, scope: Scope) -> Vec<Property> {
    let is_shown = |property: &Property| match collection {
        Collection::Records(collection) => {
            for_collection!(collection, T => is_shown::<T>(scope, property.name))
        }
        _ => true,
    };
    of(collection).into_iter().filter(is_shown).collect()
}

/// Returns all properties of a collection's features, including id and geometry.
pub fn of(collection: Collection) -> Vec<Property> {
    use FieldRole::{Derived, Id, Place};
    use Values::{Day, Geometry, Other, Real, Text, Texts, Whole};
    match collection {
        Collection::Records(collection) => {
            for_collection!(collection, T => Judged::<T>::specs().filter_map(of_field).collect())
        }
        Collection::Regions => vec![
            property("id", "Code", Text, Id),
            property("geometry", "Boundary", Geometry("multipolygon"), Place),
            property("name", "Name in English", Text, Derived),
            property("names", "Names by language", Other("object"), Derived),
            property("aliases", "Other spellings", Texts, Derived),
            property("level", "Level", Text, Derived),
            property("parent", "Parent region", Text, Derived),
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
            property("text", "Wording of the source", Text, Derived),
            property("number", "Number", Real, Derived),
            property("unit", "Unit", Text, Derived),
            property("period", "First and last day", Other("object"), Derived),
            property("regions", "Regions", Texts, Derived),
            property("part_of", "Figure it is part of", Text, Derived),
            property("parts_sum", "Sum of its parts, if it differs from the number", Real, Derived),
            property("note", "Note", Text, Derived),
            property("source", "Source", Other("object"), Derived),
        ],
    }
}

/// Returns the property of a field, if features have one.
fn of_field(field: &'static FieldSpec) -> Option<Property> {
    let (name, values) = match (field.name, field.kind) {
        // `updated_by` and `number` are never shown, the coordinates as given include their reference system,
        // and extra properties appear beside the fields.
        ("updated_by" | "number" | "location_as_given_crs" | "extra", _) => return None,
        ("location_as_given", _) => (field.name, Values::Other("object")),
        (_, FieldKind::Position) => ("geometry", Values::Geometry("point")),
        (name, kind) => (name, values(kind)),
    };
    // Coordinates as given are an ordinary property.
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
        FieldKind::Whole { min, .. } => Values::Whole(min.into()),
        FieldKind::Year => Values::Whole(1),
        FieldKind::Measure { .. } => Values::Real,
        FieldKind::Day => Values::Day,
        FieldKind::Instant => Values::Instant,
        FieldKind::Texts => Values::Texts,
        FieldKind::Object => Values::Other("object"),
        FieldKind::Time => Values::Time,
        FieldKind::Rows(group) => Values::Rows(group),
    }
}

/// Returns the JSON Schema of a repeated group.
fn rows_schema(group: &Group) -> Value {
    let fields = group.fields.iter().filter_map(|field| {
        let property = of_field(field)?;
        Some((property.name.to_owned(), property.schema()))
    });
    let required: Vec<&str> = group
        .fields
        .iter()
        .filter(|field| field.role == FieldRole::Required)
        .map(|field| field.name)
        .collect();
    json!({
        "type": "array",
        "maxItems": group.max_rows,
        "items": {
            "type": "object",
            "properties": fields.collect::<Map<_, _>>(),
            "required": required,
            "additionalProperties": false,
        },
    })
}

impl Property {
    /// Returns the JSON Schema.
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
            Values::Time => json!({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}),
            Values::Rows(group) => rows_schema(group),
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

    /// Returns whether the property is a table column: a single value other than the id and the place.
    pub fn is_tabular(&self) -> bool {
        self.is_queryable() && !matches!(self.role, FieldRole::Id | FieldRole::Place)
    }

    /// Returns whether filters can use the property: it has a single value.
    pub fn is_queryable(&self) -> bool {
        !matches!(self.values, Values::Texts | Values::Rows(_) | Values::Time | Values::Other(_))
            && self.role != FieldRole::Sent
    }
}

/// Builds the schema of a collection's features (`/schema`).
pub fn schema(collection: Collection, scope: Scope, title: &str, own: &str) -> Value {
    let all = shown(collection, scope);
    let required: Vec<&str> = all
        .iter()
        .filter(|p| matches!(p.role, FieldRole::Id | FieldRole::Required))
        .map(|p| p.name)
        .collect();
    document(title, own, &all, |_| true, json!({"required": required}))
}

/// Builds the queryables of a collection (`/queryables`).
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
    // QGIS sorts the names of a JSON object, so this tells it the order of columns. A property has the same
    // position in the schema and in the queryables.
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
        let same = |collection, mut known: Vec<&'static str>| {
            let all = of(Collection::Records(collection));
            let mut told: Vec<&str> = all.iter().filter(|p| p.is_queryable()).map(|p| p.name).collect();
            told.sort_unstable();
            known.sort_unstable();
            assert_eq!(told, known);
        };
        same(demining::Collection::Detections, atlas::Field::all().map(|(name, _)| name).collect());
        let accidents = atlas::Fields::<demining::AccidentDetails>::all();
        same(demining::Collection::Accidents, accidents.map(|(name, _)| name).collect());
    }
}
