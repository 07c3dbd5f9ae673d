//! OGC API Common Part 1 (OGC 19-072), Annex A, and Part 2 (OGC 20-024): core, landing page, JSON, HTML,
//! `OpenAPI` 3.0, collections.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{COLLECTIONS, accepting, first_id, header, links, parameter, path};
use crate::program::{Server, read};

const JSON: &str = "application/json";
const HTML: &str = "text/html";

/// Returns every document that exists as JSON and as a page, with the content type of its JSON.
fn documents(server: &Server) -> Vec<(String, &'static str)> {
    let mut all = vec![
        ("/".to_owned(), JSON),
        ("/conformance".to_owned(), JSON),
        ("/api".to_owned(), "application/vnd.oai.openapi+json;version=3.0"),
        ("/collections".to_owned(), JSON),
    ];
    for name in COLLECTIONS {
        let own = format!("/collections/{name}");
        all.push((format!("{own}/schema"), "application/schema+json"));
        all.push((format!("{own}/queryables"), "application/schema+json"));
        all.push((format!("{own}/items"), "application/geo+json"));
        all.push((format!("{own}/items/{}", first_id(server, name)), "application/geo+json"));
        all.push((own, JSON));
    }
    all
}

/// `/conf/core/http`: GET and HEAD agree, a missing document is 404, and an unsupported method 405.
#[test]
fn http_is_spoken_as_it_is_defined() {
    let server = Server::with_demonstration();
    for (document, _) in documents(&server) {
        for form in ["json", "html"] {
            let address = format!("{document}?f={form}");
            let got = server.get(&address);
            assert_eq!(got.status(), 200, "{address}");
            let head = server.agent().head(server.url(&address)).call().unwrap();
            assert_eq!(head.status(), 200, "{address}");
            for name in ["content-type", "etag", "link"] {
                assert_eq!(header(&head, name), header(&got, name), "{address}: {name}");
            }
        }
        let deleted = server.public().delete(server.url(&document)).call().unwrap();
        let is_a_record = ["detections", "accidents"]
            .iter()
            .any(|name| document.starts_with(&format!("/collections/{name}/items/")));
        assert_eq!(deleted.status(), if is_a_record { 401 } else { 405 }, "{document}");
    }
    assert_eq!(server.get("/collections/nothing").status(), 404);
}

/// `/conf/core/query-param-name-unknown`, `query-param-value-invalid`, `query-param-capitalization`
#[test]
fn unknown_parameters_and_invalid_values_are_refused() {
    let server = Server::with_demonstration();
    for (document, _) in documents(&server) {
        for wrong in ["colour=red", "f=xml", "f=", "F=json&colour=", "f=json&f=json"] {
            // The map stores its state in the address of the landing page.
            if document == "/" && !wrong.starts_with("f=") {
                continue;
            }
            let (status, problem) = read(server.get(&format!("{document}?{wrong}")));
            assert!(status == 400 && problem["detail"].is_string(), "{document}?{wrong}: {status}");
        }
    }
}

/// `/conf/core/query-param-name-known`, `query-param-value-special`, `query-param-list-delimiter`,
/// `query-param-list-escape`, `query-param-list-empty`, `query-param-value-boolean`, `-decimal`, `-integer`
#[test]
fn values_of_parameters_are_read_as_they_are_defined() {
    let server = Server::with_demonstration();
    let matched = |query: &str| {
        let page = server.json(&format!("/collections/detections/items?resultType=hits&{query}"));
        page["numberMatched"].as_u64().unwrap()
    };
    let both = matched("status=detected,neutralised");
    assert_eq!(both, matched("status=detected") + matched("status=neutralised"));
    assert_eq!(both, matched("status=detected%2Cneutralised"), "a comma may be escaped");
    assert_eq!(matched("bbox=46,39,47,40"), matched("bbox=46.0,39.00,+47,4e1"));
    assert_eq!(matched("datetime=2023-01-01%2F.."), matched("datetime=2023-01-01/.."));
    for wrong in ["bbox=", "bbox=46,,47,40", "bbox=46;39;47;40", "bbox=NaN,39,47,40", "limit=1.5", "limit=+"]
    {
        let (status, problem) = read(server.get(&format!("/collections/detections/items?{wrong}")));
        assert!(status == 400 && problem["detail"].is_string(), "{wrong}: {status} {problem}");
    }
}

