//! The routes, as the URL tree has them.

pub mod changes;
mod collections;
mod content_crs;
mod events;
mod export;
mod health;
mod items;
mod landing;
mod ogc;
mod page;
mod search;
mod summary;
mod tiles;
mod tilesets;
mod uploads;
mod write;

pub use collections::Collection;
pub use export::MOST as MOST_EXPORTS;
pub use items::LIMIT;

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures::FutureExt;
use tower_http::trace::TraceLayer;

use crate::{app::App, cors, pages, problem::Problem};

/// Every route of the server.
pub fn router(app: Arc<App>) -> Router {
    let router = Router::new()
        .route("/", get(landing::landing))
        .route("/conformance", get(ogc::conformance))
        .route("/api", get(ogc::api))
        .route("/collections", get(collections::list))
        .route("/collections/{collection}", get(collections::one))
        .route("/collections/{collection}/schema", get(ogc::schema))
        .route("/collections/{collection}/queryables", get(ogc::queryables))
        .route("/collections/{collection}/items", get(items::list))
        .route("/collections/{collection}/items/{id}", get(items::one))
        // Only detections can be written: `Allow` says so.
        .route("/collections/detections/items", get(items::detections).post(write::post))
        .route(
            "/collections/detections/items/{id}",
            get(items::detection).put(write::put).patch(write::patch).delete(write::delete),
        )
        .route("/collections/detections/items/{id}/history", get(items::history))
        .route("/collections/{collection}/tiles", get(tilesets::list))
        .route("/collections/{collection}/tiles/{set}", get(tilesets::one))
        .route("/collections/{collection}/tiles/{set}/{z}/{row}/{column}", get(tilesets::tile))
        .route("/tileMatrixSets", get(tilesets::matrix_sets))
        .route("/tileMatrixSets/{set}", get(tilesets::matrix_set))
        .route("/tiles/{*address}", get(tiles::get))
        .route("/api.html", get(ogc::api_page))
        .route("/pages.css", get(pages::style))
        .route("/style.json", get(page::style))
        .route("/summary", get(summary::summary))
        .route("/summary/regions", get(summary::regions))
        .route("/summary/regions/{id}", get(summary::region))
        .route("/summary/area", post(summary::area))
        .route("/export/detections", get(export::detections))
        .route("/search", get(search::search))
        .route("/uploads", post(uploads::post))
        .route("/uploads/{id}", get(uploads::get))
        .route("/events", get(events::events))
        .route("/changes", get(changes::changes))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/assets/{*path}", get(page::asset))
        .fallback(other)
        .method_not_allowed_fallback(wrong_method)
        // Every layer costs each request; a body is limited where it is read, by what the route needs.
        .layer(middleware::from_fn(around))
        .with_state(app);
    // Requests are told one by one only to who debugs.
    if tracing::enabled!(target: "tower_http", tracing::Level::DEBUG) {
        router.layer(TraceLayer::new_for_http())
    } else {
        router
    }
}

/// What happens around every handler.
async fn around(request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(cors::cors(request, next)).catch_unwind().await;
    answer.unwrap_or_else(|_| Problem::internal(&"a handler panicked").into_response())
}

/// Files at the top of the page, such as its icon; anything else is not there.
async fn other(State(app): State<Arc<App>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Problem::not_found(format!("there is nothing at {}", uri.path())).into_response();
    }
    page::top(&app, uri.path().trim_start_matches('/'), &headers)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

/// The router adds `Allow`: an editing client learns from it what is possible, and from `Accept-Post` and
/// `Accept-Patch` what it may send.
async fn wrong_method(method: Method, uri: Uri) -> Response {
    if method != Method::OPTIONS {
        return Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
            format!("{method} is not possible here"),
        )
        .into_response();
    }
    let parts: Vec<&str> = uri.path().trim_matches('/').split('/').collect();
    match parts[..] {
        ["collections", "detections", "items"] => {
            [("accept-post", "application/geo+json, application/json")].into_response()
        }
        ["collections", "detections", "items", _] => {
            [("accept-patch", "application/merge-patch+json")].into_response()
        }
        _ => StatusCode::OK.into_response(),
    }
}
