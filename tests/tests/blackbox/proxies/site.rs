//! A server behind a proxy, and a client of both.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::*;

pub const MANUAL: &str = include_str!("../../../../docs/caching.md");

/// The host name of the site, and the address that links begin with.
pub const NAME: &str = "mines.example.org";
pub const BASE: &str = "https://mines.example.org";

/// How long a proxy may take to start, and a client to get a response.
pub const PATIENCE_S: u64 = 30;

/// The proxy in front of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    Nginx,
    Varnish,
}

pub const FRONTS: [Front; 2] = [Front::Nginx, Front::Varnish];

/// Returns the blocks of the manual marked with this language.
pub fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("\n```{language}\n");
    MANUAL.split(&fence).skip(1).map(|block| block.split_once("\n```").unwrap().0).collect()
}

/// Replaces each of these in a text, all of which must occur.
pub fn fitted(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the manual has {from:?}");
        text.replace(from, to)
    })
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running program. Dropping it stops the program, so that it can stop its children.
pub struct Running(pub Child);

impl Running {
    pub fn start(command: &mut Command, port: u16) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).spawn();
        let mut running =
            Self(child.unwrap_or_else(|error| panic!("{name}: {error}; scripts/setup.sh test")));
        let end = Instant::now() + Duration::from_secs(PATIENCE_S);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "{name} does not listen");
            assert!(running.0.try_wait().unwrap().is_none(), "{name} ended at once");
            sleep(Duration::from_millis(20));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// A server behind a proxy.
pub struct Site {
    pub port: u16,
    pub server: Server,
    pub _programs: Vec<Running>,
    pub folder: TempDir,
}

/// A response.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    /// The head, in lower case.
    pub head: String,
    pub body: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        let begin = format!("{name}:");
        self.head.lines().find_map(|line| line.strip_prefix(&begin)).unwrap_or("").trim()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

impl Site {
    pub fn behind(front: Front) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
        fs::write(folder.path().join("chain.pem"), made.cert.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();

        let config = folder.path().join("clearline.toml");
        fs::write(&config, blocks("toml")[0]).unwrap();
        let flags = blocks("sh")[0].strip_prefix("clearline serve ").unwrap();
        let flags: Vec<&str> = flags.split(' ').collect();
        let flags =
            flags.iter().map(|word| if *word == "clearline.toml" { config.to_str().unwrap() } else { word });
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let store = folder.path().join("store.gpkg");
        let server =
            Server::logging(&store, &flags.collect::<Vec<_>>(), "tower_http=debug,server=debug", log.into());
        let clearline = server.base.rsplit(':').next().unwrap();

        let (port, mut programs) = (free_port(), Vec::new());
        let listen = format!("listen 127.0.0.1:{port} ssl");
        let cache = format!("{path}/cache");
        let (http, address) = (server.base.as_str(), format!("{path}/"));
        let site = match front {
            Front::Nginx => fitted(
                blocks("nginx")[0],
                &[
                    ("listen 443 ssl", &listen),
                    ("/var/cache/nginx/clearline", &cache),
                    ("/etc/ssl/clearline/", &address),
                    ("http://127.0.0.1:8080", http),
                ],
            ),
            Front::Varnish => {
                let inner = free_port();
                programs.push(varnish(folder.path(), inner, clearline));
                let inner = format!("http://127.0.0.1:{inner}");
                let places = [("/etc/ssl/clearline/", address.as_str()), ("http://127.0.0.1:6081", &inner)];
                fitted(blocks("nginx")[1], &[&[("listen 443 ssl", listen.as_str())], &places[..]].concat())
            }
        };
        programs.push(nginx(folder.path(), port, &site));
        Self { port, server, _programs: programs, folder }
    }