/// `/conf/landing-page/root-op`, `root-success`, `api-definition-op`, `api-definition-success`,
/// `conformance-op`, `conformance-success`
#[test]
fn the_landing_page_leads_to_the_description_and_to_conformance() {
    let server = Server::start();
    let (status, landing) = read(accepting(&server, "/", JSON));
    assert_eq!(status, 200);
    assert!(landing["title"].is_string() && landing["description"].is_string());
    assert_eq!(links(&landing, "self")[0]["type"], JSON);
    for relation in ["service-desc", "service-doc", "conformance", "data"] {
        for link in links(&landing, relation) {
            let own = path(&server, &landing, relation);
            let answer = server.get(&own);
            assert_eq!(answer.status(), 200, "{own}");
            assert!(header(&answer, "content-type").starts_with(link["type"].as_str().unwrap()), "{own}");
        }
        assert!(!links(&landing, relation).is_empty(), "{relation}");
    }
    let conformance = server.json(&path(&server, &landing, "conformance"));
    let classes = conformance["conformsTo"].as_array().unwrap();
    let names: BTreeSet<&str> = classes.iter().map(|class| class.as_str().unwrap()).collect();
    assert_eq!(names.len(), classes.len(), "no class is declared twice");
    for class in [
        "ogcapi-common-1/1.0/conf/core",
        "ogcapi-common-1/1.0/conf/landing-page",
        "ogcapi-common-1/1.0/conf/json",
        "ogcapi-common-1/1.0/conf/html",
        "ogcapi-common-1/1.0/conf/oas30",
        "ogcapi-common-2/1.0/conf/collections",
        "ogcapi-common-2/1.0/conf/json",
        "ogcapi-common-2/1.0/conf/html",
    ] {
        assert!(names.contains(format!("http://www.opengis.net/spec/{class}").as_str()), "{class}");
    }
}

/// `/conf/json/definition`, `/conf/json/content`: a client that requests JSON, or nothing in particular, gets
/// it.
#[test]
fn every_document_comes_as_json() {
    let server = Server::with_demonstration();
    for (document, type_) in documents(&server) {
        for accept in [JSON, type_, "*/*", "application/*", "application/xml", "", "nonsense", ";;,q=,"] {
            let answer = accepting(&server, &document, accept);
            assert_eq!(header(&answer, "content-type"), type_, "{document}: {accept}");
            let (status, body) = read(answer);
            assert!(status == 200 && body.is_object(), "{document}: {accept}: {status}");
        }
        assert_eq!(header(&server.get(&format!("{document}?f=json")), "content-type"), type_);
        // `f` takes precedence over `Accept`.
        let page = accepting(&server, &format!("{document}?f=html"), JSON);
        assert!(header(&page, "content-type").starts_with(HTML), "{document}");
    }
}

/// `/conf/html/definition`, `/conf/html/content`: a page shows the content of the JSON, including its links.
#[test]
fn every_document_comes_as_a_page_with_its_links() {
    let server = Server::with_demonstration();
    for (document, _) in documents(&server) {
        let (_, body) = read(server.get(&format!("{document}?f=json")));
        let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        // Browsers get the map at the address of the landing page.
        let address = if document == "/" { "/?f=html" } else { document.as_str() };
        for accept in [accept, HTML, "text/*", "TEXT/HTML; Q=0.9, application/json;q=0.5"] {
            let answer = accepting(&server, address, accept);
            assert!(header(&answer, "content-type").starts_with(HTML), "{document}: {accept}");
        }
        let (status, page) = read(accepting(&server, address, accept));
        let page = page.as_str().unwrap();
        assert!(status == 200 && page.starts_with("<!DOCTYPE html>"), "{document}: {status}");
        for link in body["links"].as_array().into_iter().flatten() {
            let href = link["href"].as_str().unwrap();
            let relation = link["rel"].as_str().unwrap();
            // A page has a table of a different length, and links to its own next page.
            if ["self", "alternate", "next"].contains(&relation) {
                continue;
            }
            let local = href.strip_prefix(&server.base).unwrap_or(href);
            let known = page.contains(&local.replace('&', "&amp;"));
            assert!(known, "{document}: the page has no link {relation} to {local}");
        }
    }
}

