//! The queues of managers, and their decisions.

use serde_json::{Map, Value, json};
use service::review::{Reviewed, Risk};

use super::{
    access::{body, of, secured},
    parts::{content, get, schema},
    uploads::{operation, problem},
};
use crate::wire::collection::noun;

/// Returns the paths.
pub fn paths() -> Map<String, Value> {
    let json_of = |schema: &str| content("application/json", schema);
    let done =
        |description: &str, schema: &str| json!({"description": description, "content": json_of(schema)});
    let mut paths = Map::new();

    let names = [
        "collection",
        "review.state",
        "review.region",
        "review.after",
        "review.limit",
        "near_m",
        "near_days",
    ];
    let queue =
        secured(get("Review", "queue", "Records in a review state", &names, &json_of("queue"), false));
    let mut decide = of(
        "Review",
        operation(
            "decide",
            "Approves records, sends them back or rejects them",
            &[],
            &[("200", done("The outcome of each decision", "decided"))],
        ),
    );
    let example = json!({
        "decision": "has_issues", "reason": "the photo shows another item",
        "records": [{"id": "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01", "revision": 8412}],
    });
    decide["requestBody"] = body("decision", &example);
    paths.insert("/review".to_owned(), json!({"get": queue["get"], "post": decide}));
    let ends =
        [("200", done("The outcome for each record", "undone")), ("404", problem()), ("409", problem())];
    let undo = operation(
        "undoDecision",
        "Undoes a decision that the caller made within the last minute",
        &["review.revision"],
        &ends,
    );
    paths.insert("/review/{revision}/undo".to_owned(), json!({"post": of("Review", undo)}));

    let names = ["collection", "held.after", "review.limit"];
    let held = get("Review", "held", "Writes in the quarantine", &names, &json_of("heldQueue"), false);
    paths.insert("/held".to_owned(), json!({"get": secured(held)["get"]}));
    let ends = [("200", done("Decided", "heldDecided")), ("404", problem()), ("409", problem())];
    let decide = operation("decideHeld", "Accepts or dismisses a quarantined write", &["held.number"], &ends);
    let mut decide = of("Review", decide);
    decide["requestBody"] = body("heldDecision", &json!({"decision": "accepted", "revision": 8412}));
    paths.insert("/held/{number}".to_owned(), json!({"post": decide}));

    let names = ["refused.after", "review.limit"];
    let refused = get(
        "Review",
        "refused",
        "Refused uploads that their senders cannot correct",
        &names,
        &json_of("refusedQueue"),
        false,
    );
    paths.insert("/refused".to_owned(), json!({"get": secured(refused)["get"]}));
    let ends = [("200", done("Settled", "refusedSettled")), ("404", problem()), ("409", problem())];
    let settle =
        operation("settleRefused", "Records how a refused upload was settled", &["refused.upload"], &ends);
    let mut settle = of("Review", settle);
    settle["requestBody"] =
        body("refusedSettlement", &json!({"reason": "entered again with the right date"}));
    paths.insert("/refused/{upload}".to_owned(), json!({"post": settle}));
    paths
}

/// Returns the schemas of requests and responses.
pub fn schemas() -> Value {
    let parts = [held(), queue(), refused()].into_iter();
    let members = parts.filter_map(|part| if let Value::Object(part) = part { Some(part) } else { None });
    Value::Object(members.flatten().collect())
}

/// Returns the schemas of the quarantine.
fn held() -> Value {
    let text = || json!({"type": "string"});
    let maybe_text = || json!({"type": "string", "nullable": true});
    let instant = || json!({"type": "string", "format": "date-time", "nullable": true});
    let waiting = || json!({"type": "object", "additionalProperties": {"type": "integer"}});
    let next = || json!({"type": "integer", "nullable": true});
    let id = || json!({"type": "string", "format": "uuid"});
    let codes = || json!({"type": "string", "enum": risk_codes()});
    json!({
        "photosTold": {"type": "array", "items": {"type": "object", "properties": {
            "photo": text(), "is_here": {"type": "boolean"}, "distance_m": {"type": "number", "nullable": true},
            "taken_on": maybe_text(),
        }}},
        "heldQueue": {
            "type": "object", "required": ["waiting", "records", "next"],
            "properties": {
                "waiting": waiting(),
                "next": next(),
                "records": {"type": "array", "items": schema("heldRecord")},
            },
        },
        "heldRecord": {
            "type": "object", "required": ["number", "row", "by", "held_at", "why", "detail", "feature", "current", "changed", "risks"],
            "properties": {
                "number": {"type": "integer"}, "row": {"type": "integer"}, "by": text(), "by_operator": maybe_text(),
                "held_at": instant(),
                "upload": {"type": "string", "format": "uuid", "nullable": true},
                "why": {"type": "string", "enum": demining::QuarantineReason::ALL.iter().map(|why| why.word()).collect::<Vec<_>>()},
                "detail": text(), "base_revision": {"type": "integer", "nullable": true}, "reason": maybe_text(),
                "feature": record(), "current": {"type": "object", "nullable": true},
                "changed": {"type": "array", "items": text()}, "photos": schema("photosTold"),
                "risks": {"type": "array", "items": schema("risk")},
            },
        },
        "risk": {
            "type": "object", "required": ["code", "detail", "fields"],
            "description": "A risk to check before the write is accepted",
            "properties": {
                "code": codes(), "detail": text(), "fields": {"type": "array", "items": text()},
                "distance_m": {"type": "number"},
            },
        },
        "heldDecision": {
            "type": "object", "required": ["decision"],
            "properties": {
                "decision": {"type": "string", "enum": ["accepted", "dismissed"]}, "reason": maybe_text(),
                "revision": {"type": "integer", "nullable": true, "description": "The revision of the record that the manager saw; null if the record did not exist"},
                "confirms": {"type": "array", "items": codes(), "description": "The codes of the confirmed risks; the response is 409 unless every risk is confirmed"},
            },
        },
        "heldDecided": {"type": "object", "required": ["revision", "id"], "properties": {
            "revision": {"type": "integer"}, "id": id(),
        }},
    })
}

