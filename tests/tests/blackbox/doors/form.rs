//! Converts rows to form submissions.

use serde_json::{Value, json};

use super::row::Row;

/// Returns the answers of a row, by question.
fn answers(row: &Row) -> Vec<(String, String)> {
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let columns = row.columns().into_iter().skip(1).filter(|(name, _)| name != "base_revision");
    columns.map(|(name, value)| (name, text(value))).collect()
}

fn geopoint(row: &Row) -> String {
    format!("{} {} 0 0", row.place[1], row.place[0])
}

/// Returns the id of the submission that changes a record: distinct from the record's, and constant.
fn instance(row: &Row) -> String {
    row.id.replace("-7cc1-", "-7cc2-")
}

/// Formats a row as XML: a new record, or a change of an existing one.
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

/// Formats a row as the JSON of `KoBoToolbox`.
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

/// Escapes text for XML elements and attributes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
