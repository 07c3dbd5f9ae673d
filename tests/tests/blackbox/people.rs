//! A caller with a token, for other modules of these tests.

use serde_json::Value;
use ureq::http::Request;

use crate::program::{Server, clearline, collection, read};

/// A caller with a token.
pub struct Person<'a> {
    pub server: &'a Server,
    pub token: String,
    /// The token's id.
    pub id: String,
}

impl<'a> Person<'a> {
    /// Creates a caller with a new token.
    pub fn new(server: &'a Server, role: &str, name: &str, operator: Option<&str>, regions: &[&str]) -> Self {
        let store = server.store.to_str().unwrap();
        let mut arguments = vec!["token", "create", "--role", role, "--name", name, "--store", store];
        arguments.extend(operator.iter().flat_map(|operator| ["--operator", operator]));
        arguments.extend(regions.iter().flat_map(|region| ["--region", region]));
        if regions.is_empty() && ["field", "manager"].contains(&role) {
            arguments.push("--everywhere");
        }
        let made = clearline(&arguments);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        let hash = {
            use sha2::{Digest, Sha256};
            format!("{:x}", Sha256::digest(&token))
        };
        let id = sqlite(server, &format!("SELECT id FROM tokens WHERE hash = x'{hash}'"));
        Self { server, token, id }
    }

    /// Sends a request with these headers and the token.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
        let request = Request::builder().method(method).uri(self.server.url(path));
        let mut request = request.header("authorization", format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(self.server.agent().run(request.body(body.to_owned()).unwrap()).unwrap())
    }

    pub fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        self.ask(method, path, &[], &body.to_string())
    }

    pub fn upload(&self, features: &[Value]) -> (u16, Value) {
        self.send("POST", "/uploads?update=true", &collection(features))
    }

    /// Sends a GET; returns the status and the body.
    pub fn get(&self, path: &str) -> (u16, Value) {
        self.ask("GET", path, &[], "")
    }

    /// Returns the JSON at this path, which must respond with 200.
    pub fn json(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

/// Queries the store of a server with SQL.
pub fn sqlite(server: &Server, sql: &str) -> String {
    let told = std::process::Command::new("sqlite3").arg(&server.store).arg(sql).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    String::from_utf8_lossy(&told.stdout).trim().to_owned()
}
