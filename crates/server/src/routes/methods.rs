//! `OPTIONS` and 405: the methods that the caller may use on a resource.
//!
//! `Allow` follows the table of rights. It ignores whether a record is in the caller's regions or already
//! approved, which is checked on writing: editing clients query one record and apply the result to the whole
//! layer.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use demining::for_collection;
use service::{
    Service,
    access::{Caller, Grant},
};

use crate::{
    access::{Gate, Grants, granted, identify},
    api::records::items,
    http::{
        params::Path,
        problem::{Answer, Problem},
    },
    routes::table,
    wire::{collection::Collection, records::Listed, reference, systems::System},
};

/// The header that lists the media types for `POST` (W3C Linked Data Platform).
const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");

/// The header that lists the media types for `PATCH` (RFC 5789).
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

/// The id that QGIS requests when a layer has no features yet.
const PROBE: &str = "unknown_id";

/// The methods of each path in the table, with their grants.
static METHODS: LazyLock<HashMap<&str, Vec<(Method, Grants)>>> = LazyLock::new(|| {
    let mut methods: HashMap<&str, Vec<(Method, Grants)>> = HashMap::new();
    for entry in table() {
        methods.entry(entry.path).or_default().push((entry.method, entry.grants));
    }
    methods
});

/// Handles methods without a handler: `OPTIONS`, and 405 for the others.
pub async fn others(
    State(gate): State<Arc<Gate>>,
    template: MatchedPath,
    Path(parts): Path<HashMap<String, String>>,
    request: Request,
) -> Answer {
    let caller = identify(&gate, request.headers(), request.extensions()).await?;
    let methods = allowed(&gate, &caller, template.as_str());
    if request.method() != Method::OPTIONS {
        let detail = format!("{} is not supported here", request.method());
        return Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", detail)
            .with_header(header::ALLOW, list(&methods)));
    }
    find(&gate.service, &caller, template.as_str(), &parts).map_err(|missing| {
        // A missing resource allows only reading, in case it appears later.
        let reading = [Method::GET, Method::HEAD, Method::OPTIONS];
        let methods: Vec<Method> = methods.iter().filter(|m| reading.contains(m)).cloned().collect();
        missing.with_header(header::ALLOW, list(&methods))
    })?;
    let mut response = StatusCode::OK.into_response();
    response.headers_mut().insert(header::ALLOW, list(&methods));
    if template.as_str().starts_with("/collections/") {
        tell_media_types(&mut response, &methods);
    }
    Ok(response)
}

/// Returns the methods that the caller may use at a path, including `HEAD` and `OPTIONS`.
fn allowed(gate: &Gate, caller: &Caller, template: &str) -> Vec<Method> {
    let mut methods = Vec::new();
    for (method, grants) in METHODS.get(template).into_iter().flatten() {
        if granted(gate, caller, *grants) == Grant::No {
            continue;
        }
        methods.push(method.clone());
        if method == Method::GET {
            methods.push(Method::HEAD);
        }
    }
    methods.push(Method::OPTIONS);
    methods
}

/// Checks that the resource of a path exists.
///
/// # Errors
/// 404 when a collection, or a feature of it that the caller may see, does not exist.
fn find(service: &Service, caller: &Caller, template: &str, parts: &HashMap<String, String>) -> Answer<()> {
    let Some(rest) = template.strip_prefix("/collections/") else { return Ok(()) };
    // Routes of records name their collection.
    let named = rest.split('/').next().unwrap_or("");
    let collection = Collection::parse(parts.get("collection").map_or(named, |name| name))?;
    let view = caller.view(&service.atlas);
    let Some(id) = parts.get("id") else { return Ok(()) };
    match collection {
        // A deleted record keeps its history.
        Collection::Records(_) if !rest.ends_with("/items/{id}") => Ok(()),
        Collection::Records(collection) => for_collection!(collection, T => {
            // In an empty collection, this is the only way to query what is allowed with a record.
            let is_probe = id == PROBE || T::extent(&view).is_none();
            if is_probe { Ok(()) } else { items::find::<T>(&view, id).map(drop) }
        }),
        _ => reference::item(view.reference(), collection, id, &[], &System::default()).map(drop),
    }
}

/// Lists the media types that an editing client may send with `POST` and `PATCH`.
fn tell_media_types(response: &mut Response, methods: &[Method]) {
    for (method, name, types) in [
        (Method::POST, ACCEPT_POST, "application/geo+json, application/json"),
        (Method::PATCH, ACCEPT_PATCH, "application/merge-patch+json"),
    ] {
        if methods.contains(&method) {
            response.headers_mut().insert(name, HeaderValue::from_static(types));
        }
    }
}

/// Formats methods as a header's value.
fn list(methods: &[Method]) -> HeaderValue {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static("OPTIONS"))
}
