//! The table of rights: what each route grants to each role. `routes` writes it down, and makes the
//! router of it.

use std::sync::Arc;

use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};
use demining::Role;

use crate::app::App;

/// What a route grants to a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Nothing.
    No,
    /// To read what the policy shows to the public.
    Shown,
    /// To write its own records in its regions, as long as they are not approved.
    Own,
    /// To write in its regions.
    Regions,
    /// Everything.
    Yes,
}

#[cfg(test)]
impl Grant {
    /// Its word in documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Shown => "shown",
            Self::Own => "own",
            Self::Regions => "regions",
            Self::Yes => "yes",
        }
    }
}

/// A route, and what it grants to each role, in the order of [`Role::ALL`].
pub struct Entry {
    /// The method. `HEAD` goes with `GET`.
    #[cfg(test)]
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// What it grants.
    pub grants: [Grant; Role::ALL.len()],
    /// What answers.
    pub handler: MethodRouter<Arc<App>>,
}

/// A route.
pub fn entry<H, T>(method: Method, path: &'static str, handler: H, grants: [Grant; Role::ALL.len()]) -> Entry
where
    H: Handler<T, Arc<App>>,
    T: 'static,
{
    #[cfg(test)]
    let told = method.clone();
    // What is no method that a filter knows is no route of ours.
    let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::TRACE);
    Entry {
        #[cfg(test)]
        method: told,
        path,
        grants,
        handler: on(filter, handler),
    }
}
