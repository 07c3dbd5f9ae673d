//! nginx and Varnish, configured as in docs/caching.md, in front of the real program, with TLS: what readers
//! get, how rarely the server is queried, and that nobody can change what the next reader gets.
//!
//! The modules, lowest first:
//! - `site` starts a server behind a proxy.
//! - `copies` tests what a proxy caches.
//! - `attacks` tests requests that try to change what others get.
//! - `links` tests links through a proxy.
//! - `passing` tests requests that bypass the cache.

mod attacks;
mod copies;
mod links;
mod passing;
mod site;
