//! The state of the caller's own records.

use demining::{QuarantineReason, Review};
use serde_json::{Map, Value, json};

use super::{
    access::{body, of},
    parts::{content, schema},
    uploads::{operation, problem},
};

use crate::api::own::MOST_RECORDS;

/// Returns the paths.
pub fn paths() -> Map<String, Value> {
    let standing =
        json!({"description": "One entry for each id", "content": content("application/json", "standings")});
    let summary = "The state of records, with the reason of their newest revision, and the decisions on the caller's \
                   writes in the quarantine";
    let mut records = of("Access", operation("ownRecords", summary, &[], &[("200", standing)]));
    records["requestBody"] = body("askedRecords", &json!({"ids": ["018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01"]}));
    let ends = [("204", json!({"description": "Withdrawn"})), ("404", problem()), ("409", problem())];
    let summary = "Withdraws a quarantined write of the caller that no manager has decided on";
    let withdraw = of("Access", operation("withdrawClaim", summary, &["held.number"], &ends));
    Map::from_iter([
        ("/me/records".to_owned(), json!({"post": records})),
        ("/me/claims/{number}".to_owned(), json!({"delete": withdraw})),
    ])
}

/// Returns the schemas of requests and responses.
pub fn schemas() -> Value {
    let text = || json!({"type": "string"});
    let instant = || json!({"type": "string", "format": "date-time"});
    let id = || json!({"type": "string", "format": "uuid"});
    let states: Vec<_> =
        Review::ALL.iter().map(|review| review.word()).chain(["deleted", "unknown"]).collect();
    json!({
        "askedRecords": {"type": "object", "required": ["ids"], "additionalProperties": false, "properties": {
            "ids": {"type": "array", "maxItems": MOST_RECORDS, "items": id()},
        }},
        "standings": {"type": "object", "required": ["records"], "properties": {
            "records": {"type": "array", "items": schema("standing")},
        }},
        "standing": {
            "type": "object", "required": ["id", "state", "claims"],
            "description": "The members after `state` describe the newest revision and are absent for an unknown record",
            "properties": {
                "id": id(), "state": {"type": "string", "enum": states},
                "revision": {"type": "integer"}, "updated_at": instant(), "updated_by": text(), "reason": text(),
                "feature": schema("detection"),
                "claims": {"type": "array", "items": schema("claim")},
            },
        },
        "claim": {
            "type": "object", "required": ["number", "held_at", "why", "decision", "feature"],
            "description": "A write of the caller to this record that the server quarantined for a manager",
            "properties": {
                "number": {"type": "integer"}, "upload": id(), "held_at": instant(),
                "why": {"type": "string", "enum": QuarantineReason::ALL.iter().map(|why| why.word()).collect::<Vec<_>>()},
                "decision": {"type": "string", "enum": ["pending", "accepted", "dismissed", "withdrawn"]},
                "reason": text(), "decided_at": instant(), "feature": schema("detection"),
            },
        },
    })
}
