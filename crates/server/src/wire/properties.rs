//! The properties of each collection's features: one table, from which schemas and queryables are made
//! (OGC API Features Parts 3 and 5).

use atlas::Scope;
use demining::{Disposal, Fix, Kind, PUBLIC_FIELDS, Review, SourceReliability, Status};
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
    pub role: Role,
}

/// What the values of a property are.
pub enum Values {
    /// Any text.
    Text,
    /// One of some words.
    Words(Vec<&'static str>),
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

/// What may be done with a property.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It names the feature.
    Id,
    /// Where the feature is.
    Place,
    /// Whoever uploads must give it.
    Required,
    /// Whoever uploads may give it.
    Given,
    /// The server says it.
    Derived,
    /// Whoever changes something may give it; it is kept in the history and comes back with nothing.
    Sent,
}

fn property(name: &'static str, title: &'static str, values: Values, role: Role) -> Property {
    Property { name, title, values, role }
}

/// The properties of a collection's features that a scope shows.
pub fn shown(collection: Collection, scope: Scope) -> Vec<Property> {
    let is_shown = |property: &Property| {
        collection != Collection::Detections || scope == Scope::Full || PUBLIC_FIELDS.contains(&property.name)
    };
    of(collection).into_iter().filter(is_shown).collect()
}

/// The properties of a collection's features, their id and geometry among them.
pub fn of(collection: Collection) -> Vec<Property> {
    use Role::{Derived, Given, Id, Place, Required, Sent};
    use Values::{Day, Geometry, Instant, Other, Real, Text, Texts, Uuid, Whole};
    macro_rules! words {
        ($values:ty) => {
            Values::Words(<$values>::ALL.iter().map(|value| value.word()).collect())
        };
    }
    match collection {
        Collection::Detections => vec![
            property("id", "Id, made by whoever records it", Uuid, Id),
            property("geometry", "Location", Geometry("point"), Place),
            property("kind", "Kind", words!(Kind), Required),
            property("model", "Model, such as PMN-2", Text, Given),
            property("made_in_year", "Year of production", Whole(1), Given),
            property("quantity", "Items", Whole(1), Given),
            property("depth_cm", "Depth, cm", Real, Given),
            property("detected_on", "Day found", Day, Required),
            property("status", "Status", words!(Status), Given),
            property("neutralised_on", "Day neutralised", Day, Given),
            property("disposal", "Disposal", words!(Disposal), Given),
            property("operator", "Operator", Text, Given),
            property("team", "Team", Text, Given),
            property("hazard_area", "Hazardous area", Text, Given),
            property("source_reliability", "Reliability of the source", words!(SourceReliability), Given),
            property("accuracy_m", "Accuracy of the position, m", Real, Given),
            property("fix", "How the position was taken", words!(Fix), Given),
            property("location_as_given", "Coordinates as they were entered", Other("object"), Given),
            property("note", "Note", Text, Given),
            property("photos", "Photos", Texts, Given),
            property("region", "District, by the location", Text, Derived),
            property("review", "Review", words!(Review), Derived),
            property("revision", "Revision of the last change", Whole(1), Derived),
            property("updated_at", "Time of the last change", Instant, Derived),
            property("reason", "Why it is changed, for the history", Text, Sent),
            property("base_revision", "The revision at which the sender knew the record", Whole(1), Sent),
        ],
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
            Role::Id => schema["x-ogc-role"] = json!("id"),
            Role::Place => schema["x-ogc-role"] = json!("primary-geometry"),
            Role::Derived => schema["readOnly"] = json!(true),
            Role::Sent => schema["writeOnly"] = json!(true),
            Role::Required | Role::Given => {}
        }
        schema
    }

    /// Whether it is a column of a table: it has one value, and is neither the id nor the place.
    pub fn is_tabular(&self) -> bool {
        self.is_queryable() && !matches!(self.role, Role::Id | Role::Place)
    }

    /// Whether a filter can ask for it: it has one value.
    pub fn is_queryable(&self) -> bool {
        !matches!(self.values, Values::Texts | Values::Other(_)) && self.role != Role::Sent
    }
}

/// The schema of a collection's features (`/schema`).
pub fn schema(collection: Collection, scope: Scope, title: &str, own: &str) -> Value {
    let all = shown(collection, scope);
    let required: Vec<&str> =
        all.iter().filter(|p| matches!(p.role, Role::Id | Role::Required)).map(|p| p.name).collect();
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
        let mut known: Vec<&str> = atlas::Field::ALL.iter().map(|(name, _)| *name).collect();
        told.sort_unstable();
        known.sort_unstable();
        assert_eq!(told, known);
    }
}
