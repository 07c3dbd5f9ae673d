//! Counts of accidents.

use serde_json::{Map, Value, json};

use super::parts::{get, list, object, schema};

/// Returns the path.
pub fn paths() -> Map<String, Value> {
    let names = ["by.accidents", "victims_by", "f.summary", "datetime.months", "region", "as_of", "revision"];
    let both = json!({
        "application/json": {"schema": schema("accidentSummary")},
        "text/csv": {"schema": {"type": "string"}},
    });
    let told = "Accidents, people killed and people injured, grouped";
    let mut operation = get("Progress", "accidentSummary", told, &names, &both, false);
    operation["get"]["description"] = json!(
        "The public gets counts by district and month and can filter by region and whole months only. The server \
         withholds counts that could identify a person: they are null in JSON, and empty in CSV. Readers who see \
         records get all counts, and can use every filter of the collection."
    );
    Map::from_iter([("/summary/accidents".to_owned(), operation)])
}

/// Returns the schemas.
pub fn schemas() -> Value {
    let (text, whole) = (|| json!({"type": "string"}), || json!({"type": "integer"}));
    let maybe_text = || json!({"type": "string", "nullable": true});
    let maybe_whole = || json!({"type": "integer", "nullable": true});
    json!({
        "accidentCounts": object(&["accidents", "killed", "injured"], &json!({
            "accidents": maybe_whole(), "killed": maybe_whole(), "injured": maybe_whole(),
        })),
        "accidentSummary": object(&["revision", "demonstration", "min_cell_count", "by", "rows", "total"], &json!({
            "revision": whole(), "demonstration": {"type": "boolean"}, "min_cell_count": whole(), "by": list(&text()),
            "total": schema("accidentCounts"),
            "rows": list(&object(&["accidents", "killed", "injured"], &json!({
                "region": maybe_text(), "month": text(),
                "accidents": maybe_whole(), "killed": maybe_whole(), "injured": maybe_whole(),
            }))),
            "victims": object(&["by", "rows", "listed", "killed_unlisted", "injured_unlisted"], &json!({
                "by": list(&text()), "listed": whole(), "killed_unlisted": whole(), "injured_unlisted": whole(),
                "rows": list(&object(&["victims"], &json!({
                    "outcome": maybe_text(), "sex": maybe_text(), "age_group": maybe_text(), "status": maybe_text(),
                    "victims": whole(),
                }))),
            })),
        })),
    })
}
