//! What became of the caller's own records.

use demining::{QuarantineReason, Review};
use serde_json::{Map, Value, json};

use super::{
    access::{body, of},
    parts::{content, schema},
    uploads::{operation, problem},
};

use crate::api::own::MOST_RECORDS;

/// The paths.
pub fn paths() -> Map<String, Value> {
    let standing =
        json!({"description": "One for each id", "content": content("application/json", "standings")});
    let summary = "How records stand, with the reason of their newest revision, and what became of what the caller \
                   sent for them that was set aside";
    let mut records = of("Access", operation("ownRecords", summary, &[], &[("200", standing)]));
    records["requestBody"] = body("askedRecords", &json!({"ids": ["018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01"]}));
    let ends = [("204", json!({"description": "Withdrawn"})), ("404", problem()), ("409", problem())];
    let summary = "Withdraws what the caller sent and no manager has decided on";
    let withdraw = of("Access", operation("withdrawClaim", summary, &["held.number"], &ends));
    Map::from_iter([
        ("/me/records".to_owned(), json!({"post": records})),
        ("/me/claims/{number}".to_owned(), json!({"delete": withdraw})),
    ])
}

/// The schemas of what is sent and answered.
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
            "description": "The members after `state` are those of the newest revision; an unknown record has none",
            "properties": {
                "id": id(), "state": {"type": "string", "enum": states},
                "revision": {"type": "integer"}, "updated_at": instant(), "updated_by": text(), "reason": text(),
                "feature": schema("detection"),
                "claims": {"type": "array", "items": schema("claim")},
            },
        },
        "claim": {
            "type": "object", "required": ["number", "held_at", "why", "decision", "feature"],
            "description": "What the caller sent for the record and the server set aside for a manager",
            "properties": {
                "number": {"type": "integer"}, "upload": id(), "held_at": instant(),
                "why": {"type": "string", "enum": QuarantineReason::ALL.iter().map(|why| why.word()).collect::<Vec<_>>()},
                "decision": {"type": "string", "enum": ["pending", "accepted", "dismissed", "withdrawn"]},
                "reason": text(), "decided_at": instant(), "feature": schema("detection"),
            },
        },
    })
}