    /// Requests this path as a client that trusts the certificate, with these arguments of curl. By default
    /// curl sends no `Accept-Encoding`.
    pub fn ask(&self, path: &str, arguments: &[&str]) -> Got {
        let (head, body) = (tempfile::NamedTempFile::new().unwrap(), tempfile::NamedTempFile::new().unwrap());
        let mut command = self.curl(path);
        let files =
            ["--dump-header", head.path().to_str().unwrap(), "--output", body.path().to_str().unwrap()];
        let output = command.args(files).args(arguments).output().unwrap();
        let heads = fs::read_to_string(head.path()).unwrap().to_lowercase();
        // Take the last head: curl may first have asked for permission to send a body.
        let head = heads.trim_end().rsplit("\r\n\r\n").next().unwrap_or("").to_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.trim().parse().ok()).unwrap_or(0);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(status > 0 || !output.status.success(), "{path} {arguments:?}: {told}");
        Got { status, head, body: fs::read(body.path()).unwrap() }
    }

    pub fn curl(&self, path: &str) -> Command {
        let mut command = Command::new("curl");
        let to = format!("{NAME}:443:127.0.0.1:{}", self.port);
        let certificate = self.folder.path().join("chain.pem");
        command.args([
            "--silent",
            "--show-error",
            "--globoff",
            "--max-time",
            "30",
            "--connect-to",
            &to,
            "--cacert",
        ]);
        command.arg(certificate).arg(format!("{BASE}{path}"));
        command
    }

    /// Requests a path with the manager's token.
    pub fn ask_as_manager(&self, path: &str, arguments: &[&str]) -> Got {
        let bearer = format!("Authorization: Bearer {}", self.server.token());
        self.ask(path, &[&["-H", &bearer], arguments].concat())
    }

    /// Returns the statuses with which the server itself has responded for this path, from its log.
    pub fn asked(&self, path: &str) -> Vec<u16> {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap();
        let here = format!("path=\"{path}\"}}");
        let lines = log.lines().filter(|line| line.contains(&here));
        let status = |line: &str| line.split_once("status=")?.1.split(' ').next()?.parse().ok();
        lines.filter_map(status).collect()
    }

    /// Uploads records that are dealt with, which the public sees; returns the public's revision.
    pub fn upload(&self, numbers: impl IntoIterator<Item = u64>) -> u64 {
        let mut revision = 0;
        for n in numbers {
            let step = 0.001 * f64::from(u32::try_from(n).unwrap());
            let body = collection(&[neutralised(n, LACHIN.0 + step, LACHIN.1)]);
            assert_eq!(self.server.post_json("/uploads", &body).0, 200);
            let answer = self.server.public().get(self.server.url("/summary")).call().unwrap();
            revision = answer.headers()["clearline-revision"].to_str().unwrap().parse().unwrap();
        }
        revision
    }
}

pub fn nginx(folder: &Path, port: u16, site: &str) -> Running {
    let path = folder.to_str().unwrap();
    // When started by root, it would otherwise work as a user who cannot read the folder.
    let user = if fs::metadata(folder).unwrap().uid() == 0 { "user root root;\n" } else { "" };
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary: String = kinds.map(|kind| format!("    {kind}_temp_path {path}/{kind};\n")).concat();
    let main = format!(
        "daemon off;\npid {path}/nginx.pid;\nworker_processes 1;\n{user}events {{}}\n\
         http {{\n    access_log off;\n{temporary}    include {path}/site.conf;\n}}\n"
    );
    fs::write(folder.join("site.conf"), site).unwrap();
    fs::write(folder.join("nginx.conf"), main).unwrap();
    let log = format!("{path}/nginx.log");
    let mut command = Command::new("/usr/sbin/nginx");
    Running::start(command.args(["-p", path, "-e", &log, "-c", &format!("{path}/nginx.conf")]), port)
}

pub fn varnish(folder: &Path, port: u16, clearline: &str) -> Running {
    let vcl = fitted(blocks("vcl")[0], &[(".port = \"8080\"", &format!(".port = \"{clearline}\""))]);
    let file = folder.join("clearline.vcl");
    fs::write(&file, vcl).unwrap();
    let mut command = Command::new("/usr/sbin/varnishd");
    command
        .args(["-F", "-j", "none", "-a", &format!("127.0.0.1:{port}"), "-s", "malloc,64m", "-f"])
        .arg(file);
    Running::start(command.arg("-n").arg(folder.join("varnish")).stdout(Stdio::null()), port)
}

/// Repeats a request until the response is as wanted, or time runs out.
pub fn until(mut ask: impl FnMut() -> Got, is_wanted: impl Fn(&Got) -> bool) -> Got {
    let end = Instant::now() + Duration::from_secs(PATIENCE_S);
    loop {
        let got = ask();
        if is_wanted(&got) || Instant::now() > end {
            return got;
        }
        sleep(Duration::from_millis(100));
    }
}
