//! The mechanics of HTTP, independent of records.
//!
//! Requests: [`connections`] and [`tls`] accept connections; [`site`] establishes where a request comes from;
//! [`params`], [`body`], [`conditions`], [`negotiate`] and [`encoding`] parse it; [`party`] is whose share it
//! counts against.
//!
//! Responses: [`cached_response`] and [`response_cache`] build them, or a [`problem`] does;
//! [`cache_control`], [`vary`] and [`cors`] set headers; [`sending`] and [`pace`] cut off slow clients;
//! [`slash`] and [`unread`] handle odd requests.

pub mod address;
pub mod body;
pub mod cache_control;
pub mod cached_response;
pub mod conditions;
pub mod connections;
pub mod cors;
pub mod encoding;
pub mod negotiate;
pub mod pace;
pub mod params;
pub mod party;
pub mod problem;
pub mod response_cache;
pub mod row_problem;
pub mod sending;
pub mod site;
pub mod slash;
pub mod tls;
pub mod unread;
pub mod vary;

/// Becomes true when the server is to stop.
#[derive(Clone)]
pub struct Stopping(pub tokio::sync::watch::Receiver<bool>);
