//! The routes, as the URL tree has them.

mod changes;
mod collections;
mod events;
mod health;
mod items;
mod landing;
mod page;
mod search;
mod summary;
mod tiles;
mod uploads;
mod write;

pub use collections::Collection;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower_http::{catch_panic::CatchPanicLayer, trace::TraceLayer};

use crate::{
    app::App,
    cors,
    problem::{Answer, Problem},
};

/// Every route of the server.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(landing::landing))
        .route("/collections", get(collections::list))
        .route("/collections/{collection}", get(collections::one))
        .route("/collections/{collection}/items", get(items::list).post(write::post))
        .route(
            "/collections/{collection}/items/{id}",
            get(items::one).put(write::put).patch(write::patch).delete(write::delete),
        )
        .route("/collections/{collection}/items/{id}/history", get(items::history))
        .route("/tiles/{collection}/{z}/{x}/{y}", get(tiles::tile))
        .route("/tiles/{document}", get(tilejson))
        .route("/style.json", get(page::style))
        .route("/summary", get(summary::summary))
        .route("/summary/regions", get(summary::regions))
        .route("/summary/regions/{id}", get(summary::region))
        .route("/summary/area", post(summary::area))
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
        // Bodies are limited where they are read, by what the route needs.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(cors::cors))
        .layer(CatchPanicLayer::custom(|_| Problem::internal(&"a handler panicked").into_response()))
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

/// `GET /tiles/{collection}.json`
async fn tilejson(State(app): State<Arc<App>>, Path(document): Path<String>, headers: HeaderMap) -> Answer {
    let collection =
        document.strip_suffix(".json").ok_or_else(|| Problem::not_found("there is no such document"))?;
    Ok(tiles::tilejson(&app, collection, &headers)?.into_response())
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

/// The router adds `Allow`: an editing client learns from it what is possible.
async fn wrong_method(method: Method) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", format!("{method} is not possible here"))
        .into_response()
}
