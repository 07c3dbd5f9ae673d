//! The routes, in the order of the URL tree.

mod methods;

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, Method, Uri},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use demining::{AccidentDetails, Details, Role};
use futures::FutureExt;
use service::access::{ADD, Grant};
use store::TOKEN_BEGINS;
use tower_http::trace::TraceLayer;

use crate::{
    access::{RouteGrants, entry, guarded, hide},
    api::{
        accidents, basemap, changes, crawlers, events, export, health, own, page, photos,
        records::{items, write},
        review::{decisions, quarantine, refused},
        search, session, summary, tiles, tokens, uploads,
    },
    app::App,
    hooks::{self, routes as hook},
    html,
    http::{cache_control, cors::cors, problem::Problem, site::Site, slash::Slash, unread::Reading},
    ogc::{collections, documents, landing, tilesets},
    oidc::routes as sign_in,
    openrosa::{self, routes as forms},
    share::routes as share,
};

/// Returns every route and its grants, see [`Grant`]. Nothing else is routed.
#[rustfmt::skip]
pub fn table() -> Vec<RouteGrants<App>> {
    use Grant::{No, Regions, Shown, Yes};
    use Method as M;
    // In the order of the roles:            public viewer field manager admin
    const OPEN: [Grant; Role::ALL.len()] = [Yes,   Yes,   Yes,  Yes,     Yes];
    const DATA: [Grant; Role::ALL.len()] = [Shown, Yes,   Yes,  Yes,     Yes];
    const LOG: [Grant; Role::ALL.len()] =  [No,    Yes,   Yes,  Yes,     Yes];
    const EDIT: [Grant; Role::ALL.len()] = [No,    No,    No,   Regions, Yes];
    const RUN: [Grant; Role::ALL.len()] =  [No,    No,    No,   No,      Yes];
    // The routes of a collection of records. Only records can be written; `Allow` follows from this.
    macro_rules! records {
        ($name:literal, $content:ty) => {
            [
                entry(M::GET, concat!("/collections/", $name, "/items"), items::records::<$content>, DATA),
                entry(M::POST, concat!("/collections/", $name, "/items"), write::post::<$content>, ADD),
                entry(M::GET, concat!("/collections/", $name, "/items/{id}"), items::record::<$content>, DATA),
                entry(M::PUT, concat!("/collections/", $name, "/items/{id}"), write::put::<$content>, ADD),
                entry(M::PATCH, concat!("/collections/", $name, "/items/{id}"), write::patch::<$content>, ADD),
                entry(M::DELETE, concat!("/collections/", $name, "/items/{id}"), write::delete::<$content>, EDIT),
                entry(M::GET, concat!("/collections/", $name, "/items/{id}/history"), items::history::<$content>, LOG),
                entry(M::GET, concat!("/export/", $name), export::records::<$content>, DATA),
            ]
        };
    }
    let mut all = vec![
        entry(M::GET, "/", landing::landing, OPEN).ignoring_cookies(),
        entry(M::GET, "/conformance", documents::conformance, OPEN).ignoring_cookies(),
        entry(M::GET, "/api", documents::api, OPEN).ignoring_cookies(),
        entry(M::GET, "/api.html", documents::api_page, OPEN).ignoring_cookies(),
        entry(M::GET, "/pages.css", html::style, OPEN).ignoring_cookies(),
        entry(M::GET, "/assets/{*path}", page::asset, OPEN).ignoring_cookies(),
        entry(M::GET, "/about", page::about, OPEN).ignoring_cookies(),
        entry(M::GET, "/embed", page::embed, OPEN).ignoring_cookies(),
        entry(M::GET, "/field", page::field, OPEN).ignoring_cookies(),
        entry(M::GET, "/robots.txt", crawlers::robots, OPEN).ignoring_cookies(),
        entry(M::GET, "/style.json", page::style, OPEN).ignoring_cookies(),
        entry(M::GET, "/basemap.json", basemap::document, OPEN).ignoring_cookies(),
        entry(M::GET, "/basemap/{archive}/{z}/{x}/{y}", basemap::tile, OPEN).ignoring_cookies(),
        entry(M::GET, "/healthz", health::live, OPEN).ignoring_cookies(),
        entry(M::GET, "/readyz", health::ready, OPEN).ignoring_cookies(),
        entry(M::GET, "/me", session::me, OPEN),
        entry(M::POST, "/me/records", own::records, ADD),
        entry(M::DELETE, "/me/claims/{number}", own::withdraw, ADD),
        entry(M::POST, "/session", session::begin, OPEN),
        entry(M::DELETE, "/session", session::end, OPEN),
        entry(M::GET, "/session/openid", sign_in::begin, OPEN),
        entry(M::GET, "/session/openid/callback", sign_in::finish, OPEN),
        entry(M::GET, "/tileMatrixSets", tilesets::matrix_sets, OPEN).ignoring_cookies(),
        entry(M::GET, "/tileMatrixSets/{set}", tilesets::matrix_set, OPEN).ignoring_cookies(),
        entry(M::GET, "/collections", collections::list, DATA),
        entry(M::GET, "/collections/{collection}", collections::one, DATA),
        entry(M::GET, "/collections/{collection}/schema", documents::schema, DATA),
        entry(M::GET, "/collections/{collection}/queryables", documents::queryables, DATA),
        entry(M::GET, "/collections/{collection}/items", items::list, DATA),
        entry(M::GET, "/collections/{collection}/items/{id}", items::one, DATA),
    ];
    all.extend(records!("detections", Details));
    all.extend(records!("accidents", AccidentDetails));
    all.extend([
        entry(M::GET, "/collections/{collection}/tiles", tilesets::list, DATA),
        entry(M::GET, "/collections/{collection}/tiles/{set}", tilesets::one, DATA),
        entry(M::GET, "/collections/{collection}/tiles/{set}/{z}/{row}/{column}", tilesets::tile, DATA),
        entry(M::GET, "/tiles/{*address}", tiles::get, DATA),
        entry(M::GET, "/summary", summary::summary, DATA),
        entry(M::GET, "/summary/regions", summary::regions, DATA),
        entry(M::GET, "/summary/regions/{id}", summary::region, DATA),
        entry(M::POST, "/summary/area", summary::area, DATA),
        entry(M::GET, "/summary/accidents", accidents::counts, DATA),
        entry(M::GET, "/search", search::search, DATA),
        entry(M::GET, "/share", share::page, DATA),
        entry(M::GET, "/sitemap.xml", crawlers::sitemap, DATA),
        entry(M::GET, "/share.png", share::png, DATA),
        entry(M::GET, "/events", events::events, DATA),
        entry(M::GET, "/changes", changes::changes, LOG),
        entry(M::GET, "/changes/head", changes::head, LOG),
        entry(M::POST, "/uploads", uploads::post, ADD),
        entry(M::GET, "/uploads/{id}", uploads::get, ADD),
        entry(M::GET, "/uploads/{id}/received", uploads::received, EDIT),
        entry(M::GET, "/photos/{hash}", photos::get, LOG),
        entry(M::PATCH, "/photos/{hash}", photos::patch, ADD),
        entry(M::GET, "/photos/{hash}/thumbnail", photos::thumbnail, LOG),
        entry(M::GET, "/openrosa/{token}/formList", forms::form_list, ADD),
        entry(M::GET, "/openrosa/{token}/forms/{name}", forms::form, ADD),
        entry(M::GET, "/openrosa/{token}/forms/{name}/manifest", forms::manifest, ADD),
        entry(M::GET, "/openrosa/{token}/entities/detections.csv", forms::entities, ADD),
        entry(M::HEAD, "/openrosa/{token}/submission", forms::ready, ADD),
        entry(M::POST, "/openrosa/{token}/submission", forms::submit, ADD),
        entry(M::POST, "/hooks/kobo", hook::kobo, ADD),
        entry(M::POST, "/hooks/central", hook::central, ADD),
        entry(M::GET, "/review", decisions::queue, EDIT),
        entry(M::POST, "/review", decisions::decide, EDIT),
        entry(M::POST, "/review/{revision}/undo", decisions::undo, EDIT),
        entry(M::GET, "/held", quarantine::queue, EDIT),
        entry(M::POST, "/held/{number}", quarantine::decide, EDIT),
        entry(M::GET, "/refused", refused::queue, EDIT),
        entry(M::POST, "/refused/{upload}", refused::settle, EDIT),
        entry(M::GET, "/tokens", tokens::list, RUN),
        entry(M::POST, "/tokens", tokens::create, RUN),
        entry(M::DELETE, "/tokens/{id}", tokens::revoke, RUN),
    ]);
    all
}

