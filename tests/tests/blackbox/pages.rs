//! Pages for people: every document of the OGC API as HTML, on request.

use serde_json::json;
use ureq::{Body, http::Response};

use crate::program::{LACHIN, Server, collection, feature, id};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn documents() -> Vec<String> {
    let mut paths: Vec<String> = ["/conformance", "/api", "/collections"].map(str::to_owned).into();
    for name in ["detections", "accidents", "regions", "places", "reported_figures"] {
        let own = format!("/collections/{name}");
        paths.extend(["", "/items", "/schema", "/queryables"].map(|end| format!("{own}{end}")));
    }
    paths.push("/collections/regions/items/AZ-LAC".to_owned());
    paths
}

fn ask(server: &Server, path: &str, accept: &str) -> Response<Body> {
    server.agent().get(server.url(path)).header("accept", accept).call().unwrap()
}

fn header(response: &Response<Body>, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn page(server: &Server, path: &str) -> String {
    let mut response = ask(server, path, BROWSER);
    assert_eq!(response.status(), 200, "{path}");
    response.body_mut().read_to_string().unwrap()
}

#[test]
fn whoever_asks_for_html_gets_a_page_and_everybody_else_json() {
    let server = Server::with_demonstration();
    for path in documents() {
        let plain = server.get(&path);
        assert!(header(&plain, "content-type").contains("json"), "{path}");
        assert!(header(&plain, "vary").contains("accept,"), "{path}: {}", header(&plain, "vary"));
        let forced = format!("{path}?f=json");
        assert!(header(&ask(&server, &forced, BROWSER), "content-type").contains("json"), "{path}");
        for response in [ask(&server, &path, BROWSER), server.get(&format!("{path}?f=html"))] {
            assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8", "{path}");
            assert!(header(&response, "vary").contains("accept,"), "{path}");
            let policy = header(&response, "content-security-policy");
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        }
        assert_eq!(server.get(&format!("{path}?f=pdf")).status(), 400, "{path}");
    }
    // A browser at the root gets the map.
    assert!(page(&server, "/").contains("id=\"app\""));
    assert!(page(&server, "/?f=html").contains("For GIS programs"));
    assert!(header(&server.get("/api.html"), "content-type").starts_with("text/html"));
    assert!(header(&server.get("/pages.css"), "content-type").starts_with("text/css"));
}

#[test]
fn every_page_has_the_links_of_its_document_and_says_what_it_does_not_know() {
    let server = Server::with_demonstration();
    for path in documents() {
        let html = page(&server, &path);
        assert!(html.starts_with("<!DOCTYPE html>") && html.contains("lang=\"en\""), "{path}");
        assert!(html.contains("No record does not mean no danger."), "{path}");
        assert!(html.contains("Demonstration: places are made up"), "{path}");
        assert!(!html.contains("<script"), "{path}");
        for link in server.json(&path)["links"].as_array().into_iter().flatten() {
            let href = link["href"].as_str().unwrap().replace('&', "&amp;");
            // A page of a table is shorter than one of GeoJSON, so its next page begins elsewhere.
            let own = ["self", "alternate", "next"].iter().any(|own| link["rel"] == *own);
            assert!(own || html.contains(&href), "{path}: {href}");
        }
    }
    assert!(!page(&Server::start(), "/collections").contains("Demonstration"));
}

#[test]
fn text_of_a_record_is_text_on_its_page() {
    let server = Server::start();
    let mut hostile = feature(1, LACHIN.0, LACHIN.1);
    hostile["properties"]["note"] = json!("<script>alert(1)</script>");
    hostile["properties"]["team"] = json!("\"><img src=x onerror=alert(1)>");
    hostile["properties"]["found by"] =
        json!({"<b>": "javascript:alert(1)", "at": "https://a/\"onclick=\"x"});
    assert_eq!(server.post_json("/uploads", &collection(&[hostile])).1["created"], 1);
    for path in
        ["/collections/detections/items".to_owned(), format!("/collections/detections/items/{}", id(1))]
    {
        let html = page(&server, &path);
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{path}");
        for raw in ["<script", "<img", "<b>", "\"onclick", "href=\"javascript"] {
            assert!(!html.contains(raw), "{path}: {raw}");
        }
    }
    let query = page(&server, "/collections/detections/items?operator=%22%3E%3Cscript%3E");
    assert!(!query.contains("<script") && query.contains("&lt;script&gt;"));
}

#[test]
fn a_table_leads_from_page_to_page_and_keeps_its_filters() {
    let server = Server::with_demonstration();
    let first = page(&server, "/collections/detections/items?status=neutralised&limit=2");
    let json = server.json("/collections/detections/items?status=neutralised&limit=2");
    for feature in json["features"].as_array().unwrap() {
        assert!(
            first.contains(&format!("/collections/detections/items/{}", feature["id"].as_str().unwrap()))
        );
    }
    assert!(
        first.contains(&format!("<strong>{}</strong>", json["numberMatched"]))
            && !first.contains("First page")
    );
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let next = next.replace("&amp;", "&");
    let path = next.strip_prefix(&server.base).unwrap();
    assert!(path.contains("status=neutralised") && path.contains("limit=2"));
    let second = page(&server, path);
    assert!(second.contains("First page") && second.contains("status = neutralised"));
    let shown = json["features"][0]["id"].as_str().unwrap();
    assert!(!second.contains(&format!("items/{shown}")));
}

#[test]
fn the_page_of_a_record_shows_where_in_its_district_it_lies() {
    let server = Server::start();
    server.post_json("/uploads", &collection(&[feature(1, LACHIN.0, LACHIN.1), feature(2, 10.0, 10.0)]));
    let html = page(&server, &format!("/collections/detections/items/{}", id(1)));
    assert!(html.contains("<svg") && html.contains("class=\"place\"") && html.contains("Lachin"));
    let outside = page(&server, &format!("/collections/detections/items/{}", id(2)));
    assert!(!outside.contains("<svg"));
    let region = page(&server, "/collections/regions/items/AZ-LAC");
    assert!(region.contains("<svg") && !region.contains("class=\"place\""));
    assert_eq!(ask(&server, "/collections/detections/items/none", BROWSER).status(), 404);
}
