//! The routes of shared views. They show what the public sees, also to callers with a token.

use std::sync::Arc;

use atlas::{Scope, View};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
};
use maud::{DOCTYPE, html};
use service::Service;

use super::{
    facts::Facts,
    paint,
    picture::{self, SIZE},
    state::Shared,
};
use crate::{
    http::{
        cached_response::{CachedResponse, Keep},
        problem::Answer,
        site::Site,
    },
    wire::lang::Lang,
};

/// The page loads nothing but its picture's address for crawlers, and goes on to the map.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Returns the public view, and the state in the address of a request.
fn asked(service: &Service, uri: &Uri) -> Answer<(View, Shared)> {
    let view = service.atlas.view(Scope::Public);
    let shared = Shared::of(uri, |id| view.reference().region(id).is_some())?;
    Ok((view, shared))
}

/// `GET /share`: a page that previews are made from, and that opens the map.
pub async fn page(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let (view, shared) = asked(&service, &uri)?;
    let facts = Facts::of(&shared, &view);
    let (base, query) = (site.base(&headers), shared.query());
    let (title, sentence) = (facts.title(&shared), facts.sentence(&shared));
    let (own, picture) = (format!("{base}/share?{query}"), format!("{base}/share.png?{query}"));
    let map = format!("{base}/#{query}");
    let make = || {
        let page = html! {
            (DOCTYPE)
            html lang=(shared.lang.word()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) }
                    meta name="description" content=(sentence);
                    link rel="canonical" href=(own);
                    @for other in Lang::ALL {
                        @let address = Shared { lang: other, ..shared.clone() }.query();
                        link rel="alternate" hreflang=(other.word()) href={ (base) "/share?" (address) };
                    }
                    meta property="og:type" content="website";
                    meta property="og:site_name" content="Clearline";
                    meta property="og:locale" content=(shared.lang.locale());
                    meta property="og:url" content=(own);
                    meta property="og:title" content=(title);
                    meta property="og:description" content=(sentence);
                    meta property="og:image" content=(picture);
                    meta property="og:image:type" content="image/png";
                    meta property="og:image:width" content=(SIZE.0);
                    meta property="og:image:height" content=(SIZE.1);
                    meta property="og:image:alt" content=(sentence);
                    meta name="twitter:card" content="summary_large_image";
                    meta name="twitter:title" content=(title);
                    meta name="twitter:description" content=(sentence);
                    meta name="twitter:image" content=(picture);
                    meta http-equiv="refresh" content={ "0; url=" (map) };
                }
                body {
                    h1 { (title) }
                    p { (sentence) }
                    p { (shared.lang.notice()) }
                    p { a href=(map) { (shared.lang.open()) } }
                }
            }
        };
        Ok(CachedResponse::new("text/html; charset=utf-8", page.into_string(), view.revision()))
    };
    let answer = site.responses.once(&headers, make).await?;
    let mut response = answer.respond(&headers, site.keep(Keep::Shared));
    let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// `GET /share.png`: its picture. One is painted per core at a time; the cache for responses keeps it until a record
/// changes.
pub async fn png(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let (view, shared) = asked(&service, &uri)?;
    let base = site.base(&headers);
    let host = base.split_once("://").map_or(base.as_str(), |(_, host)| host);
    // The picture names the host that was asked for.
    let name = format!("/share.png?{}#{host}", shared.query());
    let make = || {
        let facts = Facts::of(&shared, &view);
        let drawn = picture::draw(&facts, &shared, host);
        Ok(CachedResponse::new("image/png", paint::png(&drawn, SIZE)?, view.revision()))
    };
    let answer = site.responses.get((Scope::Public, &name), &headers, view.revision(), make).await?;
    Ok(answer.respond(&headers, site.keep(Keep::Shared)))
}
