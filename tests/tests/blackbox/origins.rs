//! Which host, scheme and client the server believes a request is of, and what caches may do with an answer that
//! depends on it.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::*;

/// A server with this configuration.
fn configured(toml: &str, arguments: &[&str]) -> (Server, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("clearline.toml");
    fs::write(&config, toml).unwrap();
    let arguments = [&["--config", config.to_str().unwrap()], arguments].concat();
    (Server::open(&folder.path().join("store.gpkg"), &arguments), folder)
}

const TRUSTING: &str = "[limits]\ntrusted_proxies = [\"127.0.0.1\"]\n";

/// Sends these lines as they are, and gives the status, the head in lower case and the body.
fn say(server: &Server, lines: &[&str]) -> (u16, String, String) {
    let address = server.base.split_once("://").unwrap().1.replace("[::]", "127.0.0.1");
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let request = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, head.to_lowercase(), body.to_owned())
}

/// The address of the server in the links of its landing page, as whoever sends these headers sees it.
fn base_told(server: &Server, headers: &[&str]) -> String {
    let lines = [&["GET /style.json HTTP/1.1"], headers].concat();
    let (status, head, body) = say(server, &lines);
    assert_eq!(status, 200, "{headers:?}: {head}");
    let body = if head.contains("chunked") { body.split_once("\r\n").unwrap().1.to_owned() } else { body };
    let at = body.find("/tiles/detections").unwrap();
    let begins = body[..at].rfind('"').unwrap();
    body[begins + 1..at].to_owned()
}

#[test]
fn what_a_stranger_says_of_proxies_is_not_believed() {
    let (server, _folder) = configured("", &[]);
    for odd in [
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Proto: javascript",
        "Forwarded: for=1.2.3.4;host=evil.example;proto=https",
        "Forwarded: \"",
        "X-Forwarded-Port: 1",
    ] {
        assert_eq!(base_told(&server, &["Host: mines.example", odd]), "http://mines.example", "{odd}");
    }
}

#[test]
fn a_trusted_proxy_says_by_which_address_it_was_asked() {
    let (server, _folder) = configured(TRUSTING, &[]);
    for (told, base) in [
        (&["X-Forwarded-Proto: https"][..], "https://inner:8080"),
        (&["X-Forwarded-Proto: HTTPS", "X-Forwarded-Host: Mines.Example:443"], "https://mines.example"),
        (&["X-Forwarded-Host: evil.example, mines.example"], "http://mines.example"),
        (&["Forwarded: proto=https;host=\"mines.example:8443\""], "https://mines.example:8443"),
        (
            &["Forwarded: host=evil.example;proto=http, for=192.0.2.1;host=mines.example;proto=https"],
            "https://mines.example",
        ),
        // A proxy that sets the one kind need not know of the other.
        (&["X-Forwarded-Proto: https", "Forwarded: host=evil.example;proto=http"], "https://inner:8080"),
    ] {
        let headers = [&["Host: inner:8080"], told].concat();
        assert_eq!(base_told(&server, &headers), base, "{told:?}");
    }
    for odd in [
        "X-Forwarded-Host: evil.example/x",
        "X-Forwarded-Host: a@evil.example",
        "X-Forwarded-Proto: javascript",
        "Forwarded: host=\"evil example\"",
        "Forwarded: host=\"a",
    ] {
        let (status, head, body) = say(&server, &["GET /style.json HTTP/1.1", "Host: inner", odd]);
        assert_eq!(status, 400, "{odd}: {head}");
        assert!(body.contains(odd.split(':').next().unwrap()) && head.contains("no-store"), "{odd}: {body}");
    }
    // A cookie is for TLS alone when that is how the browser came.
    let body = json!({"token": server.token()}).to_string();
    let length = format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let lines =
        ["POST /session HTTP/1.1", "Host: inner", "X-Forwarded-Proto: https", "Connection: close", &length];
    assert!(say(&server, &lines).1.contains("; secure"));
}

#[test]
fn the_host_of_the_target_comes_before_the_header() {
    let server = Server::start();
    let lines = ["GET http://target.example:8080/style.json HTTP/1.1", "Host: header.example"];
    let (status, _, body) = say(&server, &lines);
    assert_eq!(status, 200);
    assert!(body.contains("http://target.example:8080/tiles") && !body.contains("header.example"), "{body}");
}

