//! The mechanics of HTTP. Nothing here knows a record.
//!
//! Coming in: [`connections`] and [`tls`] take connections; [`site`] settles where a request comes from; [`params`],
//! [`body`], [`conditions`], [`negotiate`] and [`encoding`] read it; [`party`] says whose share it counts against.
//!
//! Going out: [`cached_response`] and [`response_cache`] answer, or a [`problem`] does; [`cache_control`], [`vary`]
//! and [`cors`] mark the answer; [`sending`] and [`pace`] end clients that are too slow; [`slash`] and [`unread`]
//! see to odd requests.

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

/// Turns true when the server is asked to stop.
#[derive(Clone)]
pub struct Stopping(pub tokio::sync::watch::Receiver<bool>);
