//! Starts the real program on a free port with a new store, and provides a client for it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{OnceLock, mpsc},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::{
    Agent, Body, SendBody,
    http::{Request, Response},
    middleware::{Middleware, MiddlewareNext},
};

/// How long a start may take; reached only on failure.
const PATIENCE: Duration = Duration::from_mins(1);

/// Returns the path of the binary built with these tests.
pub fn binary() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            // tests live in target/release/deps/, the program one folder up.
            let mut path = std::env::current_exe().unwrap();
            path.pop();
            if path.ends_with("deps") {
                path.pop();
            }
            path.push("clearline");
            assert!(
                path.exists(),
                "{} is missing: cargo build --release -p clearline makes it",
                path.display()
            );
            path
        })
        .clone()
}

/// Runs a command and waits for it.
pub fn clearline(arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).env_remove("CLEARLINE_STORE").output().unwrap()
}

/// Runs a command that must fail instead of starting to serve.
pub fn refused(arguments: &[&str]) -> Output {
    let mut command = Command::new("timeout");
    command.arg("30").arg(binary()).args(arguments).env_remove("CLEARLINE_STORE").output().unwrap()
}

/// Adds a token to every request without one.
struct Showing(String);

impl Middleware for Showing {
    fn handle(
        &self,
        mut request: Request<SendBody<'_>>,
        next: MiddlewareNext<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        if !request.headers().contains_key("authorization") {
            let value = format!("Bearer {}", self.0).parse().unwrap();
            request.headers_mut().insert("authorization", value);
        }
        next.handle(request)
    }
}

/// A running server.
pub struct Server {
    child: Child,
    pub base: String,
    pub store: PathBuf,
    token: String,
    agent: Agent,
    public: Agent,
    folder: Option<TempDir>,
}

impl Server {
    /// Starts a server with an empty store.
    pub fn start() -> Self {
        Self::in_new_folder(&[])
    }

    /// Starts a server with the demonstration in its store.
    pub fn with_demonstration() -> Self {
        Self::in_new_folder(&["--demo"])
    }

    fn in_new_folder(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self::open(&folder.path().join("store.gpkg"), arguments);
        server.folder = Some(folder);
        server
    }

    /// Starts a server on this store.
    pub fn open(store: &Path, arguments: &[&str]) -> Self {
        Self::logging(store, arguments, "warn", Stdio::inherit())
    }

    /// Starts a server that logs at this level to this destination.
    pub fn logging(store: &Path, arguments: &[&str], level: &str, log: Stdio) -> Self {
        Self::run(Command::new(binary()), "127.0.0.1:0", store, arguments, level, log)
    }

    /// Starts a server on this store and another socket.
    pub fn listening(listen: &str, store: &Path, arguments: &[&str]) -> Self {
        Self::run(Command::new(binary()), listen, store, arguments, "warn", Stdio::inherit())
    }

    /// Starts a server through a wrapper program that executes it.
    pub fn under(wrapper: &[&str], store: &Path) -> Self {
        let mut command = Command::new(wrapper[0]);
        command.args(&wrapper[1..]).arg(binary());
        Self::run(command, "127.0.0.1:0", store, &[], "warn", Stdio::inherit())
    }

