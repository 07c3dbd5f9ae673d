//! Who is asking, tokens, and review.

use serde_json::{Map, Value, json};

use super::{
    parts::{content, get, schema},
    uploads::{operation, problem},
};

/// The paths.
pub fn paths() -> Map<String, Value> {
    let json_of = |schema: &str| content("application/json", schema);
    let done =
        |description: &str, schema: &str| json!({"description": description, "content": json_of(schema)});
    let nothing = |description: &str| json!({"description": description});
    let mut paths = Map::new();

    let mut me = get("Access", "me", "Who is asking, and what the public sees", &[], &json_of("me"), false);
    me["get"]["security"] = json!([{}, {"token": []}, {"password": []}]);
    paths.insert("/me".to_owned(), me);

    let mut begin = of(
        "Access",
        operation("signIn", "Signs a browser in with a token", &[], &[("204", nothing("A cookie"))]),
    );
    begin["requestBody"] = body("signIn", &json!({"token": "clearline_..."}));
    begin["security"] = json!([{}]);
    let mut end = of("Access", operation("signOut", "Signs out", &[], &[("204", nothing("Signed out"))]));
    end["security"] = json!([{}]);
    paths.insert("/session".to_owned(), json!({"post": begin, "delete": end}));

    paths.insert("/session/openid".to_owned(), sign_in_elsewhere());

    let list = secured(get(
        "Access",
        "tokens",
        "Every token, without what it is shown by",
        &[],
        &json_of("tokens"),
        false,
    ));
    let mut create = of(
        "Access",
        operation("createToken", "Makes a token", &[], &[("201", done("The token, shown once", "token"))]),
    );
    create["requestBody"] =
        body("newToken", &json!({"name": "Team 7", "role": "field", "regions": ["AZ-KAL"]}));
    paths.insert("/tokens".to_owned(), json!({"get": list["get"], "post": create}));
    let mut revoke = of(
        "Access",
        operation(
            "revokeToken",
            "Makes a token good for nothing",
            &["token.id"],
            &[("204", nothing("Revoked"))],
        ),
    );
    revoke["responses"]["404"] = problem();
    paths.insert("/tokens/{id}".to_owned(), json!({"delete": revoke}));

    let names = ["review.state", "review.region", "review.after", "review.limit", "near_m", "near_days"];
    let queue = secured(get("Review", "queue", "What waits for a manager", &names, &json_of("queue"), false));
    let mut decide = of(
        "Review",
        operation(
            "decide",
            "Approves, sends back or rejects",
            &[],
            &[("200", done("What became of each", "decided"))],
        ),
    );
    let example = json!({
        "decision": "has_issues", "reason": "the photo shows another item",
        "records": [{"id": "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01", "revision": 8412}],
    });
    decide["requestBody"] = body("decision", &example);
    paths.insert("/review".to_owned(), json!({"get": queue["get"], "post": decide}));

    let names = ["held.after", "review.limit"];
    let held = get("Review", "held", "What came in and was set aside", &names, &json_of("heldQueue"), false);
    paths.insert("/held".to_owned(), json!({"get": secured(held)["get"]}));
    let ends = [("200", done("Decided", "heldDecided")), ("404", problem()), ("409", problem())];
    let decide = operation(
        "decideHeld",
        "Puts in its place what was set aside, or dismisses it",
        &["held.number"],
        &ends,
    );
    let mut decide = of("Review", decide);
    decide["requestBody"] = body("heldDecision", &json!({"decision": "accepted", "revision": 8412}));
    paths.insert("/held/{number}".to_owned(), json!({"post": decide}));
    paths
}

/// A browser that goes to the provider of identities comes back to an address that is between the two.
fn sign_in_elsewhere() -> Value {
    let summary = "Sends a browser to the provider of identities, if there is one";
    let mut path = get("Access", "signInElsewhere", summary, &[], &json!({}), true);
    path["get"]["security"] = json!([{}]);
    if let Some(responses) = path["get"]["responses"].as_object_mut() {
        responses.remove("200");
        responses.insert("303".to_owned(), json!({"description": "To the provider"}));
        responses.insert("502".to_owned(), problem());
    }
    path
}

fn of(tag: &str, mut operation: Value) -> Value {
    operation["tags"] = json!([tag]);
    operation
}

/// Of those who showed who they are.
fn secured(mut path: Value) -> Value {
    path["get"]["security"] = json!([{"token": []}, {"password": []}]);
    path
}

fn body(name: &str, example: &Value) -> Value {
    json!({"required": true, "content": {"application/json": {"schema": schema(name), "example": example}}})
}

/// The schemas of what is sent and answered.
pub fn schemas() -> Value {
    let mut all = of_access();
    if let (Some(all), Some(held)) = (all.as_object_mut(), of_held().as_object_mut()) {
        all.append(held);
    }
    all
}

