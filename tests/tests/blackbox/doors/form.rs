//! Rows as the submissions of a form.

use serde_json::{Value, json};

use super::row::Row;

/// The answers of a row, by the names of their questions.
fn answers(row: &Row) -> Vec<(String, String)> {
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let columns = row.columns().into_iter().skip(1).filter(|(name, _)| name != "base_revision");
    columns.map(|(name, value)| (name, text(value))).collect()
}

fn geopoint(row: &Row) -> String {
    format!("{} {} 0 0", row.place[1], row.place[0])
}

/// The id of the submission that changes a record: one of its own, always the same.
fn instance(row: &Row) -> String {
    row.id.replace("-7cc1-", "-7cc2-")
}

/// As XML: a new record, or a change of the one that is there.
pub fn xform(row: &Row) -> String {
    let mut xml = String::from("<?xml version='1.0' ?><data id=\"table\" version=\"1\">");
    for (name, answer) in answers(row) {
        xml.push_str(&format!("<{name}>{}</{name}>", escaped(&answer)));
    }
    if row.is_seeded {
        let (id, base) = (&row.id, row.properties.get("base_revision").cloned().unwrap_or(json!(1)));
        xml.push_str(&format!(
            "<meta><entity dataset=\"detections\" update=\"1\" id=\"{id}\" baseVersion=\"{base}\"/>\
             <instanceID>uuid:{}</instanceID></meta></data>",
            instance(row)
        ));
    } else {
        xml.push_str(&format!(
            "<location>{}</location><meta><instanceID>uuid:{}</instanceID></meta></data>",
            geopoint(row),
            row.id
        ));
    }
    xml
}

/// As the JSON of `KoBoToolbox`.
pub fn kobo(row: &Row) -> Value {
    let id = if row.is_seeded { instance(row) } else { row.id.clone() };
    let mut sent = json!({"_id": 1, "_uuid": id, "meta/instanceID": format!("uuid:{id}")});
    for (name, answer) in answers(row) {
        sent[name] = json!(answer);
    }
    if row.is_seeded {
        sent["detection"] = json!(row.id);
    } else {
        sent["location"] = json!(geopoint(row));
    }
    sent
}

/// Text for XML, in an element or an attribute.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