#[test]
fn an_odd_host_never_reaches_a_link() {
    let (server, _folder) = configured("", &[]);
    let (public, _other) = configured("", &["--public-url", "https://mines.example.org"]);
    for odd in [
        "Host: evil.example/path",
        "Host: evil.example?x",
        "Host: a@evil.example",
        "Host: evil.example:x",
        "Host: evil.example:0",
        "Host: evil.example:99999",
        "Host: evil example",
        "Host: evil.example\"><script>",
        "Host: evil..example",
        "Host: [::1",
        "Host: [::1]evil",
        "Host: evil,example",
        "Host: ",
        "Host: a.example\r\nHost: b.example",
        "X-Nothing: here",
    ] {
        for server in [&server, &public] {
            let (status, head, body) = say(server, &["GET /style.json HTTP/1.1", odd]);
            assert_eq!(status, 400, "{odd}: {head}");
            assert!(!body.contains("/tiles/"), "{odd}: {body}");
        }
    }
    assert_eq!(say(&server, &["GET http://a@evil.example/style.json HTTP/1.1", "Host: a"]).0, 400);
    assert_eq!(say(&server, &["GET /healthz HTTP/1.0"]).0, 200, "HTTP/1.0 needs no host");
}

#[test]
fn a_configured_address_is_in_every_link_whatever_is_asked() {
    let (server, _folder) = configured(TRUSTING, &["--public-url", "https://Mines.example.org/clearline/"]);
    let base = "https://mines.example.org/clearline";
    for headers in [
        &["Host: evil.example"][..],
        &["Host: a", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: http"],
        &["Host: a", "Forwarded: host=evil.example;proto=http"],
    ] {
        assert_eq!(base_told(&server, headers), base, "{headers:?}");
    }
    let (lon, lat) = LACHIN;
    let made = server
        .agent()
        .post(server.url("/collections/detections/items"))
        .header("content-type", "application/geo+json")
        .send(feature(1, lon, lat).to_string())
        .unwrap();
    let location = format!("/clearline/collections/detections/items/{}", id(1));
    assert_eq!((made.status().as_u16(), made.headers()["location"].to_str().unwrap()), (201, &*location));
    let again = server.agent().post(server.url("/uploads")).header("content-type", "application/geo+json");
    let told = again.send(feature(2, lon, lat).to_string()).unwrap();
    assert!(told.headers()["content-location"].to_str().unwrap().starts_with("/clearline/uploads/"));
}

#[test]
fn a_public_url_that_is_none_keeps_the_server_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.gpkg");
    for odd in
        ["mines.example.org", "ftp://mines.example.org", "https://a/?b", "https://u:p@a", "https://a b"]
    {
        let store = store.to_str().unwrap();
        let output = clearline(&["serve", "--listen", "127.0.0.1:0", "--store", store, "--public-url", odd]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains("--public-url") && told.contains(odd), "{told}");
    }
    assert!(!store.exists());
}

/// How many of these requests are answered, in one burst.
fn answered(server: &Server, clients: &[&str]) -> usize {
    let ask = |client: &&&str| {
        let header = format!("X-Forwarded-For: {client}");
        say(server, &["GET /healthz HTTP/1.1", "Host: a", &header]).0 == 200
    };
    clients.iter().filter(ask).count()
}

#[test]
fn an_address_is_the_same_however_it_is_written() {
    let one_each = "public_a_second = 1\npublic_at_once = 1\n";
    let same = ["198.51.100.7", "198.51.100.7:4711", "::ffff:198.51.100.7", "[::ffff:198.51.100.7]:80"];
    for (listen, proxy) in [("127.0.0.1:0", "::ffff:127.0.0.1"), ("[::]:0", "127.0.0.1")] {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("clearline.toml");
        fs::write(&config, format!("[limits]\ntrusted_proxies = [\"{proxy}\"]\n{one_each}")).unwrap();
        let arguments = ["--config", config.to_str().unwrap()];
        let server = Server::listening(listen, &folder.path().join("store.gpkg"), &arguments);
        assert_eq!(answered(&server, &same), 1, "{listen}: one client");
        assert_eq!(
            answered(&server, &["2001:db8::1", "[2001:db8::1]:9", "[2001:db8:0:0::2]"]),
            1,
            "{listen}"
        );
        assert_eq!(answered(&server, &["192.0.2.1", "192.0.2.2"]), 2, "{listen}: two clients");
        assert_eq!(
            base_told(&server, &["Host: a", "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.3"]),
            "https://a"
        );
    }
}

#[test]
fn a_program_on_the_machine_itself_is_not_counted_on_any_socket() {
    let limits = "[limits]\npublic_a_second = 1\npublic_at_once = 1\n";
    for listen in ["127.0.0.1:0", "[::]:0"] {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("clearline.toml");
        fs::write(&config, limits).unwrap();
        let arguments = ["--config", config.to_str().unwrap()];
        let server = Server::listening(listen, &folder.path().join("store.gpkg"), &arguments);
        // What it says of others is a stranger's word.
        assert_eq!(answered(&server, &["192.0.2.1"; 5]), 5, "{listen}");
    }
}

