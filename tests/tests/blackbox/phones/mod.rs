//! Teams send their records repeatedly, through every entry point, in any order, while the server stops and
//! restarts: each record arrives once, as sent.
//!
//! The modules, lowest first:
//! - `phone` sends until it gets a response.
//! - `plan` plans what to send, and how.
//! - `histories` compares records in any order with the same in order.
//! - `restarts` tests phones that send while the server restarts.

mod histories;
mod phone;
mod plan;
mod restarts;
