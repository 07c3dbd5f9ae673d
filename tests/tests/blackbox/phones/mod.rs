//! Teams send what they have, again and again, over every door, in any order, while the server ends and comes
//! back: each record arrives once, as it was sent.
//!
//! The files, lowest first:
//! - `phone` sends until there is an answer.
//! - `plan` plans what is sent, and in which ways.
//! - `histories` tests records in any order against the same in order.
//! - `restarts` tests phones that send while the server restarts.

mod histories;
mod phone;
mod plan;
mod restarts;
