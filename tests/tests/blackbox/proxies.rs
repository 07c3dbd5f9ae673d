//! nginx and Varnish, configured as docs/caching.md has it, in front of the real program, with TLS: what readers
//! get, how seldom the server is asked, and that nobody can change what the next reader gets.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{program::*, tile_counts::address};

const MANUAL: &str = include_str!("../../../docs/caching.md");

/// The name that readers know the site by, and the address that links begin with.
const NAME: &str = "mines.example.org";
const BASE: &str = "https://mines.example.org";

/// How long a proxy may take to start, and a client to get an answer.
const PATIENCE_S: u64 = 30;

/// What stands in front of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Front {
    Nginx,
    Varnish,
}

const FRONTS: [Front; 2] = [Front::Nginx, Front::Varnish];

/// The blocks of the manual that are marked as this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("\n```{language}\n");
    MANUAL.split(&fence).skip(1).map(|block| block.split_once("\n```").unwrap().0).collect()
}

/// The text with each of these replaced, all of which must be in it.
fn fitted(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the manual has {from:?}");
        text.replace(from, to)
    })
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A program that runs until it is dropped, which asks it to end, so that it ends its own children.
struct Running(Child);

impl Running {
    fn start(command: &mut Command, port: u16) -> Self {
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
struct Site {
    port: u16,
    server: Server,
    _programs: Vec<Running>,
    folder: TempDir,
}

/// What a client got.
#[derive(Debug)]
struct Got {
    status: u16,
    /// In lower case.
    head: String,
    body: Vec<u8>,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        let begin = format!("{name}:");
        self.head.lines().find_map(|line| line.strip_prefix(&begin)).unwrap_or("").trim()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

impl Site {
    fn behind(front: Front) -> Self {
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

    /// A client that trusts the certificate and asks for this path, with these arguments of curl. It says of
    /// encodings what curl says unless asked: nothing.
    fn ask(&self, path: &str, arguments: &[&str]) -> Got {
        let (head, body) = (tempfile::NamedTempFile::new().unwrap(), tempfile::NamedTempFile::new().unwrap());
        let mut command = self.curl(path);
        let files =
            ["--dump-header", head.path().to_str().unwrap(), "--output", body.path().to_str().unwrap()];
        let output = command.args(files).args(arguments).output().unwrap();
        let heads = fs::read_to_string(head.path()).unwrap().to_lowercase();
        // The last one: curl may have asked for leave to send a body first.
        let head = heads.trim_end().rsplit("\r\n\r\n").next().unwrap_or("").to_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.trim().parse().ok()).unwrap_or(0);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(status > 0 || !output.status.success(), "{path} {arguments:?}: {told}");
        Got { status, head, body: fs::read(body.path()).unwrap() }
    }

    fn curl(&self, path: &str) -> Command {
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

    /// The same with the manager's token.
    fn ask_as_manager(&self, path: &str, arguments: &[&str]) -> Got {
        let bearer = format!("Authorization: Bearer {}", self.server.token());
        self.ask(path, &[&["-H", &bearer], arguments].concat())
    }

    /// The statuses that the server itself answered for this path so far, as its log has them.
    fn asked(&self, path: &str) -> Vec<u16> {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap();
        let here = format!("path=\"{path}\"}}");
        let lines = log.lines().filter(|line| line.contains(&here));
        let status = |line: &str| line.split_once("status=")?.1.split(' ').next()?.parse().ok();
        lines.filter_map(status).collect()
    }

    /// Uploads records that are dealt with, which the public sees, and gives the public's revision.
    fn upload(&self, numbers: impl IntoIterator<Item = u64>) -> u64 {
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

fn nginx(folder: &Path, port: u16, site: &str) -> Running {
    let path = folder.to_str().unwrap();
    // Started by root, it would work as somebody who may not read the folder.
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

fn varnish(folder: &Path, port: u16, clearline: &str) -> Running {
    let vcl = fitted(blocks("vcl")[0], &[(".port = \"8080\"", &format!(".port = \"{clearline}\""))]);
    let file = folder.join("clearline.vcl");
    fs::write(&file, vcl).unwrap();
    let mut command = Command::new("/usr/sbin/varnishd");
    command
        .args(["-F", "-j", "none", "-a", &format!("127.0.0.1:{port}"), "-s", "malloc,64m", "-f"])
        .arg(file);
    Running::start(command.arg("-n").arg(folder.join("varnish")).stdout(Stdio::null()), port)
}

/// Asks until the answer is as wanted, or the patience ends.
fn until(mut ask: impl FnMut() -> Got, is_wanted: impl Fn(&Got) -> bool) -> Got {
    let end = Instant::now() + Duration::from_secs(PATIENCE_S);
    loop {
        let got = ask();
        if is_wanted(&got) || Instant::now() > end {
            return got;
        }
        sleep(Duration::from_millis(100));
    }
}

#[test]
fn readers_share_one_copy_which_is_asked_about_with_its_tag() {
    for front in FRONTS {
        let site = Site::behind(front);
        site.upload([1]);
        for path in
            ["/tiles/detections/7/80/48.mvt", "/summary/regions", "/style.json", "/tiles/detections.json"]
        {
            let first = site.ask(path, &[]);
            assert_eq!((first.status, first.header("x-cache")), (200, "miss"), "{front:?} {path}");
            // Nothing of these is a reason for another copy, on either version of HTTP.
            for other in [
                &["-H", "Cookie: _ga=GA1.2.1; _gid=2"][..],
                &["-H", "Cookie: other=3"],
                &["--http1.1", "-H", "User-Agent: other"],
                &["-H", "Accept: image/png"],
                &["-H", "Accept-Language: az"],
                &["-H", "Accept-Encoding: deflate;q=0.3, x-other"],
                &["--head"],
            ] {
                let got = site.ask(path, other);
                assert_eq!(
                    (got.status, got.header("x-cache")),
                    (200, "hit"),
                    "{front:?} {path} {other:?}: {}",
                    got.head
                );
                assert!(other == ["--head"] || got.body == first.body, "{front:?} {path} {other:?}");
            }
            assert_eq!(site.asked(path), [200], "{front:?} {path}: the server was asked once");
            // Who has it gets no body, and the server is not asked.
            // The head is in lower case; a weak tag begins with W.
            let tag = format!("If-None-Match: {}", first.header("etag").replacen("w/", "W/", 1));
            let again = site.ask(path, &["-H", &tag]);
            assert_eq!((again.status, again.body.len()), (304, 0), "{front:?} {path}: {}", again.head);
        }
        // Five seconds later the server says that nothing has changed, without a body.
        let path = "/tiles/detections/7/80/48.mvt";
        let first = site.ask(path, &[]);
        let asked_again = until(|| site.ask(path, &[]), |_| site.asked(path).len() > 1);
        assert_eq!((asked_again.status, &asked_again.body), (200, &first.body), "{front:?}");
        assert_eq!(site.asked(path), [200, 304], "{front:?}: asked again with the tag");
        if front == Front::Nginx {
            assert_eq!(asked_again.header("x-cache"), "revalidated");
        }
        assert_eq!(site.ask(path, &[]).header("x-cache"), "hit", "{front:?}: good for five seconds more");
        // What has changed comes, and what names a revision comes at once.
        let revision = site.upload([2]);
        let changed = site.ask(&format!("{path}?revision={revision}"), &[]);
        assert!(
            changed.body != first.body && changed.header("cache-control").contains("immutable"),
            "{front:?}"
        );
        let plain = until(|| site.ask(path, &[]), |got| got.body == changed.body);
        assert_eq!(plain.body, changed.body, "{front:?}");
    }
}

#[test]
fn compressed_copies_are_few_and_each_reader_can_read_its_own() {
    for front in FRONTS {
        let site = Site::behind(front);
        site.upload(1..5);
        let path = "/summary/regions";
        let plain = site.ask(path, &[]);
        for accepted in [
            "gzip",
            "br",
            "zstd",
            "gzip, deflate, br, zstd",
            "br;q=1.0, gzip;q=0.8",
            "identity",
            "*",
            "",
            "br;q=0, gzip",
            "gzip;q=0",
            "GZIP",
            "x-gzip",
            "bröd",
            "br,,gzip",
            "gzip, identity;q=0",
        ] {
            let got = site.ask(path, &["-H", &format!("Accept-Encoding: {accepted}")]);
            let mut body = Vec::new();
            match got.header("content-encoding") {
                "" => body.clone_from(&got.body),
                "gzip" => drop(
                    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&got.body[..]), &mut body)
                        .unwrap(),
                ),
                "br" => drop(
                    std::io::Read::read_to_end(
                        &mut brotli::Decompressor::new(&got.body[..], 4096),
                        &mut body,
                    )
                    .unwrap(),
                ),
                other => panic!("{front:?}: {accepted:?} got {other:?}"),
            }
            assert_eq!(body, plain.body, "{front:?} {accepted:?}");
            let coding = got.header("content-encoding");
            assert!(
                coding.is_empty() || accepted.to_lowercase().contains(coding) || accepted == "*",
                "{accepted} got {coding}"
            );
        }
        assert!(site.asked(path).len() <= 3, "{front:?}: {:?}", site.asked(path));
    }
}

/// What somebody may send to change what others get: arguments of curl. `{}` is the path that is asked for.
const ATTACKS: &[&[&str]] = &[
    &["-H", "Host: evil.example"],
    &["-H", "Host: mines.example.org.evil.example"],
    &["-H", "Host: evil.example:443"],
    &["-H", "Host: MINES.EXAMPLE.ORG:1"],
    &["-H", "Host: a@evil.example"],
    &["-H", "Host: mines.example.org", "-H", "Host: evil.example"],
    &["-H", "Host:"],
    &["--http1.0", "-H", "Host:"],
    &["-H", "X-Forwarded-Host: evil.example"],
    &["-H", "X-Forwarded-Host: evil.example, mines.example.org"],
    &["-H", "X-Forwarded-Host: \"><script>"],
    &["-H", "X-Forwarded-Proto: http"],
    &["-H", "X-Forwarded-Proto: javascript"],
    &["-H", "X-Forwarded-Scheme: http"],
    &["-H", "X-Forwarded-Port: 1", "-H", "X-Forwarded-Server: evil.example"],
    &["-H", "X-Forwarded-Prefix: /evil"],
    &["-H", "X-Forwarded-For: evil.example"],
    &["-H", "X-Forwarded-For: 127.0.0.1"],
    &["-H", "Forwarded: for=127.0.0.1;host=evil.example;proto=http"],
    &["-H", "Forwarded: \""],
    &["-H", "X-Host: evil.example", "-H", "X-HTTP-Host-Override: evil.example"],
    &["-H", "X-Original-URL: /api", "-H", "X-Rewrite-URL: /api"],
    &["--http1.1", "--request-target", "https://evil.example{}"],
    &["--http1.1", "--request-target", "http://mines.example.org{}"],
    &["--http1.1", "--request-target", "https://mines.example.org:1{}"],
    &["-H", "Cookie: clearline_session=made-up"],
    &["-H", "Cookie: a=\"; clearline_session=x; b=\""],
    &["-H", "Cookie: CLEARLINE_SESSION=x"],
    &["-H", "Cookie: _ga=1"],
    &["-H", "Accept-Encoding: br"],
    &["-H", "Accept-Encoding: zstd"],
    &["-H", "Accept-Encoding: gzip;q=0, identity;q=0, *;q=0"],
    &["-H", "Accept-Encoding: gzip, br"],
    &["-H", "Range: bytes=0-9"],
    &["-H", "Range: bytes=9999999-", "-H", "If-Range: \"x\""],
    &["-H", "If-None-Match: *"],
    &["-H", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"],
    &["-H", "If-Match: \"x\""],
    &["-H", "Accept: text/html"],
    &["-H", "Accept: evil/*"],
    &["-H", "Origin: https://evil.example"],
    &["-H", "Authorization: Bearer made-up"],
    &["-H", "Authorization: Basic Og=="],
    &["-H", "Cache-Control: no-cache, only-if-cached", "-H", "Pragma: no-cache"],
    &["-H", "X-HTTP-Method-Override: POST", "-H", "X-Method-Override: DELETE"],
    &["--head"],
    &["-X", "OPTIONS", "-H", "Origin: https://evil.example", "-H", "Access-Control-Request-Method: GET"],
    &["-X", "POST", "--data", "{}"],
    &["-X", "GET", "--data", "f=html&revision=0"],
];

#[test]
fn nothing_that_a_client_sends_changes_what_the_next_reader_gets_of_nginx() {
    attack(Front::Nginx);
}

#[test]
fn nothing_that_a_client_sends_changes_what_the_next_reader_gets_of_varnish() {
    attack(Front::Varnish);
}

fn attack(front: Front) {
    let site = Site::behind(front);
    let n_attacks = ATTACKS.len() as u64;
    let newest = site.upload(1..=n_attacks);
    assert!(newest >= n_attacks, "each attack has a revision of its own: {newest}");
    let paths = ["/style.json", "/tiles/detections.json", "/tiles/detections/7/80/48.mvt"];
    let right: Vec<Got> =
        paths.iter().map(|path| site.ask(&format!("{path}?revision={newest}"), &[])).collect();
    for (n, attack) in ATTACKS.iter().enumerate() {
        for (path, right) in paths.iter().zip(&right) {
            // Nobody has asked for this address before.
            let path = format!("{path}?revision={n}");
            let attack: Vec<String> = attack.iter().map(|word| word.replace("{}", &path)).collect();
            let attack: Vec<&str> = attack.iter().map(String::as_str).collect();
            let got = site.ask(&path, &attack);
            assert!(
                !got.text().contains("evil.example/") && !got.text().contains("http://mines"),
                "{front:?} {path} {attack:?}"
            );
            for next in [&[][..], &["--compressed", "-H", "Origin: https://other.example"]] {
                let got = site.ask(&path, next);
                assert_eq!(got.status, 200, "{front:?} {path} after {attack:?}: {}", got.head);
                assert!(got.body == right.body, "{front:?} {path} after {attack:?}: {}", got.text());
                for name in ["content-type", "access-control-allow-origin"] {
                    assert_eq!(got.header(name), right.header(name), "{front:?} {path} after {attack:?}");
                }
                assert!(!got.head.contains("evil") && got.header("set-cookie").is_empty(), "{}", got.head);
            }
        }
    }
    // Documents that no cache keeps, nor anything of how they were asked for.
    for path in ["/?f=json", "/collections/detections/items?limit=1"] {
        let right = site.ask(path, &[]);
        for attack in ATTACKS {
            let attack: Vec<String> = attack.iter().map(|word| word.replace("{}", path)).collect();
            site.ask(path, &attack.iter().map(String::as_str).collect::<Vec<_>>());
            let got = site.ask(path, &[]);
            assert!(
                (got.status, &got.body) == (200, &right.body),
                "{front:?} {path} after {attack:?}: {}",
                got.text()
            );
        }
    }
}

#[test]
fn an_odd_query_is_kept_for_nobody_else() {
    for front in FRONTS {
        let site = Site::behind(front);
        let newest = site.upload([1, 2]);
        let right = site.ask("/style.json", &[]);
        for odd in [
            "?revision=99999",
            "?revision=",
            "?revision=1&revision=1",
            "?revision=1&revision=2",
            "?%72evision=1",
            "?x=1",
            "?revision=1%00",
            "?revision=1#&",
            "?f=html",
            "?callback=evil",
            "?revision=-1",
            "?revision=+1&",
        ] {
            let got = site.ask(&format!("/style.json{odd}"), &[]);
            let is_refused = got.status >= 400 && !got.header("cache-control").contains("public");
            assert!(is_refused || got.body == right.body, "{front:?} {odd}: {}", got.head);
        }
        for path in ["/style.json".to_owned(), format!("/style.json?revision={newest}")] {
            assert!(site.ask(&path, &[]).body == right.body, "{front:?} {path}");
        }
    }
}

#[test]
fn every_link_is_https_and_leads_somewhere() {
    for front in FRONTS {
        let site = Site::behind(front);
        site.upload(1..4);
        let mut to_do: Vec<String> = [
            "/?f=json",
            "/style.json",
            "/tiles/detections.json",
            "/collections/detections/items?limit=1",
            "/api",
        ]
        .map(str::to_owned)
        .into();
        let (mut n_links, mut seen) = (0, to_do.clone());
        while let Some(path) = to_do.pop() {
            let got = site.ask_as_manager(&path, &["-H", "X-Forwarded-Proto: http"]);
            assert_eq!(got.status, 200, "{front:?} {path}: {}", got.text());
            let text = got.text();
            assert!(!text.contains("http://mines") && !text.contains("http://127."), "{front:?} {path}");
            if !got.header("content-type").contains("json") {
                continue;
            }
            let document = got.json();
            let mut links = Vec::new();
            links_in(&document, &mut links);
            for link in links.into_iter().filter(|link| !link.contains('{') && link.contains(NAME)) {
                n_links += 1;
                let path =
                    link.strip_prefix(BASE).unwrap_or_else(|| panic!("{front:?} {path}: {link}")).to_owned();
                if !seen.contains(&path) && seen.len() < 60 {
                    seen.push(path.clone());
                    to_do.push(path);
                }
            }
        }
        assert!(n_links > 60, "{n_links}");
        assert!(seen.iter().any(|path| path.contains("after=")), "a next page was among them: {seen:?}");
        let changes = site.ask_as_manager("/changes?limit=1", &[]).json();
        assert!(changes["next"].as_str().unwrap().starts_with(BASE), "{changes}");
        let forms = site.ask(&format!("/openrosa/{}/formList", site.server.token()), &[]).text();
        assert!(forms.contains(BASE) && !forms.contains("http://mines"), "{forms}");
        // What was created is told by a place on the same site.
        let body = neutralised(900, LACHIN.0, LACHIN.1).to_string();
        let json = ["-H", "Content-Type: application/geo+json", "--data-binary", &body];
        let created = site.ask_as_manager("/collections/detections/items", &json);
        assert_eq!(created.status, 201, "{}", created.text());
        let location = created.header("location").to_owned();
        assert!(location.starts_with('/') || location.starts_with(BASE), "{location}");
        let there = site.ask_as_manager(location.strip_prefix(BASE).unwrap_or(&location), &[]);
        assert_eq!(there.json()["id"], id(900), "{front:?}");
    }
}

/// Every address in a document that is a link or a template of one.
fn links_in(value: &Value, links: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("http") => links.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| links_in(value, links)),
        Value::Object(members) => members.values().for_each(|value| links_in(value, links)),
        _ => {}
    }
}

#[test]
fn who_shows_a_token_or_a_session_goes_past_the_cache_and_leaves_nothing_there() {
    for front in FRONTS {
        let site = Site::behind(front);
        site.upload([1]);
        // The public does not see this one.
        assert_eq!(
            site.server.post_json("/uploads", &collection(&[feature(50, KALBAJAR.0, KALBAJAR.1)])).0,
            200
        );
        let signing = json!({"token": site.server.token()}).to_string();
        let signed_in = site.ask("/session", &["--data", &signing, "-H", "Sec-Fetch-Site: same-origin"]);
        assert_eq!(signed_in.status, 204, "{}", signed_in.text());
        assert!(signed_in.header("set-cookie").contains("; secure"), "{}", signed_in.head);
        // The head is in lower case, and the secret is hexadecimal or not: take it as it was sent.
        let output = site.curl("/session").args(["--include", "--data", &signing]).output().unwrap();
        let head = String::from_utf8(output.stdout).unwrap();
        let cookie = head.lines().find_map(|line| line.split_once("clearline_session=")).unwrap().1;
        let cookie = format!("Cookie: _ga=1; clearline_session={}", cookie.split(';').next().unwrap());
        let bearer = format!("Authorization: Bearer {}", site.server.token());
        let (x, y) = address(KALBAJAR.0, KALBAJAR.1, 12);
        let tile = format!("/tiles/detections/12/{x}/{y}.mvt");
        for path in [&tile, "/summary", "/tiles/detections.json", "/collections/detections/items"] {
            let before = site.ask(path, &[]);
            for proof in [&bearer, &cookie] {
                let n_asked = site.asked(path).len();
                for n in 1..=2 {
                    let got = site.ask(path, &["-H", proof]);
                    assert_eq!(got.status, 200, "{front:?} {path}");
                    assert!(
                        got.header("cache-control").contains("private"),
                        "{front:?} {path}: {}",
                        got.head
                    );
                    assert!(got.header("x-cache") != "hit", "{front:?} {path}: {}", got.head);
                    // Counts and bounds are the same, because the public's count what it sees as cells.
                    let shows_records = path == tile || path.ends_with("/items");
                    assert!(!shows_records || got.body != before.body, "{front:?} {path}: sees more");
                    assert_eq!(site.asked(path).len(), n_asked + n, "{front:?} {path}: the server is asked");
                }
                let after = site.ask(path, &[]);
                assert!(
                    after.body == before.body && after.header("set-cookie").is_empty(),
                    "{front:?} {path}: {}",
                    after.text()
                );
            }
        }
    }
}

#[test]
fn events_pass_as_they_come() {
    for front in FRONTS {
        let site = Site::behind(front);
        let mut command = site.curl("/events");
        let mut child = Running(command.arg("--no-buffer").stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert_eq!(lines.next().unwrap(), ": connected", "{front:?}");
        for n in 1..4 {
            let began = Instant::now();
            site.upload([n]);
            let event = lines.find(|line| line.starts_with("data:")).expect("an event");
            assert!(
                began.elapsed() < Duration::from_secs(5),
                "{front:?}: {event} after {:?}",
                began.elapsed()
            );
        }
    }
}

#[test]
fn an_upload_as_large_as_the_server_takes_passes() {
    for front in FRONTS {
        let site = Site::behind(front);
        let mut features = vec![feature(1, LACHIN.0, LACHIN.1)];
        features[0]["properties"]["note"] = json!("n".repeat(200));
        let body = format!("{}{}", collection(&features), " ".repeat(20 << 20));
        let file = site.folder.path().join("upload.geojson");
        fs::write(&file, body).unwrap();
        let data = format!("@{}", file.to_str().unwrap());
        let got = site.ask_as_manager(
            "/uploads",
            &["-H", "Content-Type: application/geo+json", "--data-binary", &data],
        );
        assert_eq!((got.status, got.json()["created"].as_u64()), (200, Some(1)), "{front:?}: {}", got.text());
    }
}