/// Those of what was set aside, and of the photos of what is looked at.
fn of_held() -> Value {
    let text = || json!({"type": "string"});
    let maybe_text = || json!({"type": "string", "nullable": true});
    let instant = || json!({"type": "string", "format": "date-time", "nullable": true});
    json!({
        "photosTold": {"type": "array", "items": {"type": "object", "properties": {
            "photo": text(), "is_here": {"type": "boolean"}, "distance_m": {"type": "number", "nullable": true},
            "taken_on": maybe_text(),
        }}},
        "heldQueue": {
            "type": "object", "required": ["waiting", "records", "next"],
            "properties": {
                "waiting": {"type": "object", "additionalProperties": {"type": "integer"}},
                "next": {"type": "integer", "nullable": true},
                "records": {"type": "array", "items": schema("heldRecord")},
            },
        },
        "heldRecord": {
            "type": "object", "required": ["number", "row", "by", "held_at", "why", "detail", "feature", "current", "changed"],
            "properties": {
                "number": {"type": "integer"}, "row": {"type": "integer"}, "by": text(), "held_at": instant(),
                "upload": {"type": "string", "format": "uuid", "nullable": true},
                "why": {"type": "string", "enum": demining::Aside::ALL.iter().map(|why| why.word()).collect::<Vec<_>>()},
                "detail": text(), "base_revision": {"type": "integer", "nullable": true}, "reason": maybe_text(),
                "feature": schema("detection"), "current": {"type": "object", "nullable": true},
                "changed": {"type": "array", "items": text()}, "photos": schema("photosTold"),
            },
        },
        "heldDecision": {
            "type": "object", "required": ["decision"],
            "properties": {
                "decision": {"type": "string", "enum": ["accepted", "dismissed"]}, "reason": maybe_text(),
                "revision": {"type": "integer", "nullable": true, "description": "Of the record as it was looked at; none when there was none"},
            },
        },
        "heldDecided": {"type": "object", "required": ["revision", "id"], "properties": {
            "revision": {"type": "integer"}, "id": {"type": "string", "format": "uuid"},
        }},
    })
}

/// Those of tokens and review.
fn of_access() -> Value {
    let text = || json!({"type": "string"});
    let maybe_text = || json!({"type": "string", "nullable": true});
    let instant = || json!({"type": "string", "format": "date-time", "nullable": true});
    let ids = || json!({"type": "array", "items": {"type": "string"}, "nullable": true});
    let roles = |from: usize| {
        let words: Vec<&str> = demining::Role::ALL[from..].iter().map(|role| role.word()).collect();
        json!({"type": "string", "enum": words})
    };
    let token = json!({
        "type": "object", "required": ["id", "name", "role"],
        "properties": {
            "id": {"type": "string", "format": "uuid"}, "name": text(), "role": roles(1), "operator": maybe_text(),
            "regions": ids(), "created_at": instant(), "expires_at": instant(), "revoked_at": instant(),
            "token": text(),
        },
    });
    json!({
        "me": {
            "type": "object", "required": ["role", "public"],
            "properties": {
                "name": maybe_text(), "role": roles(0), "operator": maybe_text(), "regions": ids(),
                "expires_at": instant(), "signed_in": {"type": "boolean"}, "openid": maybe_text(),
                "public": {"type": "object", "properties": {
                    "sees": {"type": "string", "enum": ["cells", "exact", "nothing"]},
                    "fewest": {"type": "integer", "description": "Cells with fewer records that are not dealt with are not told"},
                }},
            },
        },
        "signIn": {"type": "object", "required": ["token"], "properties": {"token": text()}},
        "token": token,
        "tokens": {"type": "object", "required": ["tokens"], "properties": {
            "tokens": {"type": "array", "items": schema("token")},
        }},
        "newToken": {
            "type": "object", "required": ["name", "role"],
            "properties": {
                "name": text(), "role": roles(1), "operator": maybe_text(), "regions": ids(),
                "everywhere": {"type": "boolean"}, "days": {"type": "integer", "minimum": 1, "maximum": 3650},
            },
        },
        "queue": {
            "type": "object", "required": ["state", "waiting", "records", "next"],
            "properties": {
                "state": text(),
                "waiting": {"type": "object", "additionalProperties": {"type": "integer"}},
                "records": {"type": "array", "items": schema("queued")},
                "next": {"type": "integer", "nullable": true},
            },
        },
        "queued": {
            "type": "object", "required": ["feature", "before", "changed", "near"],
            "properties": {
                "feature": schema("detection"), "before": {"type": "object", "nullable": true},
                "changed": {"type": "array", "items": {"type": "string"}}, "by": maybe_text(), "at": instant(),
                "reason": maybe_text(), "revisions": {"type": "integer"}, "photos": schema("photosTold"),
                "near": {"type": "array", "items": {"type": "object", "properties": {
                    "id": text(), "distance_m": {"type": "number"}, "days": {"type": "integer"}, "status": text(),
                    "review": text(), "detected_on": text(),
                    "coordinates": {"type": "array", "items": {"type": "number"}},
                }}},
            },
        },
        "decision": {
            "type": "object", "required": ["decision", "records"],
            "properties": {
                "decision": {"type": "string", "enum": ["approved", "rejected", "has_issues"]}, "reason": maybe_text(),
                "records": {"type": "array", "items": {
                    "type": "object", "required": ["id", "revision"],
                    "properties": {"id": {"type": "string", "format": "uuid"}, "revision": {"type": "integer"}},
                }},
            },
        },
        "decided": {
            "type": "object", "required": ["revision", "decided", "problems"],
            "properties": {
                "revision": {"type": "integer"}, "decided": {"type": "integer"},
                "problems": {"type": "array", "items": {"type": "object"}},
            },
        },
    })
}