/// `/conf/oas30/oas-impl`, `oas-definition-1`, `oas-definition-2`, `completeness`, `exception-codes`,
/// `security`
#[test]
fn the_description_is_complete() {
    let server = Server::with_demonstration();
    let landing = server.json("/?f=json");
    let api = server.json(&path(&server, &landing, "service-desc"));
    assert!(api["openapi"].as_str().unwrap().starts_with("3.0."));
    for (document, type_) in documents(&server) {
        let described = match document.split('/').collect::<Vec<_>>()[..] {
            ["", "collections", name, "items", _] => format!("/collections/{name}/items/{{id}}"),
            _ => document,
        };
        let operation = &api["paths"][&described]["get"];
        let content = operation["responses"]["200"]["content"].as_object();
        let types: Vec<&str> = content.unwrap().keys().map(String::as_str).collect();
        assert!(types.contains(&type_) && types.contains(&HTML), "{described}: {types:?}");
        assert!(parameter(&api, &described, "f")["schema"]["enum"].is_array(), "{described}");
    }
    let problem = "application/problem+json";
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            for status in ["400", "500"] {
                let reference = responses[status]["$ref"].as_str().unwrap().trim_start_matches('#');
                let response = api.pointer(reference).unwrap();
                assert!(response["content"][problem].is_object(), "{method} {path}: {status}");
            }
            // The requirements of a write are described.
            for scheme in operation["security"].as_array().into_iter().flatten() {
                for name in scheme.as_object().unwrap().keys() {
                    assert!(
                        api["components"]["securitySchemes"][name].is_object(),
                        "{method} {path}: {name}"
                    );
                }
            }
        }
    }
}

/// `/conf/collections/collections-list-op`, `-success`, `-links`, `-collections`, `description-op`,
/// `-success`, `-links`
#[test]
fn the_list_of_collections_agrees_with_each_of_them() {
    let server = Server::with_demonstration();
    let list = server.json("/collections");
    let has_own_links = |document: &Value| {
        assert_eq!(links(document, "self")[0]["type"], JSON);
        assert_eq!(links(document, "alternate")[0]["type"], HTML);
        for link in document["links"].as_array().unwrap() {
            assert!(link["rel"].is_string() && link["type"].is_string(), "{link}");
        }
    };
    has_own_links(&list);
    let all = list["collections"].as_array().unwrap();
    let ids: Vec<&str> = all.iter().map(|described| described["id"].as_str().unwrap()).collect();
    assert_eq!(ids, COLLECTIONS);
    for described in all {
        let own = format!("/collections/{}", described["id"].as_str().unwrap());
        assert_eq!(path(&server, described, "self"), own);
        assert_eq!(&server.json(&own), described);
        assert!(described["title"].is_string() && described["description"].is_string());
        has_own_links(described);
    }
}

/// `/conf/collections/description-extent`: the extent contains every geometry.
#[test]
fn the_extent_of_a_collection_holds_all_its_features() {
    fn hold(bbox: &[f64], coordinates: &Value) {
        let list = coordinates.as_array().unwrap();
        let Some(x) = list[0].as_f64() else { return list.iter().for_each(|inner| hold(bbox, inner)) };
        let y = list[1].as_f64().unwrap();
        assert!(bbox[0] <= x && x <= bbox[2] && bbox[1] <= y && y <= bbox[3], "{x} {y}: {bbox:?}");
    }
    let server = Server::with_demonstration();
    for name in COLLECTIONS {
        let described = server.json(&format!("/collections/{name}"));
        let features = server.json(&format!("/collections/{name}/items?limit=10000"));
        let bbox = described["extent"]["spatial"]["bbox"][0].as_array();
        let bbox: Option<Vec<f64>> = bbox.map(|bbox| bbox.iter().map(|n| n.as_f64().unwrap()).collect());
        for feature in features["features"].as_array().unwrap() {
            match &bbox {
                Some(bbox) => hold(bbox, &feature["geometry"]["coordinates"]),
                None => assert!(feature["geometry"].is_null(), "{name} has no extent"),
            }
        }
    }
}

/// Beyond the abstract tests: an address with a trailing slash redirects to the one without it.
#[test]
fn a_trailing_slash_leads_to_the_same_document() {
    let server = Server::with_demonstration();
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
    let mut addresses: Vec<String> = documents(&server).into_iter().map(|(document, _)| document).collect();
    let more =
        ["/tiles/detections.json", "/tiles/detections/7/80/48.mvt", "/summary", "/style.json", "/field"];
    addresses.extend(more.map(str::to_owned));
    for address in addresses.iter().filter(|address| *address != "/") {
        for slashes in ["/", "//"] {
            let slashed = format!("{address}{slashes}?f=json");
            let redirect = agent.get(server.url(&slashed)).call().unwrap();
            assert_eq!(redirect.status(), 308, "{slashed}");
            let last = address.rsplit('/').next().unwrap();
            let up = "../".repeat(slashes.len());
            assert_eq!(header(&redirect, "location"), format!("{up}{last}?f=json"), "{slashed}");
        }
    }
    // The body is preserved, and no redirect leads to another host.
    let posted = agent.post(server.url("/uploads/")).send("x").unwrap();
    assert_eq!((posted.status().as_u16(), header(&posted, "location").as_str()), (308, "../uploads"));
    let elsewhere = agent.get(server.url("//elsewhere.example/")).call().unwrap();
    assert_eq!(header(&elsewhere, "location"), "../elsewhere.example");
}
