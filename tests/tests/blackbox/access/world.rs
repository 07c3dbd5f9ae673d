//! A server with a token of each role, and requests by each.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use ureq::{
    Agent, Body,
    http::{Request, Response},
};

use crate::program::*;

pub const ROLES: [&str; 5] = ["public", "viewer", "field", "manager", "admin"];
pub const ITEMS: &str = "/collections/detections/items";

/// A server, and a token of each role; those of `field` and `manager` are limited to Lachin.
pub struct World {
    pub server: Server,
    pub agent: Agent,
    pub tokens: [String; 5],
    pub next: AtomicU64,
}

impl World {
    pub fn new() -> Self {
        let server = Server::start();
        let tokens = ROLES.map(|role| match role {
            "public" => String::new(),
            "field" | "manager" => token(&server, role, role, &["--region", "AZ-LAC"]),
            _ => token(&server, role, role, &[]),
        });
        let config = Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(20))).build().new_agent();
        Self { server, agent, tokens, next: AtomicU64::new(1) }
    }

    pub fn token(&self, role: &str) -> &str {
        &self.tokens[ROLES.iter().position(|known| *known == role).unwrap()]
    }

    /// Returns a token for an address; the public has no valid one.
    pub fn path_token(&self, role: &str) -> &str {
        Some(self.token(role)).filter(|token| !token.is_empty()).unwrap_or("none")
    }

    pub fn send(&self, role: &str, method: &str, path: &str, body: &str) -> Response<Body> {
        let kind = match method {
            "PATCH" => "application/merge-patch+json",
            _ => "application/geo+json",
        };
        let request =
            Request::builder().method(method).uri(self.server.url(path)).header("content-type", kind);
        let request = match self.token(role) {
            "" => request,
            token => request.header("authorization", format!("Bearer {token}")),
        };
        self.agent.run(request.body(body.to_owned()).unwrap()).unwrap()
    }

    pub fn told(&self, role: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        read(self.send(role, method, path, &body.to_string()))
    }

    pub fn new_id(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Creates a record at a place with a role's token; returns its id.
    pub fn record(&self, role: &str, (lon, lat): (f64, f64)) -> String {
        let n = self.new_id();
        let (status, told) = self.told(role, "POST", ITEMS, &feature(n, lon, lat));
        assert_eq!(status, 201, "{told}");
        id(n)
    }

    pub fn state(&self, id: &str) -> Value {
        self.told("viewer", "GET", &format!("{ITEMS}/{id}"), &Value::Null).1["properties"]["review"].clone()
    }

    /// Sends a manager's decision on the current version of a record.
    pub fn decide(&self, role: &str, id: &str, decision: &str) -> (u16, Value) {
        let (_, item) = self.told("viewer", "GET", &format!("{ITEMS}/{id}"), &Value::Null);
        let revision = &item["properties"]["revision"];
        let body = json!({"decision": decision, "reason": "looked at", "records": [{"id": id, "revision": revision}]});
        self.told(role, "POST", "/review", &body)
    }
}

pub fn token(server: &Server, role: &str, name: &str, more: &[&str]) -> String {
    let store = server.store.to_str().unwrap();
    let mut arguments = vec!["token", "create", "--role", role, "--name", name, "--store", store];
    arguments.extend(more);
    let made = clearline(&arguments);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}
