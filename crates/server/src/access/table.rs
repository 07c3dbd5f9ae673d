//! The table of rights: what each route grants to each role. `routes` fills it in and builds the router from
//! it.

use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};
use demining::Role;
use service::access::Grant;

/// A route, and what it grants to each role, in the order of [`Role::ALL`].
pub struct RouteGrants<S> {
    /// The method. `GET` includes `HEAD`.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// What it grants.
    pub grants: [Grant; Role::ALL.len()],
    /// Whether the response is the same for every caller, so cookies are ignored.
    pub ignores_cookies: bool,
    /// The handler.
    pub handler: MethodRouter<S>,
}

impl<S> RouteGrants<S> {
    /// Marks a route whose response is the same for every caller: cookies are ignored, and one cached copy
    /// serves everyone.
    pub fn ignoring_cookies(self) -> Self {
        Self { ignores_cookies: true, ..self }
    }
}

/// Creates a route.
pub fn entry<S, H, T>(
    method: Method,
    path: &'static str,
    handler: H,
    grants: [Grant; Role::ALL.len()],
) -> RouteGrants<S>
where
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    // The table uses only methods that a filter supports.
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
    RouteGrants { method, path, grants, ignores_cookies: false, handler: on(filter, handler) }
}