/// Builds the server's router from the table.
pub fn router(app: App) -> Router {
    let routes = table().into_iter().map(|entry| guarded(entry, &app.gate));
    let router = routes
        .fold(Router::new(), |router, (path, handler)| router.route(path, handler))
        .fallback(other)
        .method_not_allowed_fallback(methods::others)
        // Every layer costs time on each request. Bodies are limited where they are read, as each route
        // needs.
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .with_state(app);
    // Log single requests only at debug level, and without parameters: those may contain a place or a sign-in
    // code.
    let router = if tracing::enabled!(target: "tower_http", tracing::Level::DEBUG) {
        router.layer(TraceLayer::new_for_http().make_span_with(span))
    } else {
        router
    };
    // Outside of every layer that could log an address.
    router.layer(middleware::map_request(hide))
}

/// Creates a request's span without its query, which may contain a place. [`hide`] removes a token from the
/// path where one belongs; a mistyped address may contain one elsewhere.
fn span(request: &Request) -> tracing::Span {
    let path = request.uri().path();
    let path = if path.contains(TOKEN_BEGINS) { "(an address with a token)" } else { path };
    tracing::debug_span!("request", method = %request.method(), path)
}

/// Wraps every handler.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let (is_of_forms, is_sent_on) = (openrosa::is_asked(request.uri()), hooks::is_asked(request.uri()));
    let slash = Slash::of(request.uri());
    let (reading, mut request) = Reading::of(request);
    if is_sent_on {
        hooks::admit(request.headers_mut());
    }
    let answer = match app.site.settle(request) {
        Ok(request) => AssertUnwindSafe(cors(&app.cors, request, next)).catch_unwind().await,
        Err(problem) => Ok(problem.into_response()),
    };
    let answer = answer.unwrap_or_else(|_| Problem::internal(&"a handler panicked").into_response());
    let mut answer = slash.redirected(reading.end(answer));
    cache_control::told(&app.site, answer.headers_mut());
    app.site.place(answer.headers_mut());
    let answer = if is_sent_on { hooks::dressed(answer) } else { answer };
    if is_of_forms { openrosa::dressed(answer).await } else { answer }
}