    fn run(
        command: Command,
        listen: &str,
        store: &Path,
        arguments: &[&str],
        level: &str,
        log: Stdio,
    ) -> Self {
        let (child, base) = Self::started(command, listen, store, arguments, level, log);
        let made = clearline(&[
            "token",
            "create",
            "--role",
            "manager",
            "--name",
            "tester",
            "--everywhere",
            "--store",
            store.to_str().unwrap(),
        ]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        let config = || Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
        let agent = config().middleware(Showing(token.clone())).build().new_agent();
        let public = config().build().new_agent();
        Self { child, base, store: store.to_owned(), token, agent, public, folder: None }
    }

    /// Starts a process that prints where it listens.
    fn started(
        mut command: Command,
        listen: &str,
        store: &Path,
        arguments: &[&str],
        level: &str,
        log: Stdio,
    ) -> (Child, String) {
        let mut child = command
            .args(["serve", "--listen", listen, "--store"])
            .arg(store)
            .args(arguments)
            .env("CLEARLINE_LOG", level)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (lines, first_line) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        let line = first_line.recv_timeout(PATIENCE).expect("the server says where it listens");
        let base = line.strip_prefix("Clearline is listening on ").expect(&line).to_owned();
        (child, base)
    }

    /// Kills the process, like a power cut, and starts a new one on the same store.
    pub fn kill_and_restart(&mut self) {
        self.kill();
        self.restart();
    }

    /// Starts a new process on the same store after the old one has ended.
    pub fn restart(&mut self) {
        let folder = self.folder.take();
        let mut next = Self::open(&self.store.clone(), &[]);
        next.folder = folder;
        *self = next;
    }

    /// Starts a new process on the same store without creating a token, for stores that cannot be written.
    pub fn restart_as_it_is(&mut self) {
        let command = Command::new(binary());
        let (store, log) = (self.store.clone(), Stdio::inherit());
        (self.child, self.base) = Self::started(command, "127.0.0.1:0", &store, &[], "off", log);
    }

    /// Kills the process.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops the process with SIGTERM and waits for it.
    pub fn stop(&mut self) -> std::process::ExitStatus {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        self.child.wait().unwrap()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns a client that sends the manager's token unless a request states another.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// Returns a client without a token.
    pub fn public(&self) -> &Agent {
        &self.public
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub fn get(&self, path: &str) -> Response<Body> {
        self.agent.get(self.url(path)).call().unwrap()
    }

    /// Returns the last revision.
    pub fn revision(&self) -> u64 {
        self.header("/summary", "clearline-revision").parse().unwrap()
    }

    /// Returns the JSON at this path, which must respond with 200.
    pub fn json(&self, path: &str) -> Value {
        let (status, body) = read(self.get(path));
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub fn bytes(&self, path: &str) -> Vec<u8> {
        let mut response = self.get(path);
        assert_eq!(response.status(), 200, "{path}");
        response.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap()
    }

    pub fn header(&self, path: &str, name: &str) -> String {
        self.get(path).headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// Posts a body with the manager's token.
    pub fn post(&self, path: &str, content_type: &str, body: &[u8]) -> (u16, Value) {
        let request =
            self.agent.post(self.url(path)).header("authorization", format!("Bearer {}", self.token));
        read(request.header("content-type", content_type).send(body).unwrap())
    }

    pub fn post_json(&self, path: &str, body: &Value) -> (u16, Value) {
        self.post(path, "application/geo+json", body.to_string().as_bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns status and body; a body that is not JSON becomes a text.
pub fn read(mut response: Response<Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(256 << 20).read_to_vec().unwrap();
    let value = serde_json::from_slice(&body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned()));
    (status, value)
}

/// Builds a Feature of a detection at this place, with an id derived from `n`.
pub fn feature(n: u64, lon: f64, lat: f64) -> Value {
    json!({
        "type": "Feature",
        "id": id(n),
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"kind": "ap_mine", "model": "PMN-2", "quantity": 1, "detected_on": "2023-03-14"},
    })
}

/// Builds the same, neutralised the day after.
pub fn neutralised(n: u64, lon: f64, lat: f64) -> Value {
    let mut feature = feature(n, lon, lat);
    feature["properties"]["status"] = json!("neutralised");
    feature["properties"]["neutralised_on"] = json!("2023-03-15");
    feature["properties"]["disposal"] = json!("destroyed_in_situ");
    feature
}

pub fn collection(features: &[Value]) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

pub fn id(n: u64) -> String {
    uuid::Uuid::from_u64_pair(0x018f_3c1e_7a44_7cc1, 0x9000_0000_0000_0000 | n).to_string()
}

/// A place in Lachin district.
pub const LACHIN: (f64, f64) = (46.2960, 39.7011);

/// A place in Kalbajar district.
pub const KALBAJAR: (f64, f64) = (46.3183, 40.0581);