/// Returns the codes of the risks of every collection.
fn risk_codes() -> Vec<&'static str> {
    let own = demining::Collection::ALL
        .iter()
        .flat_map(|collection| demining::for_collection!(*collection, T => <T as Reviewed>::OWN_RISKS));
    Risk::CODES.iter().chain(own).copied().collect()
}

/// Returns the names of the collections of records.
fn collections() -> Vec<&'static str> {
    demining::Collection::ALL.iter().map(|collection| collection.name()).collect()
}

/// Returns the schema of a record of any collection.
fn record() -> Value {
    let each = demining::Collection::ALL.iter().map(|collection| schema(noun(*collection)));
    json!({"anyOf": each.collect::<Vec<_>>()})
}

/// Returns the schemas of records in review, and of decisions on them.
fn queue() -> Value {
    let text = || json!({"type": "string"});
    let day = || json!({"type": "string", "format": "date"});
    let maybe_text = || json!({"type": "string", "nullable": true});
    let instant = || json!({"type": "string", "format": "date-time", "nullable": true});
    let waiting = || json!({"type": "object", "additionalProperties": {"type": "integer"}});
    let next = || json!({"type": "integer", "nullable": true});
    let id = || json!({"type": "string", "format": "uuid"});
    json!({
        "queue": {
            "type": "object", "required": ["state", "waiting", "records", "next"],
            "properties": {
                "state": text(),
                "waiting": waiting(),
                "records": {"type": "array", "items": schema("queued")},
                "next": next(),
            },
        },
        "queued": {
            "type": "object", "required": ["feature", "before", "changed", "near"],
            "properties": {
                "feature": record(), "before": {"type": "object", "nullable": true},
                "changed": {"type": "array", "items": {"type": "string"}}, "by": maybe_text(), "by_operator": maybe_text(),
                "at": instant(),
                "reason": maybe_text(), "revisions": {"type": "integer"}, "photos": schema("photosTold"),
                "near": {"type": "array", "items": schema("near")},
            },
        },
        "near": {
            "type": "object", "required": ["id", "distance_m", "days", "review", "coordinates"],
            "description": "A possible duplicate: a detection with status and detected_on, or an accident with class and occurred_on",
            "properties": {
                "id": id(), "distance_m": {"type": "number"}, "days": {"type": "integer"}, "review": text(),
                "coordinates": schema("lonLat"), "status": text(), "detected_on": day(), "class": text(),
                "occurred_on": day(),
            },
        },
        "decision": {
            "type": "object", "required": ["decision", "records"],
            "properties": {
                "collection": {"type": "string", "enum": collections(), "default": demining::Collection::Detections.name()},
                "decision": {"type": "string", "enum": ["approved", "rejected", "has_issues"]}, "reason": maybe_text(),
                "records": {"type": "array", "items": {
                    "type": "object", "required": ["id", "revision"],
                    "properties": {"id": id(), "revision": {"type": "integer"}},
                }},
            },
        },
        "decided": {
            "type": "object", "required": ["revision", "decided", "problems"],
            "properties": {
                "revision": {"type": "integer"}, "decided": {"type": "integer"},
                "problems": {"type": "array", "items": {"type": "object"}},
                "undo": {
                    "type": "object", "nullable": true, "required": ["href", "until"],
                    "description": "Where and until when the decision can be undone; null if nothing was decided",
                    "properties": {"href": text(), "until": {"type": "string", "format": "date-time"}},
                },
            },
        },
        "undone": {
            "type": "object", "required": ["revision", "undone", "problems"],
            "properties": {
                "revision": {"type": "integer"}, "undone": {"type": "integer"},
                "problems": {"type": "array", "items": {"type": "object"}},
            },
        },
    })
}

/// Returns the schemas of refused uploads.
fn refused() -> Value {
    let text = || json!({"type": "string"});
    let maybe_text = || json!({"type": "string", "nullable": true});
    let waiting = || json!({"type": "object", "additionalProperties": {"type": "integer"}});
    let next = || json!({"type": "integer", "nullable": true});
    let id = || json!({"type": "string", "format": "uuid"});
    json!({
        "refusedQueue": {
            "type": "object", "required": ["waiting", "uploads", "next"],
            "properties": {
                "waiting": waiting(), "next": next(),
                "uploads": {"type": "array", "items": schema("refusedUpload")},
            },
        },
        "refusedUpload": {
            "type": "object", "required": ["upload", "received_at", "by", "door", "problems"],
            "properties": {
                "upload": id(), "received_at": {"type": "string", "format": "date-time"}, "by": text(),
                "by_operator": maybe_text(),
                "door": {"type": "string", "enum": ["openrosa", "attachment", "hook"]},
                "problems": {"type": "array", "items": schema("rowProblem")},
            },
        },
        "refusedSettlement": {"type": "object", "required": ["reason"], "properties": {"reason": text()}},
        "refusedSettled": {"type": "object", "required": ["upload"], "properties": {"upload": id()}},
    })
}