/// Serves files at the top of the page, such as its icon; 404 for anything else.
async fn other(State(site): State<Arc<Site>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Problem::not_found(format!("not found: {}", uri.path())).into_response();
    }
    page::top(&site, uri.path().trim_start_matches('/'), &headers)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_in_the_manual_is_the_one_the_router_is_made_of() {
        let manual = include_str!("../../../../docs/access.md");
        let told = table().into_iter().map(|entry| {
            let grants = entry.grants.map(Grant::word).join(" | ");
            format!("| {} | `{}` | {grants} |\n", entry.method, entry.path)
        });
        assert!(manual.ends_with(&told.collect::<String>()), "docs/access.md must end with the table");
    }

    #[test]
    fn the_manual_lists_the_routes_that_ignore_cookies() {
        let manual = include_str!("../../../../docs/caching.md");
        let (_, after) = manual.split_once("## What ignores cookies").unwrap();
        let (section, _) = after.split_once("\n## ").unwrap();
        let told: Vec<&str> =
            section.lines().filter_map(|line| line.strip_prefix("- `")?.strip_suffix('`')).collect();
        let ignoring = table().into_iter().filter(|entry| entry.ignores_cookies);
        assert_eq!(told, ignoring.map(|entry| entry.path).collect::<Vec<_>>());
    }

    #[test]
    fn only_what_everybody_may_read_ignores_cookies() {
        for entry in table().into_iter().filter(|entry| entry.ignores_cookies) {
            assert_eq!(entry.method, Method::GET, "{}", entry.path);
            assert!(entry.grants.iter().all(|grant| *grant == Grant::Yes), "{}", entry.path);
        }
    }
}
