//! The caller's identity, and tokens.

use serde_json::{Map, Value, json};

use super::{
    parts::{content, get, schema},
    uploads::{operation, problem},
};

/// Returns the paths.
pub fn paths() -> Map<String, Value> {
    let json_of = |schema: &str| content("application/json", schema);
    let done =
        |description: &str, schema: &str| json!({"description": description, "content": json_of(schema)});
    let nothing = |description: &str| json!({"description": description});
    let mut paths = Map::new();

    let mut me = get("Access", "me", "The caller, and what the public sees", &[], &json_of("me"), false);
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

    let list =
        secured(get("Access", "tokens", "All tokens, without their secrets", &[], &json_of("tokens"), false));
    let mut create = of(
        "Access",
        operation("createToken", "Creates a token", &[], &[("201", done("The token, shown once", "token"))]),
    );
    create["requestBody"] =
        body("newToken", &json!({"name": "Team 7", "role": "field", "regions": ["AZ-KAL"]}));
    paths.insert("/tokens".to_owned(), json!({"get": list["get"], "post": create}));
    let mut revoke = of(
        "Access",
        operation("revokeToken", "Revokes a token", &["token.id"], &[("204", nothing("Revoked"))]),
    );
    revoke["responses"]["404"] = problem();
    paths.insert("/tokens/{id}".to_owned(), json!({"delete": revoke}));

    paths
}

/// Describes sign-in with an identity provider. The callback is left out: only the provider uses it.
fn sign_in_elsewhere() -> Value {
    let summary = "Redirects a browser to the identity provider, if one is configured";
    let mut path = get("Access", "signInElsewhere", summary, &[], &json!({}), true);
    path["get"]["security"] = json!([{}]);
    if let Some(responses) = path["get"]["responses"].as_object_mut() {
        responses.remove("200");
        responses.insert("303".to_owned(), json!({"description": "Redirect to the provider"}));
        responses.insert("502".to_owned(), problem());
    }
    path
}

pub fn of(tag: &str, mut operation: Value) -> Value {
    operation["tags"] = json!([tag]);
    operation
}

/// Marks an operation that requires a token.
pub fn secured(mut path: Value) -> Value {
    path["get"]["security"] = json!([{"token": []}, {"password": []}]);
    path
}

pub fn body(name: &str, example: &Value) -> Value {
    json!({"required": true, "content": {"application/json": {"schema": schema(name), "example": example}}})
}

/// Returns the schemas of requests and responses.
pub fn schemas() -> Value {
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
                    "fewest": {"type": "integer", "description": "The public does not see cells with fewer uncleared records"},
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
    })
}
