//! The web map that was built into the program.

use std::sync::Arc;

use atlas::Scope;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
};
use demining::Revision;
use rust_embed::RustEmbed;
use service::Service;

use crate::{
    access::AskedBy,
    html::{self, About, Frame},
    http::{
        address::Address,
        cached_response::{CachedResponse, Keep, REVISION_HEADER},
        params::{Params, Path},
        problem::{Answer, Problem},
        site::Site,
    },
};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Returns the policy of what the page may load and run: resources of this server, and styles, tiles and fonts of the
/// host that a configured base map is on. Scripts never come from there. `frame_ancestors` are the sites that may
/// show the page in a frame.
pub fn policy(other_origin: Option<&str>, frame_ancestors: &str) -> HeaderValue {
    let (connect, others) = match other_origin {
        Some(origin) => {
            (format!("connect-src 'self' {origin}; font-src 'self' {origin}; "), format!(" {origin}"))
        }
        None => Default::default(),
    };
    let policy = format!(
        "default-src 'self'; {connect}img-src 'self' data: blob:{others}; worker-src 'self' blob:; \
         style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors {frame_ancestors}"
    );
    HeaderValue::try_from(policy).expect("origins are checked when the configuration is read")
}

/// Tells the page to request the base map. Without it the page requests none.
const WITH_BASE_MAP: &str = "</title>\n    <meta name=\"clearline-basemap\" content=\"/basemap.json\" />";

/// `GET /` for browsers.
pub async fn index(site: &Site, headers: &HeaderMap) -> Answer {
    file(site, "index.html", headers).await
}

/// `GET /about`: what the map counts, its sources, and whom to ask.
pub async fn about(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    State(about): State<Arc<About>>,
    mut params: Params,
    headers: HeaderMap,
) -> Answer {
    let lang = params.parse("lang", str::parse)?.unwrap_or_default();
    params.finish("lang")?;
    let frame = Frame::of(&service, &site, &headers).speaking(lang);
    let policy = &service.policy;
    let make = || Ok(html::about(&frame, &about, policy.public, policy.min_cell_count));
    html::respond(&site, &headers, None, make).await
}

/// `GET /embed`: the map for a frame in a page of another site, which the configuration must name.
pub async fn embed(State(site): State<Arc<Site>>, headers: HeaderMap) -> Answer {
    let mut response = file(&site, "index.html", &headers).await?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, site.embed_policy.clone());
    Ok(response)
}

/// `GET /field`: the page for field teams.
pub async fn field(State(site): State<Arc<Site>>, headers: HeaderMap) -> Answer {
    file(&site, "field.html", &headers).await
}

/// `GET /{file}`: an asset of the page.
pub async fn asset(State(site): State<Arc<Site>>, Path(path): Path<String>, headers: HeaderMap) -> Answer {
    file(&site, &format!("assets/{path}"), &headers).await
}

/// `GET /basemap.geojson` and other files at the top of the page.
pub async fn top(site: &Site, path: &str, headers: &HeaderMap) -> Answer {
    file(site, path, headers).await
}

async fn file(site: &Site, path: &str, headers: &HeaderMap) -> Answer {
    let make = || {
        let file = Dist::get(path).ok_or_else(|| Problem::not_found(format!("not found: {path}")))?;
        let mut body = file.data.into_owned();
        if path == "index.html" && site.has_base_map {
            body = String::from_utf8_lossy(&body).replacen("</title>", WITH_BASE_MAP, 1).into_bytes();
        }
        Ok(CachedResponse::new(content_type(path), body, Revision(0)))
    };
    let answer =
        site.responses.get((Scope::Public, &format!("page/{path}")), headers, Revision(0), make).await?;
    // The names of built assets contain a hash of their content.
    let keep = if path.starts_with("assets/") { Keep::Forever } else { Keep::Asking };
    let mut response = answer.respond(headers, keep);
    let set = response.headers_mut();
    set.remove(REVISION_HEADER);
    // Scripts need the policy too: a worker obeys the policy of its own script.
    set.insert(header::CONTENT_SECURITY_POLICY, site.page_policy.clone());
    Ok(response)
}

/// `GET /style.json`: the MapLibre style of the page, with this server's address in it. It shows no records,
/// so it does not change between revisions.
pub async fn style(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let address = Address::of(&uri, caller.view(&service.atlas).revision())?;
    address.params()?.finish("revision")?;
    let keep = site.keep(address.keep(Revision(0)));
    let file = Dist::get("style.json")
        .ok_or_else(|| Problem::not_found("this program was built without the page"))?;
    let text = String::from_utf8_lossy(&file.data).replace("{base}", &site.base(&headers));
    let make = || Ok(CachedResponse::new("application/json", text, Revision(0)));
    let mut response = site.responses.once(&headers, make).await?.respond(&headers, keep);
    response.headers_mut().remove(REVISION_HEADER);
    Ok(response)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "geojson" => "application/geo+json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        _ => "application/octet-stream",
    }
}
