//! Encodings, caching and cross-origin reads: guarantees for HTTP clients.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use crate::{
    program::{KALBAJAR, LACHIN, Server, collection, feature, read},
    tile_counts::{Tile, address},
};

#[test]
fn a_body_comes_in_the_encoding_that_was_asked_for_and_is_the_same() {
    let server = Server::with_demonstration();
    let path = "/summary/regions";
    let plain = server.bytes(path);
    for encoding in ["gzip", "br", "zstd"] {
        let mut response =
            server.agent().get(server.url(path)).header("accept-encoding", encoding).call().unwrap();
        let headers = response.headers();
        assert_eq!(headers["content-encoding"], encoding);
        assert!(headers["vary"].to_str().unwrap().to_lowercase().contains("accept-encoding"));
        let packed = response.body_mut().read_to_vec().unwrap();
        assert!(packed.len() < plain.len() / 2, "{encoding}: {} of {}", packed.len(), plain.len());
        let mut unpacked = Vec::new();
        match encoding {
            "gzip" => flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap(),
            "br" => brotli::Decompressor::new(&packed[..], 4096).read_to_end(&mut unpacked).unwrap(),
            _ => zstd::Decoder::new(&packed[..]).unwrap().read_to_end(&mut unpacked).unwrap(),
        };
        assert_eq!(unpacked, plain, "{encoding}");
    }
}

#[test]
fn a_connection_that_ends_with_an_answer_says_so() {
    let server = Server::start();
    let address = server.base.strip_prefix("http://").unwrap();
    let answer = |head: &str, body: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!("POST {head}\r\nHost: h\r\nContent-Type: application/json\r\n\r\n{body}");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut some = [0; 1024];
            let n = stream.read(&mut some).unwrap();
            assert!(n > 0, "the connection ended before the answer");
            answer.extend_from_slice(&some[..n]);
        }
        String::from_utf8_lossy(&answer).to_lowercase()
    };
    // Refused before the body, of which only a part has arrived, is read.
    for refused in ["/uploads HTTP/1.1\r\nContent-Length: 9000", "/none HTTP/1.1\r\nContent-Length: 9000"] {
        let told = answer(refused, "{\"type\":");
        assert!(told.starts_with("http/1.1 40") && told.contains("\r\nconnection: close\r\n"), "{told}");
    }
    for read in ["/summary/area HTTP/1.1\r\nContent-Length: 2", "/session HTTP/1.1\r\nContent-Length: 2"] {
        let told = answer(read, "{}");
        assert!(told.starts_with("http/1.1 4") && !told.contains("connection: close"), "{told}");
    }
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let server = Server::with_demonstration();
    for path in [
        "/tiles/detections/7/80/48.mvt",
        "/tiles/regions/7/80/48.mvt",
        "/summary?by=region",
        "/collections/detections/items?limit=5",
        "/",
    ] {
        let etag = server.header(path, "etag");
        assert!(etag.starts_with('"'), "{path}: {etag}");
        let mut again = server.agent().get(server.url(path)).header("if-none-match", &etag).call().unwrap();
        assert_eq!(again.status(), 304, "{path}");
        assert_eq!(again.headers()["etag"].to_str().unwrap(), etag);
        assert_eq!(again.body_mut().read_to_vec().unwrap().len(), 0);
    }
}

#[test]
fn an_answer_that_rests_on_records_names_its_revision() {
    let server = Server::start();
    let (_, report) = server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1)]));
    let revision = report["revision"].to_string();
    for path in [
        "/tiles/detections/7/80/48.mvt",
        "/summary?by=region",
        "/summary/regions",
        "/collections/detections/items",
    ] {
        assert_eq!(server.header(path, "clearline-revision"), revision, "{path}");
    }
}

