//! Roles, regions and sessions, cell by cell of the table in the manual.
//!
//! The files, lowest first:
//! - `world` holds a server with a token of each role.
//! - `table` tests each cell of the table in the manual.
//! - `regions` tests who writes where.
//! - `sessions` tests revoked tokens, sessions and what the public sees.

mod regions;
mod sessions;
mod table;
mod world;
