//! Which host, scheme and client the server believes a request is of, and what caches may do with an answer that
//! depends on it.
//!
//! The files, lowest first:
//! - `asking` starts a server behind a proxy, and sends requests as they are.
//! - `addresses` tests which host and scheme a request is of.
//! - `clients` tests which client a request is of.
//! - `caches` tests what caches may do with an answer.

mod addresses;
mod asking;
mod caches;
mod clients;
