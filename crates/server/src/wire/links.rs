//! Addresses of this server, as a client sees them.

pub use crate::origin::base;
use crate::{app::App, sendable::Keep};

/// How long an answer with such addresses may be kept: unless they are configured they are those that one
/// client asked for, and nobody else's.
pub fn keep(app: &App, keep: Keep) -> Keep {
    if app.public_url.is_some() { keep } else { Keep::Private }
}
