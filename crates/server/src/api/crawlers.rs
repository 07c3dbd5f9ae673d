//! What search engines read.

use std::{fmt::Write, sync::Arc};

use atlas::Scope;
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};
use service::{Service, access::PublicSees};

use crate::{
    http::{problem::Answer, site::Site},
    wire::lang::Lang,
};

/// What robots need not fetch: data for programs, which changes with every record, and pages behind a token.
const FOR_PROGRAMS: [&str; 9] = [
    "/tiles/",
    "/export/",
    "/search",
    "/events",
    "/changes",
    "/summary",
    "/collections/",
    "/field",
    "/session",
];

/// `GET /robots.txt`: the map, the page about it and shared views may be listed. If the public sees nothing, nothing may.
pub async fn robots(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
) -> Answer {
    let mut text = "User-agent: *\n".to_owned();
    if service.policy.public == PublicSees::Nothing {
        text.push_str("Disallow: /\n");
    } else {
        // Writing to a `String` cannot fail.
        for path in FOR_PROGRAMS {
            let _ = writeln!(text, "Disallow: {path}");
        }
        let _ = writeln!(text, "Sitemap: {}/sitemap.xml", site.base(&headers));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// `GET /sitemap.xml`: the map, the page about it, and a shared view of each region in each language.
pub async fn sitemap(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
) -> Answer {
    let view = service.atlas.view(Scope::Public);
    let base = site.base(&headers);
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let mut add = |path: &str| {
        let _ = writeln!(text, "<url><loc>{base}{path}</loc></url>");
    };
    add("/");
    for lang in Lang::ALL.map(Lang::word) {
        add(&format!("/about?lang={lang}"));
        for info in view.reference().regions() {
            // Ids of regions are letters, digits and hyphens.
            add(&format!("/share?region={}&amp;lang={lang}", info.region.id));
        }
    }
    text.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml")], text).into_response())
}
