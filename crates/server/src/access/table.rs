//! The table of rights: what each route grants to each role. `routes` writes it down, and makes the
//! router of it.

use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};
use demining::Role;
use service::access::Grant;

/// A route, and what it grants to each role, in the order of [`Role::ALL`].
pub struct Entry<S> {
    /// The method. `HEAD` goes with `GET`.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// What it grants.
    pub grants: [Grant; Role::ALL.len()],
    /// Whether it answers everybody alike and does not look at cookies.
    pub ignores_cookies: bool,
    /// What answers.
    pub handler: MethodRouter<S>,
}

impl<S> Entry<S> {
    /// The same for a route that answers everybody alike: no cookie reaches it, and one copy in a cache serves
    /// all.
    pub fn ignoring_cookies(self) -> Self {
        Self { ignores_cookies: true, ..self }
    }
}

/// A route.
pub fn entry<S, H, T>(
    method: Method,
    path: &'static str,
    handler: H,
    grants: [Grant; Role::ALL.len()],
) -> Entry<S>
where
    S: Clone + Send + Sync + 'static,
    H: Handler<T, S>,
    T: 'static,
{
    // What is no method that a filter knows is no route of ours.
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
    Entry { method, path, grants, ignores_cookies: false, handler: on(filter, handler) }
}
