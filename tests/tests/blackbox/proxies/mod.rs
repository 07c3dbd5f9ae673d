//! nginx and Varnish, configured as docs/caching.md has it, in front of the real program, with TLS: what readers
//! get, how seldom the server is asked, and that nobody can change what the next reader gets.
//!
//! The files, lowest first:
//! - `site` starts a server behind a proxy.
//! - `copies` tests what a proxy keeps.
//! - `attacks` tests what somebody sends to change what others get.
//! - `links` tests where links lead.
//! - `passing` tests what goes past the cache.

mod attacks;
mod copies;
mod links;
mod passing;
mod site;
