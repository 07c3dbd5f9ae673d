//! Addresses of this server, as a client sees them.

use axum::http::{HeaderMap, header};

use crate::app::App;

/// The address that links begin with, without a slash at the end: the configured one, or what the
/// `Host` header says when it is a plain host with a port; `https` where the server itself speaks TLS.
pub fn base(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    let plain = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    let scheme = if app.tls.is_some() { "https" } else { "http" };
    format!("{scheme}://{}", if plain { host } else { "localhost" })
}