/// Every address that can be read, from the table in the manual, with something that is there in each place.
fn readable(server: &Server) -> Vec<String> {
    let manual = include_str!("../../../docs/access.md");
    let paths =
        manual.lines().filter_map(|line| line.strip_prefix("| GET | `")?.split_once('`')).map(|row| row.0);
    let filled = |path: &str, collection: &str| {
        let item = if collection == "detections" { id(1) } else { "AZ-LAC".to_owned() };
        path.replace("{*path}", "none.js")
            .replace("{*address}", &format!("{collection}.json"))
            .replace("/items/{id}", &format!("/items/{item}"))
            .replace("/summary/regions/{id}", "/summary/regions/AZ-LAC")
            .replace("{collection}", collection)
            .replace("{set}", "WebMercatorQuad")
            .replace("{z}/{row}/{column}", "7/48/80")
            .replace("{token}", server.token())
            .replace("{name}", "detection")
            .replace("{hash}", &"0".repeat(64))
            .replace("{id}", &id(9))
    };
    let mut all = BTreeSet::new();
    for path in paths.filter(|path| *path != "/events") {
        for collection in ["detections", "regions", "places", "reported_figures"] {
            let path = filled(path, collection);
            for form in ["", "?f=json", "?f=html"] {
                all.insert(format!("{path}{form}"));
            }
        }
    }
    all.extend(
        ["/tiles/detections/7/80/48.mvt", "/tiles/regions/7/80/48.mvt", "/?kind=uxo", "/favicon.svg"]
            .map(str::to_owned),
    );
    all.extend(["/style.json?revision=1", "/tiles/detections.json?revision=1"].map(str::to_owned));
    all.extend(["/collections/detections/items?limit=1", "/changes?limit=1"].map(str::to_owned));
    all.into_iter().collect()
}

/// A server with some records, of which the public sees some.
fn with_records(server: &Server) {
    let (lon, lat) = LACHIN;
    let all = [neutralised(1, lon, lat), neutralised(2, lon + 0.01, lat), feature(3, lon, lat + 0.3)];
    assert_eq!(server.post_json("/uploads", &collection(&all)).0, 200);
}

/// What an answer shows: status, some headers, and the body.
#[derive(PartialEq, Debug)]
struct Shown {
    status: u16,
    kind: Option<String>,
    coding: Option<String>,
    origin: Option<String>,
    body: Vec<u8>,
}

fn ask(server: &Server, path: &str, headers: &[(&str, &str)]) -> (Shown, String, String) {
    let request = server.public().get(server.url(path)).config().accept("*/*").accept_encoding("").build();
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let mut answer = request.call().unwrap();
    let text = |name: &str| {
        let lines = answer.headers().get_all(name).iter();
        let lines: Vec<_> = lines.map(|line| line.to_str().unwrap().to_owned()).collect();
        assert!(lines.len() < 2, "{path}: one line of {name}: {lines:?}");
        lines.into_iter().next()
    };
    let (kind, coding) = (text("content-type"), text("content-encoding"));
    let origin = text("access-control-allow-origin");
    let (control, vary) = (text("cache-control").unwrap_or_default(), text("vary").unwrap_or_default());
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_vec().unwrap();
    (Shown { status, kind, coding, origin, body }, control, vary)
}

#[test]
fn no_cache_may_share_what_depends_on_the_host() {
    for (arguments, is_configured) in
        [(&[][..], false), (&["--public-url", "https://mines.example.org"], true)]
    {
        let (server, _folder) = configured("", arguments);
        with_records(&server);
        let mut n_differ = 0;
        for path in readable(&server) {
            for bearer in [None, Some(format!("Bearer {}", server.token()))] {
                let proof: Vec<_> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
                let told = |host| ask(&server, &path, &[&[("host", host)], &proof[..]].concat());
                let ((one, control, _), (other, ..)) = (told("one.example"), told("other.example"));
                assert!(!control.is_empty(), "{path} says nothing of caches");
                if one != other {
                    n_differ += 1;
                    assert!(control.contains("private") || control.contains("no-store"), "{path}: {control}");
                }
                // A file of the page is the same for everybody.
                let is_for_all = bearer.is_none() || path == "/favicon.svg";
                assert!(
                    is_for_all || control.contains("private") || control.contains("no-store"),
                    "{path}: {control}"
                );
            }
        }
        // Answers that tell the time differ too.
        assert!(if is_configured { n_differ < 5 } else { n_differ > 20 }, "{n_differ} differ");
    }
}

