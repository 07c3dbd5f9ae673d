//! Requests that try to change what others get.

use super::site::{FRONTS, Front, Got, Site};

/// Requests that try to change what others get: arguments of curl. `{}` is the requested path.
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
            // An address not requested before.
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
    // Documents that no cache may store, nor anything about the request.
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
