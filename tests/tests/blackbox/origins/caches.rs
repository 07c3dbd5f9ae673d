//! How caches may use responses.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::asking::{ask, configured, with_records};
use crate::program::*;

/// Returns every readable address, from the table in the manual, with existing values for parameters.
fn readable(server: &Server) -> Vec<String> {
    let manual = include_str!("../../../../docs/access.md");
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
        for collection in ["detections", "accidents", "regions", "places", "reported_figures"] {
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
                // A file of the page is the same for everyone.
                let is_for_all = bearer.is_none() || path == "/favicon.svg";
                assert!(
                    is_for_all || control.contains("private") || control.contains("no-store"),
                    "{path}: {control}"
                );
            }
        }
        // Responses that contain the time differ too.
        assert!(if is_configured { n_differ < 5 } else { n_differ > 20 }, "{n_differ} differ");
    }
}

#[test]
fn vary_names_all_that_an_answer_depends_on_and_no_cookie_where_all_are_answered_alike() {
    let manual = include_str!("../../../../docs/caching.md");
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
            // A response that must not be cached need not state what it depends on.
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
    for name in ["detections", "accidents", "regions", "places"] {
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