#[test]
fn vary_names_all_that_an_answer_depends_on_and_no_cookie_where_all_are_answered_alike() {
    let manual = include_str!("../../../docs/caching.md");
    let (server, _folder) = configured(
        "[cors]\norigins = [\"https://a.example\"]\n",
        &["--public-url", "https://mines.example.org"],
    );
    with_records(&server);
    let signed_in =
        server.public().post(server.url("/session")).send(json!({"token": server.token()}).to_string());
    let signed_in = signed_in.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let bearer = format!("Bearer {}", server.token());
    for path in readable(&server) {
        let (plain, control, vary) = ask(&server, &path, &[]);
        let varies: Vec<&str> = vary.split(',').map(str::trim).collect();
        for (name, value) in [
            ("cookie", cookie.as_str()),
            ("authorization", &bearer),
            ("accept", "text/html"),
            ("accept-encoding", "gzip"),
            ("accept-encoding", "br"),
            ("origin", "https://a.example"),
            ("user-agent", "other"),
            ("accept-language", "az"),
        ] {
            let (shown, _, their_vary) = ask(&server, &path, &[(name, value)]);
            // What is not to be kept need not say what it depends on.
            let is_told = varies.contains(&name) && their_vary.contains(name);
            assert!(
                shown == plain || is_told || control == "no-store",
                "{path} depends on {name}: Vary: {vary}"
            );
        }
        let (place, _) = path.split_once('?').unwrap_or((&path, ""));
        let place = if place.starts_with("/assets/") { "/assets/{*path}" } else { place };
        let place = if place.starts_with("/tileMatrixSets/") { "/tileMatrixSets/{set}" } else { place };
        let is_of_the_page = place == "/favicon.svg";
        if is_of_the_page || manual.contains(&format!("\n- `{place}`\n")) {
            let (signed_in, their_control, _) = ask(&server, &path, &[("cookie", &cookie)]);
            assert!(!varies.contains(&"cookie"), "{path}: Vary: {vary}");
            assert!(signed_in == plain && their_control == control, "{path}: {control}, {their_control}");
        }
    }
}

#[test]
fn a_style_that_names_a_revision_is_kept_for_long() {
    let (server, _folder) = configured("", &["--public-url", "https://mines.example.org"]);
    with_records(&server);
    let control = |path: &str| ask(&server, path, &[]).1;
    let (short, long) = ("public, max-age=0, must-revalidate, s-maxage=5", "public, max-age=3600, immutable");
    assert_eq!(control("/style.json"), short);
    assert_eq!(control("/style.json?revision=0"), long);
    assert_eq!(control("/style.json?revision=1"), long);
    assert_eq!(control("/tiles/detections.json"), short);
    assert_eq!(control("/tiles/detections.json?revision=1"), long);
    assert_eq!(ask(&server, "/style.json", &[]).0, ask(&server, "/style.json?revision=1", &[]).0);
    for odd in [
        "revision=99",
        "revision=",
        "revision=x",
        "revision=1&revision=1",
        "x=1",
        "%72evision=1",
        "revision=1&x=1",
    ] {
        let (shown, control, _) = ask(&server, &format!("/style.json?{odd}"), &[]);
        assert_eq!((shown.status, control.as_str()), (400, "no-store"), "{odd}");
    }
}

#[test]
fn no_layer_of_a_tilejson_is_deeper_than_its_tiles() {
    let server = Server::start();
    for name in ["detections", "regions", "places"] {
        let document = server.json(&format!("/tiles/{name}.json"));
        let of = |value: &Value, bound: &str| value[bound].as_u64().unwrap();
        let layers = document["vector_layers"].as_array().unwrap();
        assert!(!layers.is_empty());
        for layer in layers {
            assert!(of(layer, "minzoom") >= of(&document, "minzoom"), "{name}: {layer}");
            assert!(of(layer, "maxzoom") <= of(&document, "maxzoom"), "{name}: {layer}");
        }
    }
}

#[test]
fn a_page_of_another_origin_reads_every_header_that_it_needs() {
    let server = Server::start();
    let listed = server.header("/summary", "access-control-expose-headers");
    let listed: Vec<&str> = listed.split(',').map(str::trim).collect();
    for name in [
        "accept-patch",
        "accept-post",
        "allow",
        "clearline-revision",
        "content-crs",
        "content-disposition",
        "content-location",
        "etag",
        "link",
        "location",
        "retry-after",
    ] {
        assert!(listed.contains(&name), "{name} is not in {listed:?}");
    }
}

#[test]
fn an_export_says_that_it_comes_whole() {
    let server = Server::start();
    with_records(&server);
    for format in ["geojson", "csv", "gpkg", "xlsx", "pmtiles"] {
        let path = format!("/export/detections?f={format}");
        let request = server.agent().get(server.url(&path)).header("range", "bytes=0-9");
        let mut answer = request.call().unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["accept-ranges"]),
            (200, &"none".parse().unwrap())
        );
        assert!(answer.body_mut().read_to_vec().unwrap().len() > 10, "{format}");
    }
}