#[test]
fn a_shared_cache_may_serve_the_public_map_for_seconds_and_what_a_revision_showed_for_long() {
    let folder = tempfile::tempdir().unwrap();
    let server =
        Server::open(&folder.path().join("store.gpkg"), &["--public-url", "https://mines.example.org"]);
    let post = |n, (lon, lat): (f64, f64)| {
        let (_, report) = server.post_json("/uploads", &collection(&[feature(n, lon, lat)]));
        report["revision"].as_u64().unwrap()
    };
    let lachin = post(1, LACHIN);
    let tile = |(lon, lat): (f64, f64)| {
        let (x, y) = address(lon, lat, 12);
        format!("/tiles/detections/12/{x}/{y}.mvt")
    };
    let header = |path: &str, name: &str| {
        let answer = server.public().get(server.url(path)).call().unwrap();
        answer.headers()[name].to_str().unwrap().to_owned()
    };
    let control = |path: &str| header(path, "cache-control");
    let short = "public, max-age=0, must-revalidate, s-maxage=5";
    for path in [&tile(LACHIN), "/tiles/detections.json", "/summary", "/summary/regions", "/style.json"] {
        assert_eq!(control(path), short, "{path}");
        let vary =
            if path == "/style.json" { "accept-encoding" } else { "accept-encoding, authorization, cookie" };
        assert_eq!(header(path, "vary"), vary, "{path}");
        assert_eq!(server.header(path, "access-control-allow-origin"), "*", "{path}");
    }
    // What it shows has not changed since, so it can be cached.
    let named = format!("{}?revision={lachin}", tile(LACHIN));
    let long = "public, max-age=3600, immutable";
    assert_eq!(control(&named), long);
    assert_eq!(control(&format!("/summary?revision={lachin}")), long);
    assert_eq!(server.bytes(&named), server.bytes(&tile(LACHIN)));
    // A change elsewhere does not affect it; one here does, and the newest state is returned.
    let kalbajar = post(2, KALBAJAR);
    assert_eq!(control(&named), long);
    assert_eq!(control(&format!("/summary?revision={lachin}")), short);
    let again = post(3, LACHIN);
    assert_eq!(control(&named), short);
    assert_eq!(Tile::get(&server, &named).records, 2);
    assert_eq!(control(&format!("{}?kind=ap_mine&revision={again}", tile(LACHIN))), long);
    assert_eq!(control(&format!("{}?revision={kalbajar}", tile(KALBAJAR))), long);
    let (status, problem) = read(server.get(&format!("{}?revision={}", tile(LACHIN), again + 1)));
    assert_eq!(status, 400);
    assert!(problem["detail"].as_str().unwrap().contains("newest"), "{problem}");
}

#[test]
fn an_answer_to_whoever_shows_a_token_is_for_nobody_else() {
    let server = Server::start();
    for path in ["/tiles/detections/7/80/48.mvt", "/summary", "/collections/detections/items", "/"] {
        let request = server.agent().get(server.url(path));
        let response = request.header("authorization", format!("Bearer {}", server.token())).call().unwrap();
        assert_eq!(response.headers()["cache-control"], "private, no-cache", "{path}");
    }
}

#[test]
fn another_origin_may_read_and_is_not_told_that_it_may_write() {
    let server = Server::start();
    let response = server
        .agent()
        .get(server.url("/summary"))
        .header("origin", "https://elsewhere.example")
        .call()
        .unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let preflight = server
        .agent()
        .options(server.url("/collections/detections/items"))
        .header("origin", "https://elsewhere.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization")
        .call()
        .unwrap();
    let allowed = preflight.headers()["access-control-allow-headers"].to_str().unwrap();
    assert!(!allowed.to_lowercase().contains("authorization"), "{allowed}");
}

#[test]
fn an_upload_may_come_packed() {
    let server = Server::start();
    let body = collection(&[feature(1, LACHIN.0, LACHIN.1)]).to_string();
    let packed = zstd::encode_all(body.as_bytes(), 3).unwrap();
    let request = server
        .agent()
        .post(server.url("/uploads"))
        .header("authorization", format!("Bearer {}", server.token()));
    let (status, report) = read(request.header("content-encoding", "zstd").send(&packed).unwrap());
    assert_eq!((status, report["created"].as_u64()), (200, Some(1)), "{report}");
}

#[test]
fn a_csv_is_an_upload_too() {
    let server = Server::start();
    let csv = "id;lon;lat;kind;detected_on\n018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01;46,296;39,7011;anti-tank;2023-03-14\n;46,3;95;AT;2023-03-14\n";
    let (status, report) = server.post("/uploads", "text/csv", csv.as_bytes());
    assert_eq!(
        (status, report["created"].as_u64(), report["refused"].as_u64()),
        (200, Some(1), Some(1)),
        "{report}"
    );
    assert_eq!(report["problems"][0]["row"], 3, "the line in the file: {report}");
    let summary = server.json("/summary?by=region,kind");
    assert_eq!(
        (&summary["rows"][0]["region"], &summary["rows"][0]["kind"]),
        (&"AZ-LAC".into(), &"av_mine".into())
    );
}

#[test]
fn the_page_comes_with_the_program_and_forbids_what_is_not_its_own() {
    let server = Server::start();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let response = server.agent().get(server.url("/")).header("accept", browser).call().unwrap();
    assert_eq!(response.headers()["vary"], "accept, accept-encoding");
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
    let (_, page) = read(response);
    let page = page.as_str().unwrap();
    assert!(page.contains("Clearline") && !page.contains("http://") && !page.contains("https://"), "{page}");
    // A client that does not request HTML is a program, unless the address contains a state of the map.
    assert_eq!(server.json("/")["title"], "Clearline");
    assert!(server.header("/?kind=uxo", "content-type").starts_with("text/html"));
    let style = server.json("/style.json").to_string();
    assert!(style.contains(&server.base) && !style.contains("{base}"), "the style names this server");
}

#[test]
fn search_finds_a_district_in_any_spelling() {
    let server = Server::start();
    for spelling in ["Kelbajar", "Kalbajar", "Kəlbəcər", "kelbecer", "KALBAJ"] {
        let found = server.json(&format!("/search?q={spelling}"));
        assert_eq!(found["results"][0]["id"], "AZ-KAL", "{spelling}: {found}");
    }
}
