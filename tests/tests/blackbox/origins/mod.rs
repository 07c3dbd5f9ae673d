//! The host, scheme and client that the server assigns to a request, and how caches may use responses that
//! depend on them.
//!
//! The modules, lowest first:
//! - `asking` starts a server behind a proxy, and sends raw requests.
//! - `addresses` tests the host and scheme of a request.
//! - `clients` tests the client of a request.
//! - `caches` tests how caches may use responses.

mod addresses;
mod asking;
mod caches;
mod clients;
