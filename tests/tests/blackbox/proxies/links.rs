//! Links through a proxy.

use serde_json::Value;

use super::site::{BASE, FRONTS, NAME, Site};
use crate::program::*;

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
        // The address of a created record is on the same site.
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

/// Collects every link or link template in a document.
fn links_in(value: &Value, links: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("http") => links.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| links_in(value, links)),
        Value::Object(members) => members.values().for_each(|value| links_in(value, links)),
        _ => {}
    }
}
